import type { FetchLike } from "@modelcontextprotocol/client";

import type { Refusal } from "../../http/refusal.ts";
import type { ConnectionOptions } from "../../options.ts";
import type { TokenSource } from "../token-source.ts";
import { checkClientMetadataUrl } from "./client-of.ts";
import { SharedWork } from "./shared-work.ts";
import { SignInSession } from "./sign-in-session.ts";
import { SCOPE_ADVICE } from "./step-up.ts";

/**
 * Tokens of an authorization server that the person signs in to in the browser. What was granted is
 * kept, and shared by all bridges of this person to the same server.
 */
export function oauthTokens(options: ConnectionOptions, url: URL, send: FetchLike): TokenSource {
  checkClientMetadataUrl(options);
  const session = new SignInSession(options, url, send);
  const works = new SharedWork();
  return {
    async token(signal) {
      if (await session.isToRenew())
        await works.share("renew", (all) => session.renew(all), signal);
      return session.token();
    },
    concerns: ({ status, error }) => status === 401 || error === "insufficient_scope",
    refused: (refusal, signal) =>
      works.share(nameOf(refusal), (all) => session.replace(refusal, all), signal),
    advice: ({ status }) =>
      status === 403
        ? SCOPE_ADVICE
        : "Check that this account may use the server, or run mcp-bridge logout and sign in as another.",
    describe: () => session.facts(),
  };
}

/** Refusals of the same kind are seen to once. */
function nameOf({ status, token, scope }: Refusal): string {
  return JSON.stringify([status, token, scope]);
}
