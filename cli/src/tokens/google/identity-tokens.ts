import { keepSecret } from "../../output/redact.ts";
import { claimsOf, type TokenClaims } from "../token-claims.ts";
import type { TokenSource } from "../token-source.ts";

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

/** Waits for work that others wait for too; a signal ends the waiting, and not the work. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Keeps one ID token, and renews it before its end and when it was refused: once for all who ask. */
export function identityTokens(issuer: Issuer, marginSeconds: number): TokenSource {
  let current: Issued | undefined;
  let renewal: Promise<Issued> | undefined;

  async function issue(): Promise<Issued> {
    const token = await issuer.issue();
    keepSecret(token);
    const claims = claimsOf(token) ?? {};
    current = { token, claims, renewAt: renewalTime(claims, marginSeconds * 1000) };
    return current;
  }

  function renewed(): Promise<Issued> {
    renewal ??= issue().finally(() => (renewal = undefined));
    return renewal;
  }

  const valid = async () => (current && Date.now() < current.renewAt ? current : renewed());

  return {
    token: async (signal) => (await unlessAborted(valid(), signal)).token,
    concerns: ({ token }) => token !== undefined,
    async refused({ token }, signal) {
      if (token === current?.token) await unlessAborted(renewed(), signal);
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
