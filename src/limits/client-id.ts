import { isPublicHost } from "./public-host.ts";

/** KV refuses keys of more than 512 bytes, and a client id becomes part of one. */
const MAX_CLIENT_ID_CHARACTERS = 480;

/** Whether a client id is the address of the client's own metadata document, which is then fetched. */
export function isDocumentAddress(clientId: string): boolean {
  return URL.canParse(clientId) && new URL(clientId).protocol === "https:";
}

/** As draft-ietf-oauth-client-id-metadata-document, section 3, wants it, and spelled in one way only. */
function isWellFormed(address: string): boolean {
  const { href, username, password, pathname } = new URL(address);
  try {
    decodeURIComponent(pathname);
  } catch {
    return false;
  }
  return href === address && username === "" && password === "" && !address.includes("#");
}

/** A name with the dot of the root names the same host. */
function hostOf(address: string): string {
  return new URL(address).hostname.replace(/\.$/, "");
}

/**
 * What is wrong with the shape of a client id, in words for a person; else `undefined`. It decides
 * before storage or a stranger's server is asked. `ownHost` is where this server itself answers.
 */
export function faultOfClientId(clientId: string, ownHost: string): string | undefined {
  if (clientId.length > MAX_CLIENT_ID_CHARACTERS) {
    return "The app's client id is too long to be one of ours.";
  }
  // RFC 6749, appendix A.1.
  if (!/^[\x20-\x7E]*$/.test(clientId)) {
    return "The app's client id contains characters that none may contain.";
  }
  if (!isDocumentAddress(clientId)) return undefined;
  const host = hostOf(clientId);
  if (!isPublicHost(host) || host === ownHost) {
    return "The app describes itself at an address that is not on the public internet.";
  }
  if (!isWellFormed(clientId)) {
    return "The app describes itself at an address that is not well formed.";
  }
  return undefined;
}
