import type { Tool } from "../../../src/tools/define-tool.ts";
import { getGithubReadme } from "../../../src/tools/get-github-readme.ts";
import { tools } from "../../../src/tools/index.ts";

/** The Worker with a tool that no sign-in covers by itself: it needs private repositories. */
const readPrivateNotes: Tool = {
  ...(getGithubReadme as unknown as Tool),
  name: "readPrivateNotes",
  scopes: ["mcp:tools", "github:private"],
};

// Before the first request, so that it is a tool like any other.
(tools as Tool[]).push(readPrivateNotes);

export {
  AccountObject,
  default,
  GrantObject,
  OnceObject,
  SessionAgent,
} from "../../../src/index.ts";
