import { isLegacyRequest, PROTOCOL_VERSION_META_KEY } from "@modelcontextprotocol/server";
import * as z from "zod";

import type { PostedBody } from "./read-message.ts";

/** The generations of the protocol, by what a request belongs to: a stream of its session, a session, or nothing. */
export const eraSchema = z.enum(["sse", "session", "stateless"]);

export type Era = z.infer<typeof eraSchema>;

/** The revision from which on requests carry their own context and sessions are gone. */
const FIRST_STATELESS = "2026-07-28";

/**
 * What nearly every stateless request says, in its body and in its header alike. The handler reads
 * all of the envelope anyway, so the SDK need not be asked about it first.
 */
export function saysStateless(
  version: string,
  { messages: [message, ...more] }: PostedBody,
): boolean {
  if (more.length > 0 || !message || !("method" in message)) return false;
  const claim = message.params?._meta?.[PROTOCOL_VERSION_META_KEY];
  return message.method !== "initialize" && version === FIRST_STATELESS && claim === version;
}

/**
 * Whether a request speaks the stateless protocol: by the envelope in its body, or, where there is
 * no body, by its version header. Everything the stateless handler should answer counts, its
 * refusals of malformed envelopes included.
 */
export async function isStatelessRequest(request: Request, posted?: PostedBody): Promise<boolean> {
  const version = request.headers.get("mcp-protocol-version") ?? "";
  if (posted)
    return saysStateless(version, posted) || !(await isLegacyRequest(request, posted.json));
  return /^\d{4}-\d{2}-\d{2}$/.test(version) && version >= FIRST_STATELESS;
}
