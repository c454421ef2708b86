import type { Refusal } from "../http/refusal.ts";

/** What may be told of a token: never the token. */
export interface TokenFacts {
  /** Where it came from, for people: "service account key of x@y.iam.gserviceaccount.com". */
  readonly source: string;
  readonly account?: string | undefined;
  readonly audience?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number | undefined;
}

/** Where the bearer token of requests comes from. */
export interface TokenSource {
  /**
   * The token to send now, renewed if it is about to expire; undefined when there is none yet and
   * the server has not asked for one. Throws `BridgeError`.
   */
  token(signal?: AbortSignal): Promise<string | undefined>;
  /** Whether another token may be what a refusing answer asks for. If not, the answer is passed on. */
  concerns(refusal: Refusal): boolean;
  /**
   * Told of a refusal that concerns it. Resolves once there is another token, with which the request
   * is sent once more. Throws `BridgeError` where there will be none.
   */
  refused(refusal: Refusal, signal?: AbortSignal): Promise<void>;
  /** What to check when a renewed token was refused too, as an instruction. */
  advice(refusal: Refusal): string;
  /** What is known of the token that `token` would send; undefined without one. */
  describe(): Promise<TokenFacts | undefined>;
}
