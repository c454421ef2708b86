/**
 * Whether a text can be a code or a token, of this server or of GitHub: printable ASCII (RFC 6749,
 * appendix A). Ours have about 60 characters and name their record in KV, whose keys end at 512 bytes.
 */
export function isCredential(text: string): boolean {
  return /^[\x21-\x7E]{1,256}$/.test(text);
}

/** RFC 7636, section 4.1: 43 to 128 unreserved characters. */
export function isCodeVerifier(text: string): boolean {
  return /^[\w.~-]{43,128}$/.test(text);
}
