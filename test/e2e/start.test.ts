import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text as wholeText } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { afterEach, describe, expect, it, vi } from "vitest";

import { emulatorControl } from "../../emulator/control-client.ts";
import { freePort } from "../support/stack.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const SECRET = "a secret's $HOME, ${PATH} and \\n: #40 chars";

/** For a clean end, before what is left is killed. */
const PATIENCE_MS = 5000;

/** A Worker that tells what it was given. */
const TELLING_WORKER = `
import { DurableObject } from "cloudflare:workers";
export class SessionAgent extends DurableObject {}
export class AccountObject extends DurableObject {}
export class GrantObject extends DurableObject {}
export class OnceObject extends DurableObject {}
const isText = ([, value]) => typeof value === "string";
export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    // Its start ends with that question, of which the line may come late.
    if (pathname !== "/health") console.log("asked for " + pathname);
    return Response.json(Object.fromEntries(Object.entries(env).filter(isText)));
  },
};`;

interface Run {
  readonly port: number;
  readonly githubPort: number;
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  output(): string;
  ready(): Promise<string>;
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** The project as a person has it, without state. It has no lock file, so nothing is ever installed. */
function newProject(devVars?: string): string {
  const folder = mkdtempSync(join(tmpdir(), "github-mcp-worker-start-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  for (const part of ["package.json", "wrangler.jsonc", "scripts", "emulator", "src"]) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  for (const part of ["tsconfig.json", "tsconfig.base.json", "tsconfig.worker.json"]) {
    cpSync(join(root, part), join(folder, part));
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  if (devVars !== undefined) writeFileSync(join(folder, ".dev.vars"), devVars);
  return folder;
}

/** One whose Worker builds in no time. */
function tellingProject(devVars?: string): string {
  const folder = newProject(devVars);
  writeFileSync(join(folder, "src", "index.ts"), TELLING_WORKER);
  return folder;
}

async function start(folder: string, env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const [port, githubPort] = [await freePort(), await freePort()];
  const ports = { PORT: String(port), GITHUB_EMULATOR_PORT: String(githubPort) };
  const { npm_lifecycle_event: _, ...inherited } = process.env;
  // A process group of its own is what a terminal gives it.
  const child = spawn("node", ["scripts/start.mjs"], {
    cwd: folder,
    env: { ...inherited, ...ports, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const exit = once(child, "close").then(([code]) => code as number | null);
  cleanups.push(async () => {
    if (child.exitCode === null) child.kill("SIGTERM");
    await Promise.race([exit, delay(PATIENCE_MS)]);
    for (const line of processesOf(folder, [port])) killIfThere(Number.parseInt(line, 10));
    await exit;
  });
  const ready = () =>
    vi.waitFor(
      () => {
        const line = output.split("\n").find((candidate) => candidate.startsWith("Ready"));
        if (line === undefined) throw new Error(`Not ready:\n${output}`);
        return line;
      },
      { timeout: 60_000, interval: 25 },
    );
  return { port, githubPort, child, exit, output: () => output, ready };
}

/** What `ps` shows of a project's processes, without those that have ended. */
function processesOf(folder: string, ports: number[]): string[] {
  const lines = execFileSync("ps", ["-A", "-ww", "-o", "pid=,stat=,args="], { encoding: "utf8" });
  const marks = [folder, ...ports.map((port) => `localhost:${port}`)];
  return lines
    .split("\n")
    .filter((line) => !/^\s*\d+\s+Z/.test(line) && marks.some((mark) => line.includes(mark)));
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}

async function listen(port: number, host: string): Promise<void> {
  const server = createServer().listen(port, host);
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  await once(server, "listening");
}

function pressCtrlC({ child }: Run): void {
  process.kill(-child.pid!, "SIGINT");
}

describe("npm start", () => {
  it("prints a short banner whose last line begins with Ready and names the endpoints", async () => {
    const run = await start(newProject());

    const line = await run.ready();

    const url = `http://localhost:${run.port}`;
    expect(line).toBe(
      `Ready: ${url}/mcp and ${url}/sse (GitHub: http://localhost:${run.githubPort}). Ctrl-C ends both.`,
    );
    const lines = run.output().trimEnd().split("\n");
    expect(lines.at(-1)).toBe(line);
    expect(lines.length).toBeLessThan(15);
    expect(run.output()).toContain("octocat, hubot or mona");
  });

  it("ends both, with exit code 0 and both ports free, when Ctrl-C is pressed", async () => {
    const folder = tellingProject();
    const run = await start(folder);
    await run.ready();
    const before = run.output();

    pressCtrlC(run);

    expect(await run.exit).toBe(0);
    expect(run.output()).toBe(before);
    await listen(run.port, "127.0.0.1");
    await listen(run.githubPort, "127.0.0.1");
    expect(processesOf(folder, [run.port])).toEqual([]);
    expect(existsSync(join(folder, ".wrangler", "state", `worker-${run.port}.env`))).toBe(false);
  });

  it("leaves nothing running when it is killed outright", async () => {
    const folder = tellingProject();
    const run = await start(folder);
    await run.ready();

    run.child.kill("SIGKILL");

    await vi.waitFor(() => expect(processesOf(folder, [run.port])).toEqual([]), 5000);
  });

  it("keeps the server secret and the emulator's tokens when it is started again", async () => {
    const folder = tellingProject();
    const secretFile = join(folder, ".wrangler", "state", "server-secret");
    const first = await start(folder);
    await first.ready();
    const github = emulatorControl(`http://localhost:${first.githubPort}`);
    const { access_token } = await github.mintToken({ login: "hubot" });
    const secret = readFileSync(secretFile, "utf8");
    pressCtrlC(first);
    await first.exit;

    const second = await start(folder);
    await second.ready();

    const answer = await fetch(`http://localhost:${second.githubPort}/api/v3/user`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(await answer.json()).toMatchObject({ login: "hubot" });
    expect(secret).toMatch(/^[0-9a-f]{64}\n$/);
    expect(readFileSync(secretFile, "utf8")).toBe(secret);
    expect(statSync(secretFile).mode & 0o777).toBe(0o600);
  });

  it("says so and exits with 1 when wrangler ends by itself", async () => {
    const folder = tellingProject();
    const run = await start(folder);
    await run.ready();
    const wrangler = processesOf(folder, []).find((line) => line.includes("wrangler.js dev"));

    process.kill(Number.parseInt(wrangler!, 10), "SIGKILL");

    expect(await run.exit).toBe(1);
    expect(run.output()).toContain("The Worker is gone: wrangler ended with SIGKILL.");
    expect(processesOf(folder, [run.port])).toEqual([]);
  });

  it("shows the fault and exits with 1 when the Worker does not build", async () => {
    const folder = newProject();
    writeFileSync(join(folder, "src", "index.ts"), "export default {");

    const run = await start(folder);

    expect(await run.exit).toBe(1);
    expect(run.output()).toContain("src/index.ts:1:16");
    expect(run.output()).toContain("The Worker could not start: wrangler ended with code 1");
    expect(processesOf(folder, [run.port])).toEqual([]);
  });
});

describe("the ports of npm start", () => {
  it.each(["127.0.0.1", "::1", "0.0.0.0"])(
    "names another port and leaves nothing running when its own is taken on %s",
    async (host) => {
      const folder = newProject();
      const port = await freePort();
      await listen(port, host);

      const run = await start(folder, { PORT: String(port) });

      expect(await run.exit).toBe(1);
      expect(run.output()).toBe(
        `Port ${port} is taken. End what uses it, or choose another: PORT=${port + 2} npm start.\n`,
      );
      expect(processesOf(folder, [port])).toEqual([]);
    },
  );

  it("names another port for the emulator when that one is taken", async () => {
    const taken = await freePort();
    await listen(taken, "127.0.0.1");

    const run = await start(newProject(), { GITHUB_EMULATOR_PORT: String(taken) });

    expect(await run.exit).toBe(1);
    expect(run.output()).toBe(
      `Port ${taken} is taken. End what uses it, or choose another: GITHUB_EMULATOR_PORT=${taken + 2} npm start.\n`,
    );
  });

  it.each(["http", "0", "65536", "8788.5"])("refuses %j as a port", async (text) => {
    const run = await start(newProject(), { PORT: text });

    expect(await run.exit).toBe(1);
    expect(run.output()).toBe(`PORT is "${text}". It must be a whole number from 1 to 65535.\n`);
  });

  it("refuses one port for both", async () => {
    const port = String(await freePort());

    const run = await start(newProject(), { PORT: port, GITHUB_EMULATOR_PORT: port });

    expect(await run.exit).toBe(1);
    expect(run.output()).toContain(`PORT and GITHUB_EMULATOR_PORT are both ${port}.`);
  });
});

describe(".dev.vars", () => {
  it.each([
    ["GITHUB_CLIENT_SECRET", "GITHUB_CLIENT_ID=Iv1.one"],
    ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET=hidden\nGITHUB_CLIENT_ID="],
  ])("makes the start name %s when only the other credential is there", async (missing, text) => {
    const run = await start(newProject(text));

    expect(await run.exit).toBe(1);
    expect(run.output()).toContain(`.dev.vars is incomplete: ${missing} is missing.`);
    expect(run.output()).not.toContain("hidden");
  });

  it("is refused with former server secrets, which would not reach the Worker", async () => {
    const run = await start(newProject("PREVIOUS_SERVER_SECRETS=hidden"));

    expect(await run.exit).toBe(1);
    expect(run.output()).toContain(".dev.vars has PREVIOUS_SERVER_SECRETS");
    expect(run.output()).not.toContain("hidden");
  });

  it("reaches the Worker as it is written, and starts no emulator, when both credentials are there", async () => {
    const folder = tellingProject(
      [
        "GITHUB_CLIENT_ID=Iv1.one",
        `GITHUB_CLIENT_SECRET=\`${SECRET}\``,
        "ALLOWED_ORIGINS=https://a.example",
        "IMAGE_LOGINS=octocat",
      ].join("\n"),
    );
    const run = await start(folder, {
      GITHUB_URL: "http://localhost:1",
      PUBLIC_URL: "http://shell",
    });

    const line = await run.ready();
    await listen(run.githubPort, "127.0.0.1");
    const told = (await (await fetch(`http://localhost:${run.port}/`)).json()) as object;

    expect(line).toContain("(GitHub: https://github.com). Ctrl-C ends it.");
    expect(told).toMatchObject({
      GITHUB_URL: "https://github.com",
      GITHUB_CLIENT_ID: "Iv1.one",
      GITHUB_CLIENT_SECRET: SECRET,
      ALLOWED_ORIGINS: "https://a.example",
      IMAGE_LOGINS: "",
      PUBLIC_URL: "",
      SERVER_SECRET: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(processesOf(folder, [run.port]).join("\n")).not.toContain("Iv1.one");
    expect(
      statSync(join(folder, ".wrangler", "state", `worker-${run.port}.env`)).mode & 0o777,
    ).toBe(0o600);
    await vi.waitFor(() => expect(run.output()).toContain("\nasked for /\n"));
  });

  it("keeps its other settings when the emulator stands in for GitHub", async () => {
    const folder = tellingProject(
      `ALLOWED_ORIGINS=https://b.example\nSERVER_SECRET=${"0123456789".repeat(4)}\n`,
    );
    const run = await start(folder);

    await run.ready();
    const told = (await (await fetch(`http://127.0.0.1:${run.port}/`)).json()) as object;

    expect(told).toMatchObject({
      GITHUB_CLIENT_ID: "Ov23liEmulatedOAuth0",
      GITHUB_URL: `http://localhost:${run.githubPort}`,
      ALLOWED_ORIGINS: "https://b.example",
      SERVER_SECRET: "0123456789".repeat(4),
    });
    expect(existsSync(join(folder, ".wrangler", "state", "server-secret"))).toBe(false);
  });
});

describe("the install before npm start and npm test", () => {
  it("happens once, with npm ci and one line that says so, when node_modules is missing", async () => {
    const folder = installableProject();

    const first = await runTool(folder);
    const second = await runTool(folder);

    expect(first).toEqual({
      code: 0,
      output:
        "Installing the packages of package-lock.json, because node_modules is missing or incomplete.\nnpm ci --no-audit --no-fund --loglevel=error\ntool\n",
    });
    expect(second).toEqual({ code: 0, output: "tool\n" });
  });

  it("happens again when the lock file has another version", async () => {
    const folder = installableProject();
    await runTool(folder);
    writeFileSync(join(folder, "package-lock.json"), lockFile("2.0.0"));

    const { output } = await runTool(folder);

    expect(output).toContain("because node_modules differs from it.\nnpm ci");
  });

  it("happens again when the last one was interrupted", async () => {
    const folder = installableProject();
    const failed = await runTool(folder, { BREAK_INSTALL: "1" });

    const again = await runTool(folder);

    expect(failed.code).toBe(1);
    expect(failed.output).toContain("The install failed: npm ci ended with code 3, see above.");
    expect(failed.output).not.toContain("tool");
    expect(again.output).toMatch(/npm ci .*\ntool\n$/);
  });

  it("passes the exit code on", async () => {
    const { code } = await runTool(installableProject(), { TOOL_EXIT: "7" });

    expect(code).toBe(7);
  });
});

const FAKE_NPM = `#!/bin/sh
echo "npm $*"
rm -rf node_modules
mkdir -p node_modules/.bin
ln -s "$REAL_NODE" node_modules/.bin/node
[ -z "$BREAK_INSTALL" ] || exit 3
printf '#!/bin/sh\\necho tool\\nexit $TOOL_EXIT\\n' > node_modules/.bin/tool
chmod +x node_modules/.bin/tool
cp package-lock.json node_modules/.package-lock.json
`;

function lockFile(version: string): string {
  const packages = {
    "": { name: "project" },
    "node_modules/thing": { version, integrity: `sha512-${version}` },
  };
  return JSON.stringify({ lockfileVersion: 3, packages });
}

/** A project whose npm installs nothing but says what it was asked. */
function installableProject(): string {
  const folder = mkdtempSync(join(tmpdir(), "github-mcp-worker-install-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(root, "scripts"), join(folder, "scripts"), { recursive: true });
  writeFileSync(join(folder, "package-lock.json"), lockFile("1.0.0"));
  mkdirSync(join(folder, "fake"));
  writeFileSync(join(folder, "fake", "npm"), FAKE_NPM);
  chmodSync(join(folder, "fake", "npm"), 0o755);
  return folder;
}

async function runTool(folder: string, env: NodeJS.ProcessEnv = {}) {
  const PATH = [join(folder, "fake"), process.env.PATH].join(delimiter);
  const child = spawn("node", ["scripts/run.mjs", "tool"], {
    cwd: folder,
    env: { ...process.env, PATH, REAL_NODE: process.execPath, ...env },
  });
  // Of two streams, nobody knows which one is read first.
  const [[code], told, printed] = await Promise.all([
    once(child, "close") as Promise<[number]>,
    wholeText(child.stderr),
    wholeText(child.stdout),
  ]);
  return { code, output: told + printed };
}
