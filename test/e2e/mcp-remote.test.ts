import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { callTool, textOf } from "../support/connect.ts";
import { type McpRemote, startMcpRemote } from "../support/mcp-remote.ts";
import { openShell, type Shell } from "../support/shell.ts";
import { allow } from "../support/sign-in.ts";
import { freePort, startTestStack, type TestStack } from "../support/stack.ts";

const ROADS = [
  { road: "/mcp as it comes", path: "/mcp", options: [] },
  { road: "/mcp with --transport http-only", path: "/mcp", options: ["--transport", "http-only"] },
  { road: "/sse with --transport sse-only", path: "/sse", options: ["--transport", "sse-only"] },
  { road: "/mcp with --protocol auto", path: "/mcp", options: ["--protocol", "auto"] },
];
type Road = (typeof ROADS)[number];

let stack: TestStack;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function newShell(): Promise<Shell> {
  const shell = await openShell();
  cleanups.push(shell.remove);
  return shell;
}

function start(shell: Shell, { path, options }: Road, port: number): McpRemote {
  const remote = startMcpRemote(shell, [`${stack.url}${path}`, String(port), ...options]);
  cleanups.push(remote.close);
  return remote;
}

async function startAndSignIn(shell: Shell, road: Road, login: string, ticks: string[] = []) {
  const started = start(shell, road, await freePort());
  const page = await shell.firstOpened(started.connected);
  const back = await allow(stack, page, { login, ticks });
  const done = await fetch(back);
  expect(done.status).toBe(200);
  await started.connected;
  return { ...started, page };
}

describe.each(ROADS)("mcp-remote to $road", (road) => {
  it("opens the sign-in page that it prints, and then serves the three tools", async () => {
    const shell = await newShell();

    const { client, page, printed } = await startAndSignIn(shell, road, "octocat");
    const { tools } = await client.listTools();
    const sum = await callTool(client, "add", { a: 2, b: 40 });
    const profile = await callTool(client, "userInfoOctokit");
    const readme = await callTool(client, "getGithubReadme", {
      repositoryUrl: "octocat/hello-world",
    });

    expect(printed()).toContain(`Please authorize this client by visiting:\n${page}\n`);
    expect(tools.map(({ name }) => name)).toEqual([
      "add",
      "userInfoOctokit",
      "getGithubReadme",
      "whoami",
    ]);
    expect(sum.structuredContent).toEqual({ sum: 42 });
    expect(profile.structuredContent).toMatchObject({ login: "octocat" });
    expect(textOf(readme)).toContain("My first repository on GitHub!");
    expect(shell.opened()).toEqual([page]);
  });
});

describe("mcp-remote", () => {
  const [road] = ROADS as [Road];

  it("serves two people at the same time, each with what is theirs", async () => {
    const [octocat, hubot] = await Promise.all([
      startAndSignIn(await newShell(), road, "octocat", ["github:private"]),
      startAndSignIn(await newShell(), road, "hubot", ["github:private"]),
    ]);

    const diary = { repositoryUrl: "hubot/robot-diary" };
    const [octocatIs, hubotIs, foreignDiary, ownDiary] = await Promise.all([
      callTool(octocat.client, "userInfoOctokit"),
      callTool(hubot.client, "userInfoOctokit"),
      callTool(octocat.client, "getGithubReadme", diary),
      callTool(hubot.client, "getGithubReadme", diary),
    ]);

    expect(octocatIs.structuredContent).toMatchObject({ login: "octocat" });
    expect(hubotIs.structuredContent).toMatchObject({ login: "hubot" });
    expect(foreignDiary.isError).toBe(true);
    expect(textOf(ownDiary)).toContain("shipped a squirrel");
  });

  it("asks nobody to sign in when it is started again", async () => {
    const shell = await newShell();
    const first = await startAndSignIn(shell, road, "hubot");
    await first.client.close();

    const second = start(shell, road, await freePort());
    await second.connected;
    const profile = await callTool(second.client, "userInfoOctokit");

    expect(profile.structuredContent).toMatchObject({ login: "hubot" });
    expect(shell.opened()).toEqual([first.page]);
  });
});
