import { styleText } from "node:util";

import type { Stack } from "./stack.ts";

/** What a newcomer needs next. The last line begins with "Ready", for people and scripts. */
export function banner({ url, githubUrl, isEmulated }: Stack): string {
  const people = isEmulated
    ? "octocat, hubot or mona: pick one on the page, no password"
    : "your GitHub account";
  const end = isEmulated ? "Ctrl-C ends both." : "Ctrl-C ends it.";
  return [
    "",
    styleText("bold", "GitHub MCP Worker"),
    `  Sign in as    ${people}`,
    `  Try it        npx -p mcp-remote mcp-remote-client ${url}/mcp`,
    `  In a client   the URL ${url}/mcp, or the command npx mcp-remote ${url}/mcp`,
    "",
    `Ready: ${url}/mcp and ${url}/sse (GitHub: ${githubUrl}). ${end}`,
  ].join("\n");
}
