import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";

import type { Tool } from "../tools/define-tool.ts";

/** The name of the tool that a message calls, if it calls one. */
export function calledTool(message: JSONRPCMessage | undefined): string | undefined {
  if (!message || !("method" in message) || message.method !== "tools/call") return undefined;
  const name = message.params?.["name"];
  return typeof name === "string" ? name : undefined;
}

function scopesOf(tools: readonly Tool[], message: JSONRPCMessage): readonly string[] {
  const called = calledTool(message);
  return tools.find(({ name }) => name === called)?.scopes ?? [];
}

/**
 * All scopes that a tool call needs, if the token lacks any of them: clients ask for exactly what the
 * challenge names (MCP 2026-07-28, authorization, scope challenge handling). Batches are judged
 * message by message.
 */
export function missingScopes(
  tools: readonly Tool[],
  messages: readonly JSONRPCMessage[],
  granted: readonly string[],
): readonly string[] | undefined {
  const needed = [...new Set(messages.flatMap((message) => scopesOf(tools, message)))];
  return needed.every((scope) => granted.includes(scope)) ? undefined : needed;
}
