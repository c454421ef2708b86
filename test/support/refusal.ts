import { callTool, type Connected, textOf } from "./connect.ts";

/**
 * Calls a tool that must not succeed, and returns what the caller reads. The SDK generations differ
 * in the envelope: a result with isError, or a JSON-RPC error with -32602.
 */
export async function refusalOf(
  client: Connected,
  name: string,
  args: Record<string, unknown> = {},
): Promise<string> {
  const outcome = await callTool(client, name, args).catch((error: unknown) => error);
  if (outcome instanceof Error) {
    if ((outcome as Error & { code?: unknown }).code === -32_602) return outcome.message;
    throw outcome;
  }
  const result = outcome as Awaited<ReturnType<typeof callTool>>;
  if (!result.isError) throw new Error(`${name} succeeded: ${JSON.stringify(result)}`);
  return textOf(result);
}
