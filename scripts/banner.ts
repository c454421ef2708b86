import { styleText } from "node:util";

import type { Stack } from "./stack.ts";

/** What a newcomer needs next. The last line begins with "Ready", for people and scripts. */
export function banner({ url, githubUrl, isEmulated }: Stack): string {
  const signIn = isEmulated
    ? "octocat, hubot or mona: pick one on the page, no password"
    : "your GitHub account";
  const github = isEmulated ? `${githubUrl}). Ctrl-C ends both.` : `${githubUrl}). Ctrl-C ends it.`;
  return [
    "",
    styleText("bold", "GitHub MCP Worker"),
    `  Sign in as        ${signIn}`,
    `  First client      npx mcp-remote-client ${url}/mcp`,
    `  In a client's settings, the command is   npx mcp-remote ${url}/mcp`,
    "",
    `${styleText("green", "Ready")}: ${url}/mcp and ${url}/sse (GitHub: ${github}`,
  ].join("\n");
}
