import * as z from "zod";

import { type Caller, callerSchema } from "../auth/caller.ts";

/** Carries the verified caller of one request from the guard to the session's object. */
export const CALL_HEADER = "x-mcp-call";

const callSchema = z.object({ caller: callerSchema, origin: z.string(), tokenEndsAt: z.number() });

/**
 * A call as the guard verified it: who, on which of the Worker's origins, and until when (in
 * milliseconds since 1970) its token lasts.
 */
export type VerifiedCall = { caller: Caller; origin: string; tokenEndsAt: number };

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
