import * as z from "zod";

import type { Tool } from "../tools/define-tool.ts";

const toolCallSchema = z.object({
  method: z.literal("tools/call"),
  params: z.object({ name: z.string() }),
});

function scopesOf(tools: readonly Tool[], message: unknown): readonly string[] {
  const call = toolCallSchema.safeParse(message);
  const tool = call.success ? tools.find(({ name }) => name === call.data.params.name) : undefined;
  return tool?.scopes ?? [];
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
