import * as z from "zod";

import { personSchema } from "../../auth/identity.ts";
import type { Secrets } from "../../config.ts";
import { type SealedCookie, sealedCookie } from "./sealed-cookie.ts";

const SIGN_IN_SECONDS = 10 * 60;
const SESSION_SECONDS = 60 * 60;

/** A sign-in that this browser has begun, until it comes back from GitHub. */
const pendingSchema = z.object({ state: z.string(), verifier: z.string() });

/** Who is signed in to the account pages, and what a form of theirs must hold to be from there. */
const sessionSchema = z.object({ identity: personSchema, csrf: z.string() });

export type Pending = z.infer<typeof pendingSchema>;
export type AccountSession = z.infer<typeof sessionSchema>;

export interface AccountCookies {
  readonly pending: SealedCookie<Pending>;
  readonly session: SealedCookie<AccountSession>;
}

/** The two cookies of the account pages. The server keeps neither. */
export function accountCookies(secrets: Secrets): AccountCookies {
  return {
    pending: sealedCookie({
      name: "__Host-account-sign-in",
      seconds: SIGN_IN_SECONDS,
      schema: pendingSchema,
      secrets,
    }),
    session: sealedCookie({
      name: "__Host-account",
      seconds: SESSION_SECONDS,
      schema: sessionSchema,
      secrets,
    }),
  };
}
