import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { callOf, inspect, INSPECTOR_ROADS } from "../support/inspector.ts";
import { openShell, type Shell } from "../support/shell.ts";
import { signIn } from "../support/sign-in.ts";
import { startTestStack, type TestStack } from "../support/stack.ts";

let stack: TestStack;
const shells: Shell[] = [];

beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());
afterEach(async () => {
  await Promise.all(shells.splice(0).map((shell) => shell.remove()));
});

async function newShell(): Promise<Shell> {
  const shell = await openShell();
  shells.push(shell);
  return shell;
}

describe("MCP Inspector", () => {
  const road = INSPECTOR_ROADS[0]!;

  it("opens no page for a caller who brings a token of their own", async () => {
    const shell = await newShell();
    const { access_token } = await signIn(stack, "hubot");
    const header = ["--header", `Authorization: Bearer ${access_token}`];

    const { result } = await inspect(shell, stack.url, road, [
      ...callOf("userInfoOctokit"),
      ...header,
    ]);

    expect(result.structuredContent).toMatchObject({ login: "hubot" });
    expect(shell.opened()).toEqual([]);
  });

  it.each(INSPECTOR_ROADS)(
    "finds no tool schema on $road that some client could not read",
    async (road) => {
      const shell = await newShell();
      const { access_token } = await signIn(stack, "octocat", { path: road.path });
      const header = ["--header", `Authorization: Bearer ${access_token}`];

      const { stderr } = await inspect(shell, stack.url, road, [
        "--method",
        "tools/list",
        "--strict",
        ...header,
      ]);

      expect(stderr).toMatch(/0 errors/);
    },
  );
});
