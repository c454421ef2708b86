import { BridgeError } from "../../bridge-error.ts";
import { CLIENT_SECRET_VARIABLE, type ConnectionOptions } from "../../options.ts";
import type { KeptClient, SignInRecord } from "./sign-in-record.ts";

/**
 * The client to sign in with at an authorization server: the given one, or that of an earlier sign-in
 * there; undefined where there is none yet. Throws `BridgeError` when the given one was used at
 * another authorization server, whose secret this one has no business to see.
 */
export function clientOf(
  { clientId }: ConnectionOptions,
  record: SignInRecord | undefined,
  issuer: string,
): KeptClient | undefined {
  const kept = record?.client;
  const isAtHome = kept?.issuer === issuer;
  if (clientId === undefined) return isAtHome ? kept : undefined;
  if (kept && !isAtHome) {
    throw new BridgeError("The server has moved to another authorization server.", {
      advice: "If --client-id is for the new one, run mcp-bridge logout, then try again.",
    });
  }
  const secret = process.env[CLIENT_SECRET_VARIABLE];
  return {
    client_id: clientId,
    client_secret: secret === "" ? undefined : secret,
    issuer,
    registered: false,
    redirect_uris: kept?.redirect_uris ?? [],
  };
}

/** Throws `BridgeError` unless `--client-metadata-url` can be the name of a client. */
export function checkClientMetadataUrl({ clientMetadataUrl }: ConnectionOptions): void {
  if (clientMetadataUrl === undefined) return;
  const url = URL.canParse(clientMetadataUrl) ? new URL(clientMetadataUrl) : undefined;
  if (url?.protocol === "https:" && url.pathname !== "/") return;
  throw new BridgeError("--client-metadata-url is not the address of a document.", {
    advice: "Give an https address with a path, as in https://host/client.json.",
  });
}
