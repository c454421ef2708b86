import { BridgeError } from "../bridge-error.ts";
import { TOKEN_VARIABLE } from "../options.ts";
import { keepSecret } from "../output/redact.ts";
import { claimsOf } from "./token-claims.ts";
import type { TokenSource } from "./token-source.ts";

const ADVICE = `Put a token that the server takes into ${TOKEN_VARIABLE}, and start again.`;

/** What a header may carry: anything else would be quoted in an error of `fetch`. */
const SENDABLE = /^[\x21-\x7e]+$/;

function givenToken(): string {
  const token = process.env[TOKEN_VARIABLE]?.trim();
  if (!token) throw new BridgeError(`${TOKEN_VARIABLE} is not set.`, { advice: ADVICE });
  keepSecret(token);
  if (SENDABLE.test(token)) return token;
  throw new BridgeError(`${TOKEN_VARIABLE} holds what is no token.`, {
    advice: "A token has no blanks, line ends or letters beyond ASCII. Copy it again.",
  });
}

/** A token that somebody else renews. Throws `BridgeError` when there is none. */
export function envTokens(): TokenSource {
  const token = givenToken();
  const claims = claimsOf(token);
  const isOver = () => claims?.expiresAt !== undefined && claims.expiresAt <= Date.now();
  return {
    token: async () => token,
    concerns: () => true,
    refused: async ({ status }) => {
      const why = isOver() ? "It has expired." : "It may have expired, or be for another server.";
      throw new BridgeError(
        `The server refused the token in ${TOKEN_VARIABLE} (HTTP ${status}). ${why}`,
        { advice: ADVICE },
      );
    },
    advice: () => ADVICE,
    describe: async () => ({ source: TOKEN_VARIABLE, ...claims }),
  };
}
