import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { callTool } from "../support/connect.ts";
import { startMcpRemote } from "../support/mcp-remote.ts";
import { openShell } from "../support/shell.ts";
import { allow } from "../support/sign-in.ts";
import { freePort, startTestStack, type TestStack } from "../support/stack.ts";
import { tokenCommand } from "../support/token-command.ts";

const ROADS = [
  { road: "/mcp", path: "/mcp", options: [] },
  { road: "/mcp with --protocol auto", path: "/mcp", options: ["--protocol", "auto"] },
  { road: "/sse with --transport sse-only", path: "/sse", options: ["--transport", "sse-only"] },
];
type Road = (typeof ROADS)[number];

const NOBODYS_TOKEN = `ghp_${"0".repeat(36)}`;
const PATIENCE_MS = 45_000;

let stack: TestStack;
let serviceToken: string;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  stack = await startTestStack({ ALLOW_GITHUB_TOKENS: "true" });
  serviceToken = await tokenCommand(stack, "create", "--name", "desktop", "--by", "mona");
});
afterAll(() => stack.close());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Starts mcp-remote with a token in a header, as a desktop client's settings say it. */
async function start({ path, options }: Road, token: string) {
  const shell = await openShell();
  cleanups.push(shell.remove);
  const args = [
    [`${stack.url}${path}`, String(await freePort()), ...options],
    ["--header", "Authorization: Bearer ${MCP_TOKEN}"],
  ].flat();
  const remote = startMcpRemote(shell, args, { MCP_TOKEN: token });
  cleanups.push(remote.close);
  return { ...remote, shell };
}

describe.each(ROADS)("mcp-remote --header to $road", (road) => {
  it("serves the tools to a service token, and opens no page", async () => {
    const { client, connected, shell } = await start(road, serviceToken);
    await connected;
    const { tools } = await client.listTools();
    const whoami = await callTool(client, "whoami");

    expect(tools.map(({ name }) => name)).toEqual(["add", "whoami"]);
    expect(whoami.structuredContent).toMatchObject({ name: "desktop", way: "service_token" });
    expect(shell.opened()).toEqual([]);
  });
});

describe("mcp-remote --header", () => {
  const [road] = ROADS as [Road];

  it("serves GitHub's tools to a personal access token, and opens no page", async () => {
    const { access_token } = await stack.github.mintToken({ login: "hubot", app: "classic" });

    const { client, connected, shell } = await start(road, access_token);
    await connected;
    const profile = await callTool(client, "userInfoOctokit");

    expect(profile.structuredContent).toMatchObject({ login: "hubot" });
    expect(shell.opened()).toEqual([]);
  });

  it("opens the sign-in page for a refused token, and again after it, as the header stays", async () => {
    const { connected, shell } = await start(road, NOBODYS_TOKEN);

    const page = await shell.firstOpened(connected);
    const done = await fetch(await allow(stack, page, { login: "hubot" }));

    expect(done.status).toBe(200);
    await expect.poll(shell.opened, { timeout: PATIENCE_MS }).toHaveLength(2);
  });
});
