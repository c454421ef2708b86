import { BridgeError, explain } from "../../bridge-error.ts";
import { log } from "../../output/log.ts";
import { keepSecret } from "../../output/redact.ts";
import { claimsOf, type TokenClaims } from "../token-claims.ts";
import type { TokenSource } from "../token-source.ts";
import { unlessAborted } from "../unless-aborted.ts";

/** Where Google's ID tokens come from. */
export interface Issuer {
  /** A new ID token. Throws `BridgeError`. */
  issue(): Promise<string>;
  /** Who issues them, for people. Known once a token was issued. */
  name(): string;
}

interface Issued {
  readonly token: string;
  readonly claims: TokenClaims;
  /** Milliseconds since 1970. */
  readonly renewAt: number;
}

/**
 * So long before its end that no request carries a token that ends on the way. A token that is younger
 * than that, as from a metadata server that keeps its own, serves for half of the time it has left.
 */
function renewalTime({ expiresAt = Infinity }: TokenClaims, marginMs: number): number {
  const now = Date.now();
  const left = expiresAt - now;
  return left > marginMs ? expiresAt - marginMs : now + left / 2;
}

/**
 * Keeps one ID token, and renews it before its end and when it was refused: once for all who ask. One
 * that cannot be renewed serves to its end.
 */
export function identityTokens(issuer: Issuer, marginSeconds: number): TokenSource {
  const marginMs = marginSeconds * 1000;
  let current: Issued | undefined;
  let renewal: Promise<Issued> | undefined;

  async function issue(): Promise<Issued> {
    const token = await issuer.issue();
    const claims = claimsOf(token);
    if (!claims) {
      throw new BridgeError(`What came from ${issuer.name()} is no ID token.`, {
        advice: "Check that nothing on the way answers in Google's place.",
      });
    }
    keepSecret(token);
    current = { token, claims, renewAt: renewalTime(claims, marginMs) };
    return current;
  }

  function renewed(): Promise<Issued> {
    renewal ??= issue().finally(() => (renewal = undefined));
    return renewal;
  }

  /** The renewal goes on for others whose signal has not come. */
  const wait = (work: Promise<Issued>, signal: AbortSignal | undefined) =>
    signal ? unlessAborted(work, signal) : work;

  async function valid(): Promise<Issued> {
    if (current && Date.now() < current.renewAt) return current;
    try {
      return await renewed();
    } catch (error) {
      const { claims = {}, token } = current ?? {};
      if (token === undefined || Date.now() >= (claims.expiresAt ?? 0)) throw error;
      log("warn", `The token was not renewed, and serves to its end. ${explain(error)}`);
      current = { token, claims, renewAt: renewalTime(claims, marginMs) };
      return current;
    }
  }

  return {
    token: async (signal) => (await wait(valid(), signal)).token,
    concerns: ({ token }) => token !== undefined,
    async refused({ token }, signal) {
      if (token === current?.token) await wait(renewed(), signal);
    },
    advice() {
      const { account = "an account that it does not name", audience = "nobody" } =
        current?.claims ?? {};
      return [
        `The token is of ${account}, for ${audience}.`,
        "Check that the server takes this audience (--audience),",
        `and that this account may call it (on Cloud Run, the role roles/run.invoker).`,
      ].join(" ");
    },
    async describe() {
      const { claims } = await valid();
      return { source: issuer.name(), ...claims };
    },
  };
}
