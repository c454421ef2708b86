import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { wranglerLines } from "./wrangler-lines.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const PATIENCE_MS = 3000;
/** No more than these: a variable of the shell wins over a var of the same name in the vars file. */
const INHERITED = ["HOME", "TMPDIR", "LANG", "LC_ALL", "TERM", "USER", "XDG_CONFIG_HOME"];

export interface WranglerOptions {
  ip: string;
  port: number;
  stateDir: string;
  varsFile: string;
  entry?: string | undefined;
  onLog: (line: string) => void;
}

export interface Wrangler {
  /** Resolves when it listens. */
  listening: Promise<void>;
  /** Resolves with a word on how it ended, whoever ended it. */
  ended: Promise<string>;
  close(): Promise<void>;
}

export function startWrangler(options: WranglerOptions): Wrangler {
  const child = spawn(join(bin, "node"), argumentsFor(options), {
    cwd: root,
    env: environment(options.stateDir),
    // Its own process group: Ctrl-C reaches it through us only, and none of its children is missed.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let isListening = false;
  const listening = once(child, "message").then(() => void (isListening = true));
  // Until it listens, standard output has nothing but wrangler's own tables.
  pipe(child.stdout, (line) => isListening && options.onLog(line));
  // Ended in the middle of its work, esbuild prints what all its goroutines were waiting for.
  let isClosing = false;
  pipe(child.stderr, (line) => !isClosing && options.onLog(line));
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`cannot start (${error.message})`));
    child.once("exit", (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}`));
  });
  const kill = () => child.pid && killGroup(child.pid);
  process.once("exit", kill);
  const close = () => {
    isClosing = true;
    return closeGroup(child, ended).finally(() => process.off("exit", kill));
  };
  return { listening, ended, close };
}

function argumentsFor({ ip, port, stateDir, varsFile, entry }: WranglerOptions): string[] {
  return [
    ["--import", new URL("end-with-parent.mjs", import.meta.url).href],
    [join(root, "node_modules", "wrangler", "bin", "wrangler.js"), "dev"],
    entry ? [entry] : [],
    // Without --local the AI binding asks for an account.
    ["--local", "--ip", ip, "--port", String(port), "--inspector-port", "0"],
    ["--persist-to", stateDir, "--env-file", varsFile],
    ["--show-interactive-dev-session=false", "--log-level", "log"],
  ].flat();
}

function environment(stateDir: string): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]));
  return {
    ...inherited,
    PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
    WRANGLER_NO_SKILLS_UPDATE_PROMPTS: "true",
    // Without its banner, wrangler does not look for updates either.
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_WRITE_LOGS: "false",
    // Otherwise every stack on this machine would be listed together, under one name.
    WRANGLER_REGISTRY_PATH: join(stateDir, "registry"),
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: "true",
    CLOUDFLARE_INCLUDE_PROCESS_ENV: "false",
    // Both write traces of every request to disk, or serve what is stored.
    X_LOCAL_OBSERVABILITY: "false",
    X_LOCAL_EXPLORER: "false",
  };
}

function pipe(stream: Readable | null, onLine: (line: string) => void): void {
  stream?.setEncoding("utf8").on("data", wranglerLines(onLine));
}

async function closeGroup(child: ChildProcess, ended: Promise<string>): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  child.kill("SIGTERM");
  await Promise.race([ended, delay(PATIENCE_MS)]);
  // Its own end says nothing of the runtimes that it started.
  killGroup(pid);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}
