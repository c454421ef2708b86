import * as z from "zod";

import { identitySchema } from "./identity.ts";

/** The client as the consent page showed it. All of it is what the client claims, but a verified host. */
const clientSchema = z.object({
  name: z.string(),
  host: z.string(),
  isVerified: z.boolean(),
});

/** The ways in, as log lines and `whoami` name them. */
const WAYS = ["oauth", "service_token", "github_token", "google_id_token"] as const;

export type Way = (typeof WAYS)[number];

/** Under whose name GitHub is asked. Each token is sealed for the identity's key. */
const githubAccessSchema = z.discriminatedUnion("by", [
  /** Under a token of the person's account, which renews it; this is a copy. */
  z.object({
    by: z.literal("account"),
    tokenSet: z.string(),
    sealed: z.string(),
    /** Seconds since the Unix epoch; absent for a token that does not expire. */
    expiresAt: z.number().optional(),
  }),
  /** Under the very token that the caller presented. */
  z.object({ by: z.literal("bearer"), sealed: z.string() }),
  /** As this server's own GitHub App, where there is one. */
  z.object({ by: z.literal("app") }),
]);

export const callerSchema = z.object({
  identity: identitySchema,
  /** How the caller proved who they are. */
  way: z.enum(WAYS),
  /**
   * What the presented credential belongs to: the OAuth grant, or its like. A credential that is
   * renewed keeps it, so that sessions outlive it; another one of the same identity has another.
   */
  grantId: z.string(),
  scopes: z.array(z.string()),
  client: clientSchema,
  /** Seconds since the Unix epoch at which the credential ends; absent where nobody knows. */
  expiresAt: z.number().optional(),
  github: githubAccessSchema,
});

/** One verified request's caller: who, how they proved it, and what they may do. */
export type Caller = z.infer<typeof callerSchema>;

export type GitHubAccess = Caller["github"];
