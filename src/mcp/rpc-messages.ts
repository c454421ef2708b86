import { type JSONRPCMessage, JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";

/** A session's object keeps the ids of requests under way where few kilobytes fit. */
const MAX_ID_CHARACTERS = 128;

/** The most messages in one batch: each may be a tool call. */
const MAX_BATCH = 20;

/** The only revision with batches, which its servers must take (MCP 2025-03-26, base protocol). */
const BATCH_REVISION = "2025-03-26";

/** The messages of one body, or what is wrong with it, as an instruction. */
export type RpcMessages =
  | { readonly messages: readonly JSONRPCMessage[]; readonly fault?: undefined }
  | { readonly fault: string };

/**
 * Whether the request belongs to a session of the revision with batches. Its clients name no
 * version, because that header came later (MCP 2025-11-25, Streamable HTTP, protocol version
 * header: without one, 2025-03-26 is meant).
 */
export function mayBatch({ headers }: Request): boolean {
  if (!headers.has("mcp-session-id")) return false;
  const version = headers.get("mcp-protocol-version") ?? BATCH_REVISION;
  return version === BATCH_REVISION;
}

function isTooLong(id: string | number | undefined): boolean {
  return typeof id === "string" && id.length > MAX_ID_CHARACTERS;
}

/** JSON-RPC 2.0 in MCP's shape of it (MCP 2025-11-25, base protocol, messages). */
export function rpcMessages(body: unknown, isBatchAllowed: boolean): RpcMessages {
  const isBatch = Array.isArray(body);
  const candidates: unknown[] = isBatch ? body : [body];
  if (isBatch && !isBatchAllowed) {
    return { fault: "Send one message at a time: only sessions of 2025-03-26 take batches." };
  }
  if (candidates.length === 0) return { fault: "Send at least one message." };
  if (candidates.length > MAX_BATCH) {
    return { fault: `Send at most ${MAX_BATCH} messages at once.` };
  }
  const messages: JSONRPCMessage[] = [];
  for (const candidate of candidates) {
    const { data } = JSONRPCMessageSchema.safeParse(candidate);
    if (!data) {
      return {
        fault:
          'Send JSON-RPC: jsonrpc is "2.0", an id is a string or an integer, params is an object.',
      };
    }
    messages.push(data);
  }
  const requests = messages.filter((message) => "method" in message && "id" in message);
  if (messages.some((message) => "id" in message && isTooLong(message.id))) {
    return { fault: `Send ids of at most ${MAX_ID_CHARACTERS} characters.` };
  }
  if (new Set(requests.map(({ id }) => id)).size < requests.length) {
    return { fault: "Give each request of a batch an id of its own." };
  }
  return { messages };
}
