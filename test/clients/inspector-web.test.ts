import { describe } from "vitest";

import { BROWSER_IS_REQUIRED, MISSING_BROWSER } from "../support/chromium.ts";
import { describeClients } from "../support/clients/describe-clients.ts";
import { inspectorWebRows } from "../support/clients/inspector-web.ts";

const hasNone = MISSING_BROWSER !== undefined && !BROWSER_IS_REQUIRED;

describe.skipIf(hasNone)("a page in Chromium", () => {
  describeClients(inspectorWebRows);
});
