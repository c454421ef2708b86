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

/**
 * The request for a tool, if its headers say word for word what its body says and if it brings
 * nothing but the tool's input (MCP 2026-07-28, Streamable HTTP, standard request headers).
 */
function plainRequest(request: Request, posted: PostedBody): JSONRPCRequest | undefined {
  const [message] = posted.messages;
  const name = calledTool(message);
  if (!message || !("method" in message && "id" in message) || name === undefined) return undefined;
  const { headers, method: httpMethod } = request;
  if (headers.get("mcp-method") !== message.method || headers.get("mcp-name") !== name)
    return undefined;
  if (!Object.keys(message.params ?? {}).every((key) => PLAIN_PARAMS.has(key))) return undefined;
  const protocolVersionHeader = headers.get("mcp-protocol-version") ?? "";
  if (!saysStateless(protocolVersionHeader, posted)) return undefined;
  const route = classifyInboundRequest({ httpMethod, protocolVersionHeader, body: message });
  return route.kind === "modern" ? message : undefined;
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
