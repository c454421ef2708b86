import { isCredential } from "../limits/credential.ts";
import type { Caller } from "./caller.ts";
import type { GrantProps } from "./grant-props.ts";
import type { WayIn } from "./way-in.ts";

/** What the OAuth library found out about an access token. */
interface VerifiedToken {
  readonly props: GrantProps;
  readonly scope: readonly string[];
  /** Seconds since the Unix epoch. */
  readonly expiresAt: number;
}

type Validate = (env: Env, token: string) => Promise<VerifiedToken | null>;

/** Tokens of this server read `userId:grantId:secret`; the middle part names the grant. */
const ACCESS_TOKEN = /^[^:]+:([^:]+):[^:]+$/;

function callerOf(verified: VerifiedToken, grantId: string): Caller {
  const { identity, client, ...props } = verified.props;
  return {
    identity,
    way: "oauth",
    grantId,
    scopes: [...verified.scope],
    client,
    expiresAt: verified.expiresAt,
    github: {
      by: "account",
      tokenSet: props.tokenSet,
      sealed: props.githubToken,
      expiresAt: props.githubTokenExpiresAt,
    },
  };
}

/** Access tokens of this server's own authorization server: people who signed in with a browser. */
export function oauthTokens(validate: Validate): WayIn {
  return {
    name: "oauth",
    // What cannot be a token of ours is refused before storage is asked for it.
    accepts: (token) => isCredential(token) && ACCESS_TOKEN.test(token),
    async verify({ token, env }) {
      const grantId = ACCESS_TOKEN.exec(token)?.[1];
      const verified = grantId && (await validate(env, token));
      return verified ? callerOf(verified, grantId) : null;
    },
  };
}
