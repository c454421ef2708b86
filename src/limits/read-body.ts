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

function decode(decoder: TextDecoder, chunk?: Uint8Array): string | undefined {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    return undefined;
  }
}

/**
 * Reads a request's body by the bytes that really arrive; a length that a header claims counts for
 * nothing. Past a fault the rest is read and dropped for as long as a body may take, since one that
 * is left unread, or cancelled, can break the connection before the client has seen the answer.
 * A byte order mark is ignored (RFC 8259, section 8.1).
 */
export async function receiveBody(
  request: Request,
  { bytes = MAX_BODY_BYTES, milliseconds = MAX_BODY_MS }: BodyLimits = {},
): Promise<Body> {
  if (!request.body) return { text: "" };
  const reader = request.body.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), milliseconds);
  let text = "";
  let seen = 0;
  let fault: BodyFault | undefined;
  try {
    for (;;) {
      const read = await Promise.race([reader.read(), late.promise]);
      if (read === "late") return { fault: fault ?? "too slow" };
      if (!fault) {
        seen += read.value?.byteLength ?? 0;
        const piece = decode(decoder, read.value);
        if (seen > bytes) fault = "too large";
        else if (piece === undefined) fault = "not UTF-8";
        else text += piece;
        if (fault) text = "";
      }
      if (read.done) return fault ? { fault } : { text };
    }
  } finally {
    clearTimeout(timer);
  }
}
