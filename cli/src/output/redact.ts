/** What credentials look like: JSON Web Tokens, bearer values, and parameters and fields that hold secrets. */
const SECRETS: readonly [RegExp, string][] = [
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, "[redacted]"],
  [/\b(Bearer|Basic)\s+[\w.~+/=:-]+/gi, "$1 [redacted]"],
  [
    /\b(access_token|refresh_token|id_token|client_secret|code_verifier|code|state|assertion)=[^&\s"]+/gi,
    "$1=[redacted]",
  ],
  [
    /"(access_token|refresh_token|id_token|client_secret|code_verifier|code|assertion)"\s*:\s*"[^"]*"/gi,
    '"$1":"[redacted]"',
  ],
];

const known = new Set<string>();

/** The shortest text that is taken for a secret: a shorter one would blot out ordinary words. */
const MIN_SECRET = 8;

/** From here on, this very text is never written: tokens have any form that their server likes. */
export function keepSecret(secret: string | undefined): void {
  if (secret !== undefined && secret.length >= MIN_SECRET) known.add(secret);
}

/** A text without what looks like a credential, and without any that {@link keepSecret} was told. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of known) clean = clean.replaceAll(secret, "[redacted]");
  for (const [pattern, instead] of SECRETS) clean = clean.replaceAll(pattern, instead);
  return clean;
}
