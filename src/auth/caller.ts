import type { OAuthResourceAuth } from "@cloudflare/workers-oauth-provider";
import * as z from "zod";

import { identitySchema } from "./identity.ts";

/** The client as the consent page showed it. All of it is what the client claims, but a verified host. */
const clientSchema = z.object({ name: z.string(), host: z.string(), isVerified: z.boolean() });

/** What a grant keeps about its person. GitHub's token is a copy, sealed for the identity's key. */
export const grantPropsSchema = z.object({
  identity: identitySchema,
  /**
   * Which of the person's upstream tokens the grant uses: its scopes, in one text. GitHub limits an
   * OAuth App's token by its scopes; a GitHub App's has none, and sees all that the app may.
   */
  tokenSet: z.string(),
  githubToken: z.string(),
  /** Seconds since the Unix epoch; absent for OAuth App tokens, which do not expire. */
  githubTokenExpiresAt: z.number().optional(),
  client: clientSchema,
});

export type GrantProps = z.infer<typeof grantPropsSchema>;

export const callerSchema = grantPropsSchema.extend({
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
