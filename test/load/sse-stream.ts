import { type ClientRequest, type IncomingMessage, request } from "node:http";

import { type KeepAlive, keepAlive } from "../../bench/lanes/keep-alive.ts";
import type { SignedInSite } from "../../bench/lanes/lane.ts";
import { bodyOf, expectResult, type RpcCall, type RpcMessage } from "../../bench/lanes/rpc.ts";
import { INITIALIZED, initializeCall } from "../../bench/lanes/session.ts";

const VERSION = "2024-11-05";

/** What `GET /sse` answered; a stream, when the status is 200. */
export interface Opening {
  readonly answer: IncomingMessage;
  /** Ends the connection, as a client does that goes. */
  close(): void;
}

/** Asks for a stream on a connection of its own. */
export function requestStream({ origin, token }: SignedInSite): Promise<Opening> {
  const { promise, resolve, reject } = Promise.withResolvers<Opening>();
  const headers = { accept: "text/event-stream", authorization: `Bearer ${token}` };
  const asked: ClientRequest = request(`${origin}/sse`, { agent: false, headers }, (answer) => {
    // Whoever closes a stream in the middle hears of it as an error.
    answer.on("error", () => undefined);
    resolve({ answer, close: () => asked.destroy() });
  });
  asked.on("error", reject).end();
  return promise;
}

interface Waiting {
  resolve(message: RpcMessage): void;
  reject(error: Error): void;
}

/** An open session of the 2024 revision: questions are posted, and answered on the stream. */
export class SseStream {
  readonly #opening: Opening;
  readonly #site: SignedInSite;
  readonly #posting: KeepAlive;
  readonly #waiting = new Map<number, Waiting>();
  readonly #endpoint = Promise.withResolvers<string>();
  #rest = "";
  #id = 0;
  #isClosed = false;

  /** Comments that came to say that the stream is open. */
  keepAlives = 0;
  /** Whether the server has ended it, or the connection broke. */
  hasEnded = false;

  private constructor(opening: Opening, site: SignedInSite, posting: KeepAlive) {
    this.#opening = opening;
    this.#site = site;
    this.#posting = posting;
    this.#endpoint.promise.catch(() => undefined);
    opening.answer
      .setEncoding("utf8")
      .on("data", (chunk: string) => this.#read(chunk))
      .on("close", () => this.#end());
  }

  /** Opens a stream and initializes its session. The connection for posts may be shared. */
  static async open(site: SignedInSite, posting: KeepAlive): Promise<SseStream> {
    const opening = await requestStream(site);
    const { statusCode } = opening.answer;
    if (statusCode !== 200) {
      opening.close();
      throw new Error(`/sse answered ${statusCode}.`);
    }
    const stream = new SseStream(opening, site, posting);
    await stream.call(initializeCall(VERSION));
    await stream.#post(INITIALIZED);
    return stream;
  }

  /** Asks, and waits for the answer on this very stream. Throws when it is not exactly right. */
  async call(question: RpcCall): Promise<void> {
    const id = ++this.#id;
    const answer = Promise.withResolvers<RpcMessage>();
    answer.promise.catch(() => undefined);
    this.#waiting.set(id, answer);
    try {
      await this.#post(bodyOf(id, question));
      expectResult(await answer.promise, id, question);
    } finally {
      this.#waiting.delete(id);
    }
  }

  /** Asks for something whose answer nobody waits for. */
  async ask({ method, params }: Pick<RpcCall, "method" | "params">): Promise<void> {
    await this.#post(JSON.stringify({ jsonrpc: "2.0", id: ++this.#id, method, params }));
  }

  /** From now on, reads no more than what `readByte` takes. */
  pause(): void {
    this.#opening.answer.pause();
  }

  /** Takes one byte, if one is there. */
  readByte(): number {
    const byte = this.#opening.answer.read(1) as string | null;
    return byte?.length ?? 0;
  }

  close(): void {
    this.#isClosed = true;
    this.#opening.close();
  }

  async #post(body: string): Promise<void> {
    if (this.hasEnded) throw new Error("The stream has ended.");
    const path = await this.#endpoint.promise;
    const headers = {
      authorization: `Bearer ${this.#site.token}`,
      "content-type": "application/json",
    };
    const { status } = await this.#posting.send(path, { method: "POST", headers, body });
    if (status !== 202) throw new Error(`A message was answered with ${status}.`);
  }

  #read(chunk: string): void {
    const blocks = (this.#rest + chunk).split("\n\n");
    this.#rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (block.startsWith(":")) this.keepAlives += 1;
      else if (data === undefined) continue;
      else if (/^event: endpoint$/m.test(block)) this.#endpoint.resolve(pathOf(data));
      else this.#answer(JSON.parse(data) as RpcMessage);
    }
  }

  #answer(message: RpcMessage): void {
    this.#waiting.get(message.id ?? -1)?.resolve(message);
  }

  #end(): void {
    this.hasEnded = !this.#isClosed;
    const error = new Error("The stream has ended.");
    this.#endpoint.reject(error);
    for (const { reject } of this.#waiting.values()) reject(error);
  }
}

/** Of an endpoint that may be named with its origin or without. */
function pathOf(endpoint: string): string {
  const { pathname, search } = new URL(endpoint, "http://127.0.0.1");
  return pathname + search;
}

/** Connections that many streams share to post over. */
export function postingConnections(origin: string, count: number): KeepAlive[] {
  return Array.from({ length: count }, () => keepAlive(origin));
}
