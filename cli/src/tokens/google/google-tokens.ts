import type { FetchLike } from "@modelcontextprotocol/client";

import { BridgeError } from "../../bridge-error.ts";
import type { ConnectionOptions } from "../../options.ts";
import type { TokenSource } from "../token-source.ts";
import { applicationDefault } from "./application-default.ts";
import { identityTokens } from "./identity-tokens.ts";

type GoogleOptions = Pick<ConnectionOptions, "audience" | "impersonate" | "refreshMargin">;

/** An address or a number: it becomes part of a path. */
const SERVICE_ACCOUNT = /^([\w.+-]+@[\w.-]+|\d+)$/;

/**
 * ID tokens of Application Default Credentials, for the server's origin unless another audience is
 * given. Throws `BridgeError` for what cannot be a service account.
 */
export function googleTokens(options: GoogleOptions, url: URL, send: FetchLike): TokenSource {
  const { audience = url.origin, impersonate, refreshMargin } = options;
  if (impersonate !== undefined && !SERVICE_ACCOUNT.test(impersonate)) {
    throw new BridgeError("--impersonate is no service account.", {
      advice: "Give its address, as in name@project.iam.gserviceaccount.com.",
    });
  }
  return identityTokens(applicationDefault({ audience, impersonate, send }), refreshMargin);
}
