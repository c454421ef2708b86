/** A JSON-RPC error as an HTTP answer, for requests that reach no MCP server. */
function rpcError(status: number, code: number, message: string, headers?: HeadersInit): Response {
  return Response.json({ jsonrpc: "2.0", error: { code, message }, id: null }, { status, headers });
}

/** MCP 2025-11-25, Streamable HTTP, session management: the client then initializes anew. */
export function sessionNotFound(): Response {
  return rpcError(404, -32_001, "Session not found. Start a new one with initialize.");
}

export function parseError(): Response {
  return rpcError(400, -32_700, "The request body is not JSON. Send one JSON-RPC message.");
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
