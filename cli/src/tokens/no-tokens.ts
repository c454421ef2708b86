import type { TokenSource } from "./token-source.ts";

/** For servers that need no sign-in: requests go without a token, and refusals are passed on. */
export function noTokens(): TokenSource {
  return {
    token: async () => undefined,
    concerns: () => false,
    refused: async () => undefined,
    advice: () => "Choose where tokens come from with --token-source.",
    describe: async () => undefined,
  };
}
