import { describe } from "vitest";

import { codexRows } from "../support/clients/codex.ts";
import { describeClients, isWholeMatrix } from "../support/clients/describe-clients.ts";

describe.runIf(isWholeMatrix)("a program that is installed for this", () => {
  describeClients(codexRows);
});
