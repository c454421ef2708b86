import { describe } from "vitest";

import { claudeCodeRows } from "../support/clients/claude-code.ts";
import { describeClients, isWholeMatrix } from "../support/clients/describe-clients.ts";

describe.runIf(isWholeMatrix)("a program that is installed for this", () => {
  describeClients(claudeCodeRows);
});
