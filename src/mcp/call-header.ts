import * as z from "zod";

import { callerSchema } from "../auth/caller.ts";
import { eraSchema } from "./era.ts";

/** Carries the verified caller of one request from the guard to the session's object. */
export const CALL_HEADER = "x-mcp-call";

const callSchema = z.object({
  caller: callerSchema,
  origin: z.string(),
  era: eraSchema,
  tokenEndsAt: z.number(),
  requestId: z.string(),
});

/**
 * A call as the guard verified it: who, on which of the Worker's origins, in which era, until when
 * (in milliseconds since 1970) its token lasts, and the id of the request that brought it.
 */
export type VerifiedCall = z.infer<typeof callSchema>;

/** ASCII JSON, so that any login survives as a header value. */
export function writeCall(call: VerifiedCall): string {
  return JSON.stringify(call).replace(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

export function readCall(
  headers: Record<string, string | string[] | undefined> | undefined,
): VerifiedCall {
  return callSchema.parse(JSON.parse(String(headers?.[CALL_HEADER])));
}
