import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { callTool, textOf } from "../support/connect.ts";
import { type McpRemote, startMcpRemote } from "../support/mcp-remote.ts";
import { signInAtOpenedPage } from "../support/opened-page.ts";
import { openShell, type Shell } from "../support/shell.ts";
import { freePort, startTestStack, type TestStack } from "../support/stack.ts";

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

async function start(shell: Shell): Promise<McpRemote> {
  const remote = startMcpRemote(shell, [`${stack.url}/mcp`, String(await freePort())]);
  cleanups.push(remote.close);
  return remote;
}

async function startAndSignIn(shell: Shell, login: string, ticks: string[] = []) {
  const started = await start(shell);
  const page = await signInAtOpenedPage(stack, shell, started.connected, { login, ticks });
  await started.connected;
  return { ...started, page };
}

describe("mcp-remote", () => {
  it("serves two people at the same time, each with what is theirs", async () => {
    const [octocat, hubot] = await Promise.all([
      startAndSignIn(await newShell(), "octocat", ["github:private"]),
      startAndSignIn(await newShell(), "hubot", ["github:private"]),
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
    const first = await startAndSignIn(shell, "hubot");
    await first.client.close();

    const second = await start(shell);
    await second.connected;
    const profile = await callTool(second.client, "userInfoOctokit");

    expect(profile.structuredContent).toMatchObject({ login: "hubot" });
    expect(shell.opened()).toEqual([first.page]);
  });
});
