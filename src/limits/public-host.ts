/** Names that never leave a machine or a network: RFC 6761, 6762, 8375; ICANN has reserved `internal`. */
const PRIVATE_SUFFIX = /(?:^|\.)(?:localhost|local|internal|home\.arpa)$/;

/**
 * Whether a URL's hostname, without the dot of the root, is a name on the public internet. IP addresses are not, in any spelling:
 * `URL` has turned decimal, hexadecimal and octal ones into four numbers already. A public name that
 * leads to a private address is the platform's to refuse (`global_fetch_strictly_public`).
 */
export function isPublicHost(hostname: string): boolean {
  if (hostname.startsWith("[") || /^\d+(?:\.\d+){3}$/.test(hostname)) return false;
  return hostname.includes(".") && !PRIVATE_SUFFIX.test(hostname);
}
