import { AsyncLocalStorage } from "node:async_hooks";

import {
  CancelledNotificationSchema,
  isJSONRPCRequest,
  type JSONRPCMessage,
  type MessageExtraInfo,
  type RequestId,
} from "@modelcontextprotocol/sdk/types.js";
import type { Connection, ConnectionContext } from "agents";

import { isAnswer, type Posted, PostedAnswer } from "./posted-answer.ts";
import { ResumableAgent } from "./resumable-agent.ts";
import { FIRST_PRIMED, streamOf } from "./session-events.ts";

/** The revision of a client that names none (MCP 2025-11-25, Streamable HTTP, protocol version header). */
const UNNAMED_REVISION = "2025-03-26";

/** The answer to whatever is being worked on: calls of two clients may have the same id. */
const current = new AsyncLocalStorage<PostedAnswer>();

/**
 * `McpAgent` that answers a POST over the request that brought it. The library opens a WebSocket to
 * its object for each, over which an answer comes event by event; here that is left to the streams
 * on which clients listen, and on which they come back for an answer.
 */
export abstract class PostingAgent<
  Props extends Record<string, unknown>,
> extends ResumableAgent<Props> {
  /** What is still to be said on the streams of POSTs, by their names. */
  readonly #answers = new Map<string, PostedAnswer>();

  /** What a session that is opened by this request keeps of its caller. */
  protected abstract propsOf(request: Request): Props;

  /** Told of every use of the session. Must not reject. */
  protected abstract touch(): Promise<void>;

  /** Whether somebody waits for an answer. */
  protected get isAnswering(): boolean {
    return [...this.#answers.values()].some(({ isHeard }) => isHeard);
  }

  override async onStart(props?: Props): Promise<void> {
    await super.onStart(props);
    const { transport } = this.server.server;
    if (!transport) return;
    const send = transport.send.bind(transport);
    transport.send = (message, options) => {
      const requestId = isAnswer(message) ? message.id : options?.relatedRequestId;
      const answer = requestId === undefined ? undefined : this.#answerTo(requestId);
      return answer ? answer.send(message) : send(message, options);
    };
  }

  override async fetch(request: Request): Promise<Response> {
    if (request.method !== "POST") return super.fetch(request);
    const body = await request.json<JSONRPCMessage | JSONRPCMessage[]>();
    const isBatch = Array.isArray(body);
    const messages = isBatch ? body : [body];
    const opening = messages.find(
      (message) => "method" in message && message.method === "initialize",
    );
    const isKnown = (await super.getInitializeRequest()) !== undefined;
    await this.lifecycle.start(isKnown ? undefined : this.propsOf(request));
    if (opening) await this.setInitializeRequest(opening);
    else if (!isKnown) return new Response(null, { status: 404 });
    await this.touch();
    const requestIds = messages.filter((message) => isJSONRPCRequest(message)).map(({ id }) => id);
    if (requestIds.length > 0) return this.#answer(request, messages, { requestIds, isBatch });
    for (const message of messages) this.#receive(message, request);
    return new Response(null, { status: 202 });
  }

  /** Whoever resumes the stream of a POST gets what is still to be said on it. */
  override async onConnect(connection: Connection, context: ConnectionContext): Promise<void> {
    const streamId = streamOf(context.request.headers.get("last-event-id") ?? "");
    const answer = streamId === undefined ? undefined : this.#answers.get(streamId);
    if (answer) {
      this.#answers.delete(answer.id);
      await answer.handOver();
    }
    await super.onConnect(connection, context);
  }

  override async deleteStreamRequestIds(streamId: string): Promise<void> {
    this.#answers.delete(streamId);
    await super.deleteStreamRequestIds(streamId);
  }

  async #answer(
    request: Request,
    messages: readonly JSONRPCMessage[],
    asked: Omit<Posted, "version">,
  ): Promise<Response> {
    const version = request.headers.get("mcp-protocol-version") ?? UNNAMED_REVISION;
    const answer = new PostedAnswer(
      {
        storeEvent: (...event) => this.getEventStore().storeEvent(...event),
        setStreamRequestIds: (...stream) => this.setStreamRequestIds(...stream),
        deleteStreamRequestIds: (streamId) => this.deleteStreamRequestIds(streamId),
      },
      { ...asked, version },
    );
    this.#answers.set(answer.id, answer);
    // What a long call may use to let its client go, which then polls for the answer. A client that
    // was given no id at first could not come back.
    const polling = version >= FIRST_PRIMED && { closeSSEStream: () => answer.letGo() };
    for (const message of messages) {
      current.run(answer, () => this.#receive(message, request, { ...polling }));
    }
    const response = await answer.response();
    if (!answer.isStream) this.#answers.delete(answer.id);
    return response;
  }

  #receive(message: JSONRPCMessage, { headers, url }: Request, extra?: MessageExtraInfo): void {
    const requestInfo = { headers: Object.fromEntries(headers), url: new URL(url) };
    this.server.server.transport?.onmessage?.(message, { ...extra, requestInfo });
    const { data } = CancelledNotificationSchema.safeParse(message);
    if (data?.params.requestId !== undefined) void this.#endCancelled(data.params.requestId);
  }

  #answerTo(requestId: RequestId): PostedAnswer | undefined {
    const own = current.getStore();
    if (own?.isWaitingFor(requestId) && this.#answers.has(own.id)) return own;
    return [...this.#answers.values()].find((answer) => answer.isWaitingFor(requestId));
  }

  /** A call that was cancelled gets no answer, so nothing else would end its stream. */
  async #endCancelled(requestId: RequestId): Promise<void> {
    const answer = this.#answerTo(requestId);
    if (answer) return answer.forgo(requestId);
    const stream = await this.getStreamForRequestId(requestId);
    if (stream?.requestIds.length === 1) await this.deleteStreamRequestIds(stream.streamId);
  }
}
