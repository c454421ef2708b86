import { type CompactJWSHeaderParameters, decodeJwt, type JWTPayload, jwtVerify } from "jose";
import * as z from "zod";

import type { Config } from "../config.ts";
import { refusalText } from "./access-policy.ts";
import { googleKeys } from "./google-keys.ts";
import { type GoogleAccount, scopesOf } from "./google-principals.ts";
import { refusalOf, refused } from "./google-refusals.ts";
import { CredentialRefused, type Presented, type WayIn } from "./way-in.ts";

/** A JSON Web Token in its compact form (RFC 7519): each of its first two parts begins with `{"`. */
const JWT = /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*$/;

/** Google's have about 1,000. */
const MAX_CHARACTERS = 4096;

/** Both spellings are Google's own. */
const ISSUERS = ["https://accounts.google.com", "accounts.google.com"];

/** Google gives its tokens an hour. */
const MAX_LIFE_SECONDS = 60 * 60;
const CLOCK_SKEW_SECONDS = 30;

const claimsSchema = z.object({
  /** Google's number for the account, which never changes hands. */
  sub: z.string().min(1).max(255),
  aud: z.string(),
  iat: z.number(),
  exp: z.number(),
  email: z.string().min(1).optional(),
  email_verified: z.boolean().optional(),
  hd: z.string().optional(),
});

type Claims = z.output<typeof claimsSchema>;

/** The account, by an address that Google vouches for: an unverified one is what its owner typed. */
function accountOf({ email, email_verified, hd }: Claims): GoogleAccount {
  if (email === undefined) throw refused("no e-mail");
  if (email_verified !== true) throw refused("unverified e-mail");
  return { email, hd };
}

/**
 * ID tokens that Google has signed for this server: of service accounts, and of people. Nothing is
 * believed that the signature does not cover; what the token says before that only names the fault.
 */
export function googleIdTokens(config: Config): WayIn {
  const { audiences, principals, certsUrl } = config.google;
  const keys = googleKeys(certsUrl);
  const expected = {
    algorithms: ["RS256"],
    issuer: ISSUERS,
    audience: [...audiences],
    requiredClaims: ["sub", "exp"],
    clockTolerance: CLOCK_SKEW_SECONDS,
    maxTokenAge: MAX_LIFE_SECONDS,
  };

  async function keyFor(presented: Presented, kid: string | undefined): Promise<CryptoKey> {
    // Google is not asked about the tokens of others.
    if (!ISSUERS.includes(decodeJwt(presented.token).iss ?? "")) throw refused("issuer");
    const key = kid === undefined ? undefined : await keys.find(presented, kid);
    if (!key) throw refused("key");
    return key;
  }

  async function verified(presented: Presented): Promise<JWTPayload> {
    const key = ({ kid }: CompactJWSHeaderParameters) => keyFor(presented, kid);
    try {
      return (await jwtVerify(presented.token, key, expected)).payload;
    } catch (error) {
      throw refusalOf(error);
    }
  }

  async function claimsOf(presented: Presented): Promise<Claims> {
    const payload = await verified(presented);
    // RFC 7519 allows a list of audiences; Google writes none, and who else is on it could use it here.
    if (typeof payload.aud !== "string") throw refused("audience");
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) throw refused("claims");
    const { exp, iat } = claims.data;
    if (exp - iat > MAX_LIFE_SECONDS + CLOCK_SKEW_SECONDS) throw refused("lifetime");
    return claims.data;
  }

  return {
    name: "google_id_token",
    accepts: (token) => token.length <= MAX_CHARACTERS && JWT.test(token),
    async verify(presented) {
      if (audiences.size === 0) throw refused("switched off");
      const claims = await claimsOf(presented);
      const account = accountOf(claims);
      const scopes = scopesOf(principals, account);
      if (!scopes) {
        // Whoever keeps the list needs the address.
        const facts = { account: account.email };
        throw new CredentialRefused(403, "not listed", refusalText(config), facts);
      }
      return {
        identity: { kind: "service", id: `google:${claims.sub}`, name: account.email },
        way: "google_id_token",
        // Every token of an account continues its sessions: each lasts an hour at most.
        grantId: "google",
        scopes: [...scopes],
        client: { name: "Google identity", host: "", isVerified: false },
        expiresAt: claims.exp,
        github: { by: "app" },
      };
    },
  };
}
