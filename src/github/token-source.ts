import { fetchGitHub } from "./fetch.ts";

/** Where a client's token comes from. */
export interface TokenSource {
  /** The token to use now. */
  token(): Promise<string>;
  /** Another one, after GitHub refused the one before with 401; `undefined` if there is none. */
  insteadOf(refused: string): Promise<string | undefined>;
}

/** One token and no other. */
export function onlyToken(token: string): TokenSource {
  return { token: async () => token, insteadOf: async () => undefined };
}

function withToken(init: RequestInit | undefined, token: string): RequestInit {
  const headers = new Headers(init?.headers);
  headers.set("authorization", `Bearer ${token}`);
  return { ...init, headers };
}

/** A copy that was superseded, the token in use, and one that a sign-in brought meanwhile. */
const MAX_TOKENS = 3;

/**
 * Fetches from GitHub under a token, and again with another one if GitHub answers 401: nothing was
 * done then, so a write may be sent again too. Who refuses one token may refuse the next: each is
 * asked about, so that a dead one is found out by the call that meets it.
 */
export function authorizedFetch(tokens: TokenSource): typeof fetchGitHub {
  return async (input, init) => {
    let token = await tokens.token();
    for (let tries = 1; ; tries += 1) {
      const response = await fetchGitHub(input, withToken(init, token));
      if (response.status !== 401 || tries === MAX_TOKENS) return response;
      const other = await tokens.insteadOf(token);
      if (other === undefined) return response;
      await response.body?.cancel();
      token = other;
    }
  };
}
