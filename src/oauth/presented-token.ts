/** Where a request to `/token` shows what it has: to redeem, to refresh, or to revoke. */
type Field = "code" | "refresh_token" | "token";

/** A code or token in a request to `/token` that has the form of ours: `userId:grantId:secret`. */
export interface PresentedToken {
  readonly field: Field;
  readonly value: string;
  /** `userId:grantId`. */
  readonly grant: string;
}

/** As the OAuth library reads the form: with a grant type it is no revocation. */
function fieldOf(form: URLSearchParams): Field | undefined {
  const grantType = form.get("grant_type");
  if (!grantType) return "token";
  if (grantType === "authorization_code") return "code";
  return grantType === "refresh_token" ? grantType : undefined;
}

export function presentedToken(form: URLSearchParams): PresentedToken | undefined {
  const field = fieldOf(form);
  const value = field && form.get(field);
  if (!value) return undefined;
  const [userId, grantId, secret, ...more] = value.split(":");
  if (!userId || !grantId || !secret || more.length > 0) return undefined;
  return { field, value, grant: `${userId}:${grantId}` };
}

/** The form with a token in its place that nobody was given; what is repeated stays repeated. */
export function withUnknownToken(form: URLSearchParams, { field }: PresentedToken) {
  const entries = Array.from(form, ([name, value]): [string, string] => {
    return [name, name === field ? "unknown:unknown:unknown" : value];
  });
  return new URLSearchParams(entries);
}
