import type { OAuthResourceAuth } from "@cloudflare/workers-oauth-provider";
import * as z from "zod";

import { identitySchema } from "./identity.ts";

/** What a grant keeps about its person. GitHub's tokens are sealed for the identity's key. */
export const grantPropsSchema = z.object({
  identity: identitySchema,
  githubToken: z.string(),
  /** Seconds since the Unix epoch; absent for OAuth App tokens, which do not expire. */
  githubTokenExpiresAt: z.number().optional(),
  githubRefreshToken: z.string().optional(),
  /** GitHub limits an OAuth App's token by its scopes; a GitHub App's sees all that the app may. */
  githubTokenHasScopes: z.boolean(),
});

export type GrantProps = z.infer<typeof grantPropsSchema>;

export const callerSchema = grantPropsSchema.omit({ githubRefreshToken: true }).extend({
  /** The grant that the presented token belongs to: what one person allowed one client. */
  grantId: z.string(),
  scopes: z.array(z.string()),
});

/** One verified request's caller: who, under which grant, with which scopes and sealed token. */
export type Caller = z.infer<typeof callerSchema>;

/** Tokens of this server read `userId:grantId:secret`; the middle part names the grant. */
function grantIdOf(token: string): string {
  const grantId = token.split(":")[1];
  if (!grantId) throw new TypeError("The verified token names no grant.");
  return grantId;
}

export function callerFrom(auth: OAuthResourceAuth, props: unknown): Caller {
  const granted = grantPropsSchema.parse(props);
  return callerSchema.parse({ ...granted, grantId: grantIdOf(auth.token), scopes: auth.scope });
}
