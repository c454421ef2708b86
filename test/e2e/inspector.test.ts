import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { textOf, type ToolResult } from "../support/connect.ts";
import { NODE, openShell, type Shell } from "../support/shell.ts";
import { allow, signIn } from "../support/sign-in.ts";
import { freePort, startTestStack, type TestStack } from "../support/stack.ts";

const INSPECTOR = fileURLToPath(
  new URL(
    "../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js",
    import.meta.url,
  ),
);
const RUN_TIMEOUT_MS = 60_000;

const ROADS = [
  { road: "/mcp", path: "/mcp", options: [] },
  { road: "/mcp in the stateless era", path: "/mcp", options: ["--protocol-era", "modern"] },
  { road: "/sse", path: "/sse", options: [] },
];
type Road = (typeof ROADS)[number];

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

/** One run of `mcp-inspector --cli`; resolves with what it printed as its result. */
function inspect(
  { env }: Shell,
  { path, options }: Road,
  ...args: string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const url = `${stack.url}${path}`;
  const child = spawn(
    NODE,
    [INSPECTOR, "--cli", url, ...options, "--format", "json", ...args],
    {
      env: { ...env, MCP_AUTO_OPEN_ENABLED: "true", MCP_INSPECTOR_SECRET_STORE: "file" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: RUN_TIMEOUT_MS,
    },
  );
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...output }));
  });
}

describe.each(ROADS)("MCP Inspector to $road", (road) => {
  it("signs a person in", async () => {
    const shell = await newShell();
    const callback = ["--callback-url", `http://127.0.0.1:${await freePort()}/oauth/callback`];
    const listing = inspect(shell, road, "--method", "tools/list", ...callback);
    const page = await shell.firstOpened(listing.then((r) => { throw new Error(JSON.stringify(r)) }));
    const back = await allow(stack, page, { login: "octocat" });
    console.log((await fetch(back)).status);
    console.log(await listing);
    console.log(await inspect(shell, road, "--method", "tools/call", "--tool-name", "add", "--tool-arg", "a=2", "b=40", ...callback));
    console.log(await inspect(shell, road, "--method", "tools/call", "--tool-name", "userInfoOctokit", ...callback));
    console.log(await inspect(shell, road, "--stored-auth-only", "--method", "tools/call", "--tool-name", "getGithubReadme", "--tool-args-json", JSON.stringify({repositoryUrl: "octocat/hello-world"})));
    console.log(shell.opened());
  });
});
