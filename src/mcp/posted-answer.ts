import {
  isJSONRPCErrorResponse,
  isJSONRPCResultResponse,
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
  type JSONRPCResultResponse,
  type RequestId,
} from "@modelcontextprotocol/sdk/types.js";

import { FIRST_PRIMED, firstEventId } from "./session-events.ts";

/**
 * How long an answer may take and still be plain JSON, in milliseconds. After that its client gets a
 * stream, with a name under which it can come back.
 */
const HEAD_START_MS = 100;

/** How long a client that was cut off waits before it comes back, in milliseconds. */
const RETRY_MS = 1000;

const encoder = new TextEncoder();

/** What a session keeps of its streams, for clients that are cut off. Never rejects. */
export interface StreamKeeper {
  storeEvent(streamId: string, message: JSONRPCMessage): Promise<string>;
  /** Remembers that these calls have no answer yet. */
  setStreamRequestIds(streamId: string, requestIds: RequestId[]): Promise<void>;
  deleteStreamRequestIds(streamId: string): Promise<void>;
}

export interface Posted {
  /** The requests that ask for an answer: at least one. */
  readonly requestIds: readonly RequestId[];
  readonly isBatch: boolean;
  /** The revision that the client speaks. */
  readonly version: string;
}

export function isAnswer(
  message: JSONRPCMessage,
): message is JSONRPCResultResponse | JSONRPCErrorResponse {
  return isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message);
}

/**
 * The answer to one POST (MCP 2025-11-25, Streamable HTTP, sending messages): JSON, if within
 * {@link HEAD_START_MS} everything is answered and nothing else was to be said, and a stream
 * otherwise. A stream's messages are kept before they are sent; plain JSON arrives whole or fails.
 */
export class PostedAnswer {
  /** The name of its stream, if it becomes one. */
  readonly id = crypto.randomUUID();
  readonly #keeper: StreamKeeper;
  readonly #posted: Posted;
  readonly #unanswered: Set<RequestId>;
  readonly #settled = Promise.withResolvers<void>();
  /** What was said before it was settled how. */
  #held: JSONRPCMessage[] | undefined = [];
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #isLetGo = false;
  #written: Promise<void> = Promise.resolve();
  /** How many messages wait to be written. */
  #unwritten = 0;

  constructor(keeper: StreamKeeper, posted: Posted) {
    this.#keeper = keeper;
    this.#posted = posted;
    this.#unanswered = new Set(posted.requestIds);
  }

  isWaitingFor(requestId: RequestId): boolean {
    return this.#unanswered.has(requestId);
  }

  get isStream(): boolean {
    return this.#held === undefined;
  }

  /** Whether a client is there to hear what is said. */
  get isHeard(): boolean {
    return this.#held !== undefined || this.#controller !== undefined;
  }

  /** Says something, once and on this answer alone. */
  async send(message: JSONRPCMessage): Promise<void> {
    const answers = isAnswer(message);
    if (answers && message.id !== undefined) this.#unanswered.delete(message.id);
    if (!this.#held) return this.#write(message);
    this.#held.push(message);
    if (!answers || this.#unanswered.size === 0) this.#settled.resolve();
  }

  /** A request that its client has cancelled gets no answer. */
  async forgo(requestId: RequestId): Promise<void> {
    this.#unanswered.delete(requestId);
    if (this.#unanswered.size > 0) return;
    if (this.#held) this.#settled.resolve();
    else await this.#finish();
  }

  /** Ends the stream, and not the calls: their client comes back for what they say. */
  letGo(): void {
    this.#isLetGo = true;
    this.#settled.resolve();
    this.#close();
  }

  /** Leaves what is still to be said to whoever resumes this stream. */
  async handOver(): Promise<void> {
    this.#close();
    await this.#written;
    if (this.#unanswered.size === 0) return;
    await this.#keeper.setStreamRequestIds(this.id, [...this.#unanswered]);
  }

  /** The answer, as soon as it is known how it is given. */
  async response(): Promise<Response> {
    const late = setTimeout(() => this.#settled.resolve(), HEAD_START_MS);
    await this.#settled.promise;
    clearTimeout(late);
    const held = this.#held ?? [];
    const isWhole = this.#unanswered.size === 0 && held.length > 0 && held.every(isAnswer);
    if (!isWhole) return this.#stream();
    return Response.json(this.#posted.isBatch ? held : held[0]);
  }

  async #stream(): Promise<Response> {
    const unanswered = [...this.#unanswered];
    if (unanswered.length > 0) await this.#keeper.setStreamRequestIds(this.id, unanswered);
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
      cancel: () => void (this.#controller = undefined),
    });
    if (this.#posted.version >= FIRST_PRIMED) {
      this.#enqueue(`id: ${firstEventId(this.id)}\nretry: ${RETRY_MS}\ndata: \n\n`);
    }
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const message of held) void this.#write(message);
    if (this.#isLetGo) this.#close();
    if (this.#unanswered.size === 0 && held.length === 0) await this.#finish();
    const headers = { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" };
    return new Response(body, { headers });
  }

  /** One message after the other. */
  #write(message: JSONRPCMessage): Promise<void> {
    this.#unwritten += 1;
    this.#written = this.#writeAfter(this.#written, message);
    return this.#written;
  }

  async #writeAfter(before: Promise<void>, message: JSONRPCMessage): Promise<void> {
    await before;
    const eventId = await this.#keeper.storeEvent(this.id, message);
    this.#enqueue(`event: message\nid: ${eventId}\ndata: ${JSON.stringify(message)}\n\n`);
    this.#unwritten -= 1;
    if (this.#unwritten === 0 && this.#unanswered.size === 0) await this.#finish();
  }

  #enqueue(event: string): void {
    this.#controller?.enqueue(encoder.encode(event));
  }

  #close(): void {
    this.#controller?.close();
    this.#controller = undefined;
  }

  async #finish(): Promise<void> {
    this.#close();
    await this.#keeper.deleteStreamRequestIds(this.id);
  }
}
