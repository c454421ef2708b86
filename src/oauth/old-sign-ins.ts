/** As the OAuth library names the cookies that bind sign-ins under way to a browser, one for each. */
const SIGN_IN_COOKIE = /^__Host-oauth-(?:consent|upstream)-[^=]+/;

/** Sign-ins that one browser may have under way at once. */
const MAX_OPEN = 10;

/**
 * What makes a browser forget its oldest sign-ins when it begins one more than it should: a client
 * that asks in a loop would fill the browser's cookies until no request of it is taken.
 * Browsers send cookies of one path in the order in which they got them (RFC 6265, section 5.4).
 */
export function forgetOldSignIns({ headers }: Request): string[] {
  const cookies = (headers.get("cookie") ?? "").split(";").map((cookie) => cookie.trim());
  const names = cookies.flatMap((cookie) => SIGN_IN_COOKIE.exec(cookie)?.[0] ?? []);
  const old = names.slice(0, Math.max(0, names.length - MAX_OPEN + 1));
  return old.map((name) => `${name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`);
}
