import { toBase64Url } from "../../auth/base64url.ts";
import { identityKey, type Person } from "../../auth/identity.ts";
import { pkcePair } from "../../auth/pkce.ts";
import type { Config } from "../../config.ts";
import { githubClient } from "../../github/client.ts";
import { fetchProfile } from "../../github/profile.ts";
import { githubServer } from "../../github/server.ts";
import { githubSignIn } from "../../github/sign-in.ts";
import { onlyToken } from "../../github/token-source.ts";
import { describeError, log } from "../../log.ts";
import type { Pending } from "./account-cookies.ts";

/** The states of clients' sign-ins, which come back to the same address, hold no full stop. */
const STATE_PREFIX = "account.";

/** Whether GitHub sends back a browser that was signing in to the account pages. */
export function isAccountState(request: Request): boolean {
  const state = new URL(request.url).searchParams.get("state");
  return state?.startsWith(STATE_PREFIX) ?? false;
}

/** Something unguessable: 256 bits, as 43 characters. */
export function randomText(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

export interface AccountSignIn {
  /** What the browser must keep, and the page of GitHub that it goes to. */
  begin(): Promise<{ pending: Pending; location: string }>;
  /** Who GitHub says this is. `later` gets the work that nobody waits for. */
  finish(code: string, pending: Pending, later: (work: Promise<void>) => void): Promise<Person>;
}

/** Asks GitHub who a person is, and for nothing that outlives the answer. */
export function accountSignIn(github: Config["github"], origin: string): AccountSignIn {
  const signIn = githubSignIn(github);
  const redirectUri = `${origin}/callback`;

  async function forget(accessToken: string): Promise<void> {
    try {
      await signIn.deleteToken(accessToken);
    } catch (error) {
      log("warn", "account.token_not_deleted", { error: describeError(error) });
    }
  }

  return {
    async begin() {
      const state = STATE_PREFIX + randomText();
      const { verifier, challenge } = await pkcePair();
      const location = signIn.authorizeUrl({
        redirectUri,
        state,
        codeChallenge: challenge,
        scopes: ["read:user"],
      });
      return { pending: { state, verifier }, location };
    },
    async finish(code, { verifier }, later) {
      const { accessToken } = await signIn.exchangeCode(code, redirectUri, verifier);
      try {
        const client = githubClient(githubServer(github.url), onlyToken(accessToken));
        const { id, login } = await fetchProfile(client);
        const identity = { kind: "person", id, login } as const;
        log("info", "account.signed_in", { caller: identityKey(identity) });
        return identity;
      } finally {
        later(forget(accessToken));
      }
    },
  };
}
