import type { JSONRPCRequest } from "@modelcontextprotocol/sdk/types.js";
import { classifyInboundRequest, SERVER_INFO_META_KEY } from "@modelcontextprotocol/server";

import type { Tool } from "../tools/define-tool.ts";
import { type CallContext, type CallResult, callTool } from "./call-tool.ts";
import { saysStateless } from "./era.ts";
import { listedTool } from "./listed-tool.ts";
import type { PostedBody } from "./read-message.ts";
import { calledTool } from "./required-scopes.ts";
import { SERVER_INFO } from "./server-info.ts";

const PLAIN_PARAMS = new Set(["name", "arguments", "_meta"]);

const repeated = new WeakMap<Tool, boolean>();

/** Whether clients repeat some of the tool's input in headers, which are then compared with it. */
function repeatsInput(tool: Tool): boolean {
  const known = repeated.get(tool);
  if (known !== undefined) return known;
  const repeats = JSON.stringify(listedTool(tool.name, tool).inputSchema).includes("x-mcp-header");
  repeated.set(tool, repeats);
  return repeats;
}

/** How many envelopes are remembered, and how long they may be, in characters. */
const MAX_ENVELOPES = 200;
const MAX_ENVELOPE = 2000;

const rightEnvelopes = new Set<string>();

/**
 * Whether the SDK finds the envelope right. A client sends the same one with each of its requests,
 * and what was right remains so.
 */
function hasRightEnvelope(message: JSONRPCRequest, protocolVersionHeader: string): boolean {
  const envelope = JSON.stringify(message.params?._meta);
  if (rightEnvelopes.has(envelope)) return true;
  const route = classifyInboundRequest({
    httpMethod: "POST",
    protocolVersionHeader,
    body: message,
  });
  if (route.kind !== "modern") return false;
  if (rightEnvelopes.size >= MAX_ENVELOPES) rightEnvelopes.clear();
  if (envelope.length <= MAX_ENVELOPE) rightEnvelopes.add(envelope);
  return true;
}

/**
 * The request for a tool, if its headers say word for word what its body says and if it brings
 * nothing but the tool's input (MCP 2026-07-28, Streamable HTTP, standard request headers).
 */
function plainRequest({ headers }: Request, posted: PostedBody): JSONRPCRequest | undefined {
  const [message] = posted.messages;
  const name = calledTool(message);
  if (!message || !("method" in message && "id" in message) || name === undefined) return undefined;
  if (headers.get("mcp-method") !== message.method || headers.get("mcp-name") !== name)
    return undefined;
  if (!Object.keys(message.params ?? {}).every((key) => PLAIN_PARAMS.has(key))) return undefined;
  const version = headers.get("mcp-protocol-version") ?? "";
  if (!saysStateless(version, posted)) return undefined;
  return hasRightEnvelope(message, version) ? message : undefined;
}

/** A result as the SDK sends it in the stateless protocol. */
const encode = ({ _meta, ...result }: CallResult) => ({
  ...result,
  resultType: "complete",
  _meta: { ..._meta, [SERVER_INFO_META_KEY]: SERVER_INFO },
});

/**
 * Answers a call that brings a tool its input and asks for its result, as nearly every call does. The
 * SDK reads such a call and its result several times over, which costs more than all else about it.
 * Undefined, and nothing done, for whatever else was asked and whatever is wrong: the SDK knows.
 */
export async function answerPlainCall(
  request: Request,
  posted: PostedBody,
  context: CallContext,
): Promise<Response | undefined> {
  const message = plainRequest(request, posted);
  const tool = message && context.offered.find(({ name }) => name === calledTool(message));
  if (!tool || repeatsInput(tool)) return undefined;
  const { id, params } = message;
  const input = await tool.input["~standard"].validate(params?.["arguments"] ?? {});
  if (input.issues) return undefined;
  const result = await callTool(tool, input.value, context, params?._meta);
  return Response.json({ result: encode(result), jsonrpc: "2.0", id });
}
