import { describeError, log } from "../log.ts";

/** Proxies and Cloudflare's edge cut a stream that is silent for minutes. */
const KEEP_ALIVE_MS = 25_000;

/** How soon a stream notices that its token was revoked: about as fast as KV tells everyone. */
const RECHECK_MS = 50_000;

const encoder = new TextEncoder();
const KEEP_ALIVE = encoder.encode(": keepalive\n\n");

/** The token under which a stream was opened. */
export interface TokenLife {
  /** In milliseconds since 1970. */
  readonly endsAt: number;
  isStillValid(): Promise<boolean>;
}

export interface StreamOptions {
  /** Ends what feeds the stream, which is cancelled otherwise. Called once, however the stream ends. */
  stop?(): void;
}

/** Passes a stream on, event by event, for as long as its token lives. */
class LiveSource implements UnderlyingSource<Uint8Array> {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #token: TokenLife;
  readonly #options: StreamOptions;
  #timer: number | null = null;
  #isOpen = true;
  #wasSilent = true;
  #checkedAt = Date.now();

  constructor(body: ReadableStream<Uint8Array>, token: TokenLife, options: StreamOptions) {
    this.#reader = body.getReader();
    this.#token = token;
    this.#options = options;
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#watch(controller);
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const { done, value } = await this.#read();
    if (!this.#isOpen) return;
    if (done) {
      this.#close(controller);
      return;
    }
    this.#wasSilent = false;
    controller.enqueue(value);
  }

  /** What feeds the stream may die. Its client then comes back, or sees that there is no answer. */
  async #read(): Promise<ReadableStreamReadResult<Uint8Array>> {
    try {
      return await this.#reader.read();
    } catch (error) {
      log("warn", "stream.broken", { error: describeError(error) });
      return { done: true, value: undefined };
    }
  }

  /** Called once or more: by a client that goes, and when the stream ends here. */
  cancel(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    const { stop } = this.#options;
    if (stop) stop();
    else this.#reader.cancel().catch(() => undefined);
  }

  #close(controller: ReadableStreamDefaultController<Uint8Array>): void {
    controller.close();
    this.cancel();
  }

  #watch(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const left = this.#token.endsAt - Date.now();
    const wait = Math.max(0, Math.min(left, KEEP_ALIVE_MS));
    this.#timer = setTimeout(() => void this.#tick(controller), wait);
  }

  async #tick(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const isOver = Date.now() >= this.#token.endsAt || (await this.#isRevoked());
    if (!this.#isOpen) return;
    if (isOver) {
      this.#close(controller);
      return;
    }
    if (this.#wasSilent) controller.enqueue(KEEP_ALIVE);
    this.#wasSilent = true;
    this.#watch(controller);
  }

  async #isRevoked(): Promise<boolean> {
    if (Date.now() - this.#checkedAt < RECHECK_MS) return false;
    this.#checkedAt = Date.now();
    try {
      return !(await this.#token.isStillValid());
    } catch (error) {
      // Storage that does not answer ends nothing.
      log("warn", "stream.not_checked", { error: describeError(error) });
      return false;
    }
  }
}

/**
 * An event stream that speaks up when it would be silent for long, and that ends with the token
 * under which it was opened: at its expiry, or soon after it was revoked. Any other answer passes
 * unchanged. Chunks are whole events, as both SDKs write them.
 */
export function liveStream(
  response: Response,
  token: TokenLife,
  options: StreamOptions = {},
): Response {
  const type = response.headers.get("content-type") ?? "";
  if (!response.body || !type.startsWith("text/event-stream")) {
    options.stop?.();
    return response;
  }
  const source = new LiveSource(response.body, token, options);
  return new Response(new ReadableStream(source), response);
}
