import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { BRIDGE } from "../built-bridge.ts";
import { NODE } from "../shell.ts";

/** What a client's library needs to start the bridge by itself. */
export function bridgeCommand(url: string, args: readonly string[] = []) {
  return {
    command: NODE,
    args: [BRIDGE, "run", "--url", url, "--token-source", "none", ...args],
  };
}

/** What the bridge does within a second, it does within this many milliseconds beside other tests. */
export const A_SECOND_HERE = 3000;

export interface Message {
  jsonrpc?: string;
  id?: number | string | null;
  method?: string;
  params?: any;
  result?: any;
  error?: { code: number; message: string; data?: any };
}

export interface Bridge {
  readonly process: ChildProcess & { readonly stdin: NonNullable<ChildProcess["stdin"]> };
  /** Every line of stdout. */
  readonly lines: readonly string[];
  stderr(): string;
  write(text: string | Uint8Array): void;
  send(message: Message): void;
  /** Resolves with the first message, of those that came and those that will, that fits. */
  next(fits: (message: Message) => boolean): Promise<Message>;
  /** Sends a request and resolves with its answer. */
  ask(method: string, params?: unknown, id?: number | string): Promise<Message>;
  /** Does what a client does first. */
  initialize(params?: Record<string, unknown>): Promise<Message>;
  /** Resolves once it ended, with its exit code and how long that took, in milliseconds. */
  ended(cause?: () => void): Promise<{ code: number | null; took: number }>;
}

/** Starts `mcp-bridge run` as a client does, without its library: what it writes is seen as it is. */
export function startBridge(
  url: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Bridge {
  const { command, args: all } = bridgeCommand(url, args);
  const child = spawn(command, all, { stdio: ["pipe", "pipe", "pipe"], env: cleanEnv(env) });
  const exit = once(child, "exit") as Promise<[number | null]>;
  const lines: string[] = [];
  let printed = "";
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  let lastId = 0;

  const bridge: Bridge = {
    process: child,
    lines,
    stderr: () => printed,
    write: (text) => void child.stdin.write(text),
    send: (message) =>
      void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`),
    next: (fits) =>
      new Promise((resolve, reject) => {
        let seen = 0;
        const look = () => {
          for (; seen < lines.length; seen++) {
            const message: Message = JSON.parse(lines[seen]!);
            if (!fits(message)) continue;
            waiting.delete(look);
            resolve(message);
            return;
          }
        };
        waiting.add(look);
        look();
        void exit.then(([code]) => reject(new Error(`It ended with ${code}: ${printed}`)));
      }),
    ask(method, params = {}, id = ++lastId) {
      const answer = bridge.next((message) => message.id === id && !("method" in message));
      bridge.send({ id, method, params });
      return answer;
    },
    async initialize(params = {}) {
      const clientInfo = { name: "raw", version: "1.0.0" };
      const revision = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
      const answer = await bridge.ask("initialize", { ...revision, ...params }, "open");
      bridge.send({ method: "notifications/initialized" });
      return answer;
    },
    async ended(cause) {
      const start = performance.now();
      cause?.();
      const [code] = await exit;
      return { code, took: performance.now() - start };
    },
  };
  return bridge;
}

/** The environment without what would send the bridge to a proxy of this machine's. */
export function cleanEnv(added: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(https?|no)_proxy$/i.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...added };
}

/** Ends a bridge that a test left. */
export async function endBridge({ process: child }: Bridge): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
