import * as z from "zod";

import { clientSchema } from "./caller.ts";
import { personSchema } from "./identity.ts";

/** What a grant keeps about its person. GitHub's token is a copy, sealed for the identity's key. */
export const grantPropsSchema = z.object({
  identity: personSchema,
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
