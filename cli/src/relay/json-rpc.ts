import type {
  JSONRPCErrorResponse,
  JSONRPCMessage,
  JSONRPCNotification,
  JSONRPCRequest,
  JSONRPCResponse,
} from "@modelcontextprotocol/client";

/** Codes of JSON-RPC 2.0, section 5.1, and the one for what went wrong between client and server. */
export const RPC_ERROR = { parse: -32700, invalidRequest: -32600, relay: -32000 } as const;

/** Field of `params._meta` in which every request of MCP 2026-07-28 and later names its revision. */
const REVISION_FIELD = "io.modelcontextprotocol/protocolVersion";

export type RpcId = JSONRPCRequest["id"];

/** JSON-RPC says null for a request whose id could not be read; the SDK's types leave it out. */
export type Unidentified = Omit<JSONRPCErrorResponse, "id"> & { readonly id: null };

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isId(value: unknown): value is RpcId {
  return typeof value === "string" || typeof value === "number";
}

export function isRequest(message: JSONRPCMessage): message is JSONRPCRequest {
  return "method" in message && "id" in message;
}

export function isNotification(message: JSONRPCMessage): message is JSONRPCNotification {
  return "method" in message && !("id" in message);
}

export function isResponse(message: JSONRPCMessage): message is JSONRPCResponse {
  return !("method" in message);
}

/** Whether a request belongs to no session: it says its own revision (MCP 2026-07-28, basic protocol). */
export function isStateless({ params }: JSONRPCRequest): boolean {
  return typeof params?._meta?.[REVISION_FIELD] === "string";
}

export function errorAnswer(id: RpcId, message: string, data?: unknown): JSONRPCErrorResponse {
  const error = { code: RPC_ERROR.relay, message, ...(data === undefined ? {} : { data }) };
  return { jsonrpc: "2.0", id, error };
}
