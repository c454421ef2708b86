import type { Caller, Way } from "./caller.ts";

/** A presented token, and what may be used to check it. */
export interface Presented {
  readonly token: string;
  readonly env: Env;
  /** Counts a check that costs somebody else a request. False once there were too many from here. */
  mayAsk(): Promise<boolean>;
}

/** One way to prove who calls. A new one is one file, and a line in `routes.ts`. */
export interface WayIn {
  readonly name: Way;
  /** Whether a token has the shape of this way's tokens. No two ways take the same shape. */
  accepts(token: string): boolean;
  /**
   * Who presented the token; `null` for one that nobody issued. Throws {@link CredentialRefused}
   * where more can be said. Any other error means that it could not be found out.
   */
  verify(presented: Presented): Promise<Caller | null>;
}

/**
 * A token that was understood, and is not good here.
 *
 * 401: another token may be (RFC 6750, section 3.1, `invalid_token`). 403: who it is is known, and
 * may not enter. 429: too much was asked.
 */
export class CredentialRefused extends Error {
  override readonly name = "CredentialRefused";
  readonly status: 401 | 403 | 429;
  /** Which check failed, for the log. */
  readonly check: string;
  /** What the log has beside it, such as who was refused. */
  readonly facts: Readonly<Record<string, string>>;

  /** The message is for the wire: one plain sentence, without anything that the token says. */
  constructor(
    status: CredentialRefused["status"],
    check: string,
    message: string,
    facts: CredentialRefused["facts"] = {},
  ) {
    super(message);
    this.status = status;
    this.check = check;
    this.facts = facts;
  }
}

/** For who may not ask ({@link Presented.mayAsk}). */
export function tooManyTokens(): CredentialRefused {
  const message = "Too many tokens were tried from this address. Try again in a minute.";
  return new CredentialRefused(429, "asked too often", message);
}
