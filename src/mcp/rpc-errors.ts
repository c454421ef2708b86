import { RETRY_AFTER_SECONDS } from "../limits/rate-limits.ts";
import { currentRequest } from "../request-context.ts";
import { isStorageFault, STORAGE_RETRY_SECONDS } from "../storage.ts";

/** A JSON-RPC error as an HTTP answer, for requests that reach no MCP server. */
function rpcError(status: number, code: number, message: string, headers?: HeadersInit): Response {
  const error = { code, message, data: { requestId: currentRequest().requestId } };
  return Response.json({ jsonrpc: "2.0", error, id: null }, { status, headers });
}

/** MCP 2025-11-25, Streamable HTTP, session management: the client then initializes anew. */
export function sessionNotFound(): Response {
  return rpcError(404, -32_001, "Session not found. Start a new one with initialize.");
}

/** MCP 2025-11-25, Streamable HTTP, session management. */
export function sessionMissing(): Response {
  return rpcError(
    400,
    -32_000,
    "Mcp-Session-Id header is required. Start a session with initialize, and send its id.",
  );
}

/** MCP 2025-11-25, Streamable HTTP, protocol version header. */
export function revisionNotSpoken(spoken: readonly string[]): Response {
  return rpcError(
    400,
    -32_000,
    `Unsupported protocol version. Send MCP-Protocol-Version with one of ${spoken.join(", ")}.`,
  );
}

export function parseError(): Response {
  return rpcError(
    400,
    -32_700,
    "The request body is not JSON in UTF-8. Send one JSON-RPC message.",
  );
}

/** JSON-RPC 2.0, section 5.1: the body is JSON, but not a message that is taken here. */
export function invalidRequest(todo: string): Response {
  return rpcError(400, -32_600, `Not a valid request. ${todo}`);
}

/** JSON-RPC 2.0, section 5.1. */
export function invalidParams(method: string): Response {
  return rpcError(
    400,
    -32_602,
    `The params are not those of ${method}. Send what its schema says.`,
  );
}

/** RFC 6585, section 4. Clients show the message to their model, which can only wait. */
export function tooManyRequests(what: string): Response {
  return rpcError(
    429,
    -32_000,
    `There were too many ${what} in the last minute. Nothing was done. Wait ${RETRY_AFTER_SECONDS} seconds before you try again; trying sooner does not help.`,
    { "Retry-After": String(RETRY_AFTER_SECONDS) },
  );
}

/** RFC 9110, section 15.5.9. */
export function bodyTooSlow(): Response {
  return rpcError(408, -32_000, "The request body did not arrive in time. Send it again.");
}

/** RFC 9110, section 15.5.16. */
export function contentTypeNotJson(): Response {
  return rpcError(415, -32_000, "Messages are JSON. Send Content-Type: application/json.", {
    Accept: "application/json",
  });
}

/** MCP 2026-07-28, Streamable HTTP, sending messages: a client names both types. */
export function answerNotAcceptable(): Response {
  const types = "application/json, text/event-stream";
  return rpcError(406, -32_000, `An answer can be either of two types. Send Accept: ${types}.`);
}

export function bodyTooLarge(limit: number): Response {
  return rpcError(
    413,
    -32_600,
    `The request body is larger than ${limit} bytes. Send less at once.`,
  );
}

export function methodNotAllowed(allow: string): Response {
  return rpcError(405, -32_000, `Method not allowed here. Use ${allow}.`, { Allow: allow });
}

export function originNotAllowed(): Response {
  return rpcError(403, -32_000, "Pages of this origin may not call this server.");
}

/** What a client is told of a failure in here: whether trying again may help. */
export function serverFault(error: unknown): Response {
  if (isStorageFault(error)) return unavailable();
  return rpcError(
    500,
    -32_603,
    "This server failed to answer. Try again; if it stays, tell its operator.",
  );
}

/** RFC 9110, section 15.6.4. */
export function unavailable(): Response {
  return rpcError(
    503,
    -32_000,
    "Something that this server depends on did not answer. Nothing is lost. Try again in a few seconds.",
    { "Retry-After": String(STORAGE_RETRY_SECONDS) },
  );
}
