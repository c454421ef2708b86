import { beforeDeadline } from "../deadline.ts";

/** The largest request body of any endpoint: 1 MiB holds every MCP message that our tools take. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** How long a whole body may take to arrive, in milliseconds: a megabyte over a slow mobile line. */
const MAX_BODY_MS = 15_000;

export type BodyFault = "too large" | "too slow" | "not UTF-8";

/** A request's body as text, or why there is none. */
export type Body =
  | { readonly text: string; readonly fault?: undefined }
  | { readonly text?: undefined; readonly fault: BodyFault };

export interface BodyLimits {
  readonly bytes?: number;
  readonly milliseconds?: number;
}

class LateBody extends Error {
  override readonly name = "LateBody";
}

const strictDecoder = () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** For texts in one piece, of which nothing stays in it. */
const wholeDecoder = strictDecoder();

function decode(decoder: TextDecoder, chunk?: Uint8Array | ArrayBuffer): string | undefined {
  try {
    return decoder.decode(chunk, { stream: chunk instanceof Uint8Array });
  } catch {
    return undefined;
  }
}

/** A body that announced a length: the runtime lets no more of it pass. Cheaper than piece by piece. */
async function receiveWhole(request: Request): Promise<Body> {
  const text = decode(wholeDecoder, await request.arrayBuffer());
  return text === undefined ? { fault: "not UTF-8" } : { text };
}

/** Reads and drops the rest of a body after a fault, which `found` names before that is over. */
async function receivePieces(
  body: ReadableStream<Uint8Array>,
  bytes: number,
  found: { fault?: BodyFault },
): Promise<Body> {
  const reader = body.getReader();
  const decoder = strictDecoder();
  let text = "";
  let seen = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (!found.fault) {
      seen += value?.byteLength ?? 0;
      const piece = decode(decoder, value);
      if (seen > bytes) found.fault = "too large";
      else if (piece === undefined) found.fault = "not UTF-8";
      else text += piece;
      if (found.fault) text = "";
    }
    if (done) return found.fault ? { fault: found.fault } : { text };
  }
}

/** A body as the text that it is, within the limits of its bytes and of time. */
async function within(
  work: (found: { fault?: BodyFault }) => Promise<Body>,
  milliseconds: number,
): Promise<Body> {
  const found: { fault?: BodyFault } = {};
  try {
    return await beforeDeadline(work(found), milliseconds, () => new LateBody());
  } catch (error) {
    if (error instanceof LateBody) return { fault: found.fault ?? "too slow" };
    throw error;
  }
}

/** Reads a stream by the bytes that really arrive, as {@link receiveBody} does. */
export function receiveStream(
  stream: ReadableStream<Uint8Array> | null,
  { bytes = MAX_BODY_BYTES, milliseconds = MAX_BODY_MS }: BodyLimits = {},
): Promise<Body> {
  if (!stream) return Promise.resolve({ text: "" });
  return within((found) => receivePieces(stream, bytes, found), milliseconds);
}

/**
 * Reads a request's body by the bytes that really arrive. Past a fault the rest is read and dropped
 * for as long as a body may take, since one that is left unread, or cancelled, can break the
 * connection before the client has seen the answer. A byte order mark is ignored (RFC 8259, section
 * 8.1).
 */
export function receiveBody(request: Request, limits: BodyLimits = {}): Promise<Body> {
  const { bytes = MAX_BODY_BYTES, milliseconds = MAX_BODY_MS } = limits;
  const announced = Number(request.headers.get("content-length") ?? Infinity);
  // Of an answer, the length may be that of a packed body; a request's body is what it is.
  if (request.body && announced <= bytes) return within(() => receiveWhole(request), milliseconds);
  return receiveStream(request.body, limits);
}
