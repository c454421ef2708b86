import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { leave } from "../support/bridge/sign-in-stage.ts";
import { type Bridge, endBridge, startBridge } from "../support/bridge/start-bridge.ts";
import { signInAtOpenedPage } from "../support/opened-page.ts";
import { openShell, type Shell } from "../support/shell.ts";
import { startTestStack, type TestStack } from "../support/stack.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

async function newShell(): Promise<Shell> {
  const shell = await openShell();
  onTestFinished(shell.remove);
  return shell;
}

function start({ home, env }: Shell): Bridge {
  const state = { MCP_BRIDGE_HOME: join(home, "mcp-bridge") };
  const bridge = startBridge(`${stack.url}/mcp`, ["--token-source", "oauth"], { ...env, ...state });
  onTestFinished(() => endBridge(bridge));
  return bridge;
}

async function startAndSignIn(shell: Shell, login: string): Promise<Bridge> {
  const bridge = start(shell);
  const opening = bridge.initialize();
  await signInAtOpenedPage(stack, shell, opening, { login, ticks: [] });
  await opening;
  return bridge;
}

async function loginOf(bridge: Bridge): Promise<unknown> {
  const { result } = await bridge.ask("tools/call", { name: "userInfoOctokit", arguments: {} });
  return result.structuredContent.login;
}

describe("the bridge, at this server", () => {
  it("serves two people at the same time, each with what is theirs", async () => {
    const [octocat, hubot] = await Promise.all([
      startAndSignIn(await newShell(), "octocat"),
      startAndSignIn(await newShell(), "hubot"),
    ]);

    expect(await Promise.all([loginOf(octocat), loginOf(hubot)])).toEqual(["octocat", "hubot"]);
  });

  it("asks nobody to sign in when it is started again", async () => {
    const shell = await newShell();
    await leave(await startAndSignIn(shell, "hubot"));

    const second = start(shell);
    await second.initialize();

    expect(await loginOf(second)).toBe("hubot");
    expect(shell.opened()).toHaveLength(1);
  });
});
