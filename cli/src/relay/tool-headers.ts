import type { JSONRPCMessage, JSONRPCRequest, JSONRPCResponse } from "@modelcontextprotocol/client";

import { log } from "../output/log.ts";
import { isRecord, isRequest, isStateless } from "./json-rpc.ts";
import { type ParamHeader, paramHeaders, paramHeadersOf } from "./param-headers.ts";

/**
 * Knows which parameters of which tools headers repeat (SEP-2243, part of MCP 2026-07-28). A client on
 * stdio does not care for that, so the bridge does.
 */
export class ToolHeaders {
  readonly #tools = new Map<string, readonly ParamHeader[]>();

  /** The headers for a message, beside those that the SDK takes from its body. */
  headersFor(message: JSONRPCMessage): Record<string, string> {
    if (!isRequest(message) || message.method !== "tools/call") return {};
    const { name, arguments: given } = message.params ?? {};
    const declared = typeof name === "string" ? this.#tools.get(name) : undefined;
    return declared ? paramHeaders(declared, given) : {};
  }

  /** Learns from a list of tools; the answer comes back without those whose headers are invalid. */
  learn(request: JSONRPCRequest, response: JSONRPCResponse): JSONRPCResponse {
    if (request.method !== "tools/list" || !isStateless(request)) return response;
    if (!("result" in response) || !Array.isArray(response.result.tools)) return response;
    const all: readonly unknown[] = response.result.tools;
    const tools = all.filter((tool) => this.#keep(tool));
    return tools.length === all.length
      ? response
      : { ...response, result: { ...response.result, tools } };
  }

  #keep(tool: unknown): boolean {
    if (!isRecord(tool) || typeof tool.name !== "string") return true;
    const headers = paramHeadersOf(tool.inputSchema);
    if ("fault" in headers) {
      log("warn", `The tool ${tool.name} is left out: ${headers.fault}.`);
      this.#tools.delete(tool.name);
      return false;
    }
    this.#tools.set(tool.name, headers);
    return true;
  }
}
