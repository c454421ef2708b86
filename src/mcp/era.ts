import { isLegacyRequest } from "@modelcontextprotocol/server";
import * as z from "zod";

/** The generations of the protocol, by what a request belongs to: a stream of its session, a session, or nothing. */
export const eraSchema = z.enum(["sse", "session", "stateless"]);

export type Era = z.infer<typeof eraSchema>;

/** The revision from which on requests carry their own context and sessions are gone. */
const FIRST_STATELESS = "2026-07-28";

/**
 * Whether a request speaks the stateless protocol: by the envelope in its body, or, where there is
 * no body, by its version header. Everything the stateless handler should answer counts, its
 * refusals of malformed envelopes included.
 */
export async function isStatelessRequest(request: Request, message: unknown): Promise<boolean> {
  if (request.method === "POST") return !(await isLegacyRequest(request, message));
  const version = request.headers.get("mcp-protocol-version") ?? "";
  return /^\d{4}-\d{2}-\d{2}$/.test(version) && version >= FIRST_STATELESS;
}
