import { z } from "zod";

const claimsSchema = z.object({
  iss: z.string().optional().catch(undefined),
  sub: z.string().optional().catch(undefined),
  email: z.string().optional().catch(undefined),
  aud: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .catch(undefined),
  exp: z.number().optional().catch(undefined),
  scope: z.string().optional().catch(undefined),
});

/** What a token says of itself. Nobody has checked its signature: it is for people to read, and for timing. */
export interface TokenClaims {
  readonly account?: string | undefined;
  readonly audience?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number | undefined;
}

function jsonOf(encoded: string): unknown {
  try {
    return JSON.parse(Buffer.from(encoded, "base64url").toString());
  } catch {
    return undefined;
  }
}

/** The claims of a JSON Web Token (RFC 7519, section 4); undefined for any other token. */
export function claimsOf(token: string): TokenClaims | undefined {
  const [, body, signature, ...more] = token.split(".");
  if (body === undefined || signature === undefined || more.length > 0) return undefined;
  const { data } = claimsSchema.safeParse(jsonOf(body));
  return (
    data && {
      account: data.email ?? data.sub,
      audience: Array.isArray(data.aud) ? data.aud.join(" ") : data.aud,
      scopes: data.scope?.split(" ").filter(Boolean),
      expiresAt: data.exp === undefined ? undefined : data.exp * 1000,
    }
  );
}
