import { spawn } from "node:child_process";
import { once } from "node:events";
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

const TOOLS = ["add", "userInfoOctokit", "getGithubReadme", "whoami"];

const ROADS = [
  { road: "/mcp", path: "/mcp", options: ["--transport", "http"] },
  { road: "/mcp, stateless", path: "/mcp", options: ["--protocol-era", "modern"] },
  { road: "/sse", path: "/sse", options: ["--transport", "sse"] },
];
type Road = (typeof ROADS)[number];

interface Inspection {
  code: number | null;
  /** What it printed as its result. */
  result: { tools?: { name: string }[] } & Partial<ToolResult>;
  stderr: string;
}

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

/** One run of `mcp-inspector --cli`. */
async function inspect(
  { env }: Shell,
  { path, options }: Road,
  ...args: string[]
): Promise<Inspection> {
  const server = ["--server-url", `${stack.url}${path}`, ...options];
  const child = spawn(NODE, [INSPECTOR, "--cli", ...server, "--format", "json", ...args], {
    // It opens no browser without a terminal, unless it is told to; and the home has no keychain.
    env: { ...env, MCP_AUTO_OPEN_ENABLED: "true", MCP_INSPECTOR_SECRET_STORE: "file" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: RUN_TIMEOUT_MS,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`The Inspector ended with ${code}: ${stderr}`);
  return { code, stderr, result: (JSON.parse(stdout) as Inspection).result };
}

function callOf(tool: string, args: Record<string, unknown> = {}): string[] {
  const json = JSON.stringify(args);
  return ["--method", "tools/call", "--tool-name", tool, "--tool-args-json", json];
}

describe.each(ROADS)("MCP Inspector to $road", (road) => {
  it("signs a person in through the page it opens, and stays signed in for the three tools", async () => {
    const shell = await newShell();
    const callback = `http://127.0.0.1:${await freePort()}/oauth/callback`;

    const listing = inspect(shell, road, "--method", "tools/list", "--callback-url", callback);
    const page = await shell.firstOpened(listing);
    const done = await fetch(await allow(stack, page, { login: "octocat" }));
    const { result, stderr } = await listing;
    const stored = (...call: string[]) => inspect(shell, road, "--stored-auth-only", ...call);
    const [sum, profile, readme] = await Promise.all([
      stored(...callOf("add", { a: 2, b: 40 })),
      stored(...callOf("userInfoOctokit")),
      stored(...callOf("getGithubReadme", { repositoryUrl: "octocat/hello-world" })),
    ]);

    expect(done.status).toBe(200);
    expect(stderr).toContain(`Please navigate to: ${page}\n`);
    expect(stderr).toContain("Authorization complete.");
    expect(result.tools?.map(({ name }) => name)).toEqual(TOOLS);
    expect(sum.result.structuredContent).toEqual({ sum: 42 });
    expect(profile.result.structuredContent).toMatchObject({ login: "octocat" });
    expect(textOf(readme.result as ToolResult)).toContain("My first repository on GitHub!");
    expect(shell.opened()).toEqual([page]);
  });
});

describe("MCP Inspector", () => {
  const [road] = ROADS as [Road];

  it("opens no page for a caller who brings a token of their own", async () => {
    const shell = await newShell();
    const { access_token } = await signIn(stack, "hubot");
    const header = ["--header", `Authorization: Bearer ${access_token}`];

    const { result } = await inspect(shell, road, ...callOf("userInfoOctokit"), ...header);

    expect(result.structuredContent).toMatchObject({ login: "hubot" });
    expect(shell.opened()).toEqual([]);
  });

  it.each(ROADS)("finds no tool schema on $road that some client could not read", async (road) => {
    const shell = await newShell();
    const { access_token } = await signIn(stack, "octocat", { path: road.path });
    const header = ["--header", `Authorization: Bearer ${access_token}`];

    const { stderr } = await inspect(shell, road, "--method", "tools/list", "--strict", ...header);

    expect(stderr).toMatch(/0 errors/);
  });
});
