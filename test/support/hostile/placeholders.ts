/**
 * What a generated request names and only a running server knows. They stand in it as words of
 * letters that need no escape, so that a request prints, shrinks and replays as plain data.
 */
export const PLACEHOLDERS = {
  origin: "~origin~",
  clientId: "~client~",
  redirectUri: "~redirect~",
  refreshToken: "~refresh~",
  /** One that was spent before. */
  code: "~code~",
  verifier: "~verifier~",
  handle: "~handle~",
} as const;

export type Known = Readonly<Record<keyof typeof PLACEHOLDERS, string>>;

export function fillIn(text: string, known: Known): string {
  const names = Object.keys(PLACEHOLDERS) as (keyof Known)[];
  return names.reduce((filled, name) => filled.replaceAll(PLACEHOLDERS[name], known[name]), text);
}
