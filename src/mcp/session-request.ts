import { CALL_HEADER, type VerifiedCall, writeCall } from "./call-header.ts";
import type { TokenLife } from "./live-stream.ts";

/** Everything else a client sends stops here, so that no header can pose as one of the library's own. */
const FORWARDED = ["accept", "last-event-id", "mcp-protocol-version", "mcp-session-id"];

/** Where messages of HTTP+SSE are posted. */
export const SSE_MESSAGES = "/sse/message";

/** A request of a session era, its caller verified and its body read. */
export interface SessionRequest {
  readonly request: Request;
  readonly call: VerifiedCall;
  readonly body: string | undefined;
  /** Whether the body asks for a new session. */
  readonly opens: boolean;
  readonly token: TokenLife;
  readonly ctx: ExecutionContext;
}

/** The request as `McpAgent` gets it: our own URL, the headers that it needs, and the verified caller. */
export function toAgentRequest({ request, call, body }: SessionRequest, path: string): Request {
  // The body was read as JSON, whatever its header's spelling.
  const headers = new Headers({
    [CALL_HEADER]: writeCall(call),
    "content-type": "application/json",
  });
  for (const name of FORWARDED) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Request(new URL(path, call.origin), {
    method: request.method,
    headers,
    body: body ?? null,
  });
}
