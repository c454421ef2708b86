import { isLoopbackHost } from "../setting-types.ts";

const MAX_REDIRECT_URIS = 10;
const MAX_REDIRECT_URI_CHARACTERS = 2_048;

/** Schemes that run or show something in the browser instead of reaching an app. */
const SCRIPT_SCHEMES = new Set(["javascript:", "data:", "vbscript:", "file:", "mailto:", "blob:"]);

/** An address that may stand in a list: apps name those of their other surfaces too. */
function isListable(uri: unknown): uri is string {
  if (typeof uri !== "string" || uri.length > MAX_REDIRECT_URI_CHARACTERS) return false;
  if (!URL.canParse(uri) || uri.includes("#")) return false;
  const { protocol, username, password, hostname } = new URL(uri);
  const isBare = username === "" && password === "" && !hostname.includes("*");
  return isBare && !SCRIPT_SCHEMES.has(protocol);
}

/** OAuth 2.1, section 2.3.1, as MCP asks: https, or http on this computer. */
function canReceiveCode(uri: string): boolean {
  const { protocol, hostname } = new URL(uri);
  return protocol === "https:" || (protocol === "http:" && isLoopbackHost(hostname));
}

/** What is wrong with the redirect URIs that a client registers, in words; else `undefined`. */
export function faultOfRedirectUris(uris: unknown): string | undefined {
  if (!Array.isArray(uris) || uris.length === 0) {
    return "redirect_uris must list at least one address.";
  }
  if (uris.length > MAX_REDIRECT_URIS) {
    return `redirect_uris may list at most ${MAX_REDIRECT_URIS} addresses.`;
  }
  if (!uris.every(isListable)) {
    return `Each redirect URI must be an absolute address of at most ${MAX_REDIRECT_URI_CHARACTERS} characters, without fragment, user name or wildcard, and of a scheme that reaches an app.`;
  }
  if (!uris.some(canReceiveCode)) {
    return "At least one redirect URI must be https, or http on a loopback host.";
  }
  return undefined;
}
