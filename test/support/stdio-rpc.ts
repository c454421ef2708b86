import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

export type Params = Readonly<Record<string, unknown>>;

export interface RpcFault {
  readonly code: number;
  readonly message: string;
  readonly data?: { readonly supported?: readonly string[] };
}

interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: Record<string, unknown>;
  readonly error?: RpcFault;
}

/** An error that the server, or the bridge, answered with. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly fault: RpcFault;

  constructor(method: string, fault: RpcFault) {
    super(`${method}: ${fault.code} ${fault.message}`);
    this.fault = fault;
  }
}

/** Answers what the server asks of the client. */
export type OnRequest = (method: string, params: Params) => Record<string, unknown>;

/** A program that is an MCP server by its standard streams. */
export interface StdioProgram {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Answers nothing in particular when absent. */
  readonly onRequest?: OnRequest;
  readonly stderr?: "inherit" | "ignore";
}

type Pending = (message: Message) => void;

/** JSON-RPC with a program by its stdin and stdout, and nothing above it: what is sent is what is written here. */
export class StdioRpc {
  readonly #child: ChildProcess;
  readonly #stdin: Writable;
  readonly #onRequest: OnRequest;
  readonly #pending = new Map<string | number, Pending>();
  readonly #ended: Promise<number | null>;
  #lastId = 0;

  constructor({ command, env, onRequest = () => ({}), stderr = "inherit" }: StdioProgram) {
    const [program = "", ...args] = command;
    const child = spawn(program, args, { env, stdio: ["pipe", "pipe", stderr] });
    this.#child = child;
    this.#stdin = child.stdin;
    this.#onRequest = onRequest;
    this.#ended = new Promise((resolve) => child.once("close", resolve));
    this.#listen(child.stdout);
  }

  /** Throws {@link RpcError}. */
  async request(method: string, params: Params = {}): Promise<Record<string, unknown>> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answered = new Promise<Message>((resolve) => this.#pending.set(id, resolve));
    this.#write({ id, method, params });
    const { result, error } = await answered;
    if (error) throw new RpcError(method, error);
    return result ?? {};
  }

  notify(method: string): void {
    this.#write({ method });
  }

  /** Ends the program by ending its input; resolves with its exit code. */
  close(): Promise<number | null> {
    this.#stdin.end();
    return this.#ended;
  }

  /** Ends the program at once. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  #write(message: Message): void {
    this.#stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }

  #listen(stdout: Readable): void {
    const lines = createInterface({ input: stdout });
    lines.on("line", (line) => this.#receive(JSON.parse(line) as Message));
    this.#child.once("close", (code) => {
      const error = { code: -1, message: `The bridge ended with ${code}.` };
      for (const [id, answer] of this.#pending) answer({ id, error });
    });
  }

  #receive(message: Message): void {
    const { id, method, params = {} } = message;
    if (id === undefined) return;
    if (method !== undefined) {
      this.#write({ id, result: this.#onRequest(method, params) });
      return;
    }
    this.#pending.get(id)?.(message);
    this.#pending.delete(id);
  }
}
