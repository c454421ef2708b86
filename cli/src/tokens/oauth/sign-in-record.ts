import { z } from "zod";

/** Milliseconds since 1970. */
const time = z.number().nonnegative();

const metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  response_types_supported: z.array(z.string()),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  revocation_endpoint: z.string().optional(),
});

const client = z.object({
  client_id: z.string(),
  client_secret: z.string().optional(),
  token_endpoint_auth_method: z.string().optional(),
  /** The authorization server that it belongs to, and to no other (RFC 8414, section 2). */
  issuer: z.string(),
  /** Whether it registered itself (RFC 7591); else it was given, or is its document's address. */
  registered: z.boolean(),
  /** Where people came back to at its first sign-in. */
  redirect_uris: z.array(z.string()),
});

const tokens = z.object({
  access_token: z.string(),
  token_type: z.string(),
  refresh_token: z.string().optional(),
  /** As granted; as asked for where the server did not say (RFC 6749, section 5.1). */
  scope: z.string().optional(),
  /** The authorization server that gave them. */
  issuer: z.string(),
  issuedAt: time,
  expiresAt: time.optional(),
  /** When the person signed in: refreshes leave it. */
  signedInAt: time,
});

/** What is kept of one server, from one run to the next. */
export const signInRecord = z.object({
  version: z.literal(1),
  server: z.string(),
  authorizationServer: z.object({ url: z.string(), metadata: metadata.optional() }).optional(),
  /** The resource indicator that the tokens are for (RFC 8707). */
  resource: z.string().optional(),
  client: client.optional(),
  tokens: tokens.optional(),
  /** The last page that was opened, unless it ended in tokens. */
  attempt: z
    .object({
      at: time,
      /** Why it came to nothing, in words of ours; absent while it goes on, or when its process was ended. */
      failure: z.string().optional(),
    })
    .optional(),
});

export type SignInRecord = z.infer<typeof signInRecord>;
export type KeptClient = z.infer<typeof client>;
export type KeptTokens = z.infer<typeof tokens>;
