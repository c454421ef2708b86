import * as z from "zod";

import type { Tool } from "../tools/define-tool.ts";

const toolCallSchema = z.object({
  method: z.literal("tools/call"),
  params: z.object({ name: z.string() }),
});

/** The name of the tool that a message calls, if it calls one. */
export function calledTool(message: unknown): string | undefined {
  return toolCallSchema.safeParse(message).data?.params.name;
}

function scopesOf(tools: readonly Tool[], message: unknown): readonly string[] {
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
  messages: readonly unknown[],
  granted: readonly string[],
): readonly string[] | undefined {
  const needed = [...new Set(messages.flatMap((message) => scopesOf(tools, message)))];
  return needed.every((scope) => granted.includes(scope)) ? undefined : needed;
}
