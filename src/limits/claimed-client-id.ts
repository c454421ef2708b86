/** RFC 6749, section 2.3.1: form-encoded, then in base64. */
function basicClientId(authorization: string): string | undefined {
  const credentials = authorization.slice("basic".length).trim();
  try {
    const [clientId = ""] = atob(credentials).split(":");
    return decodeURIComponent(clientId.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

/** RFC 7523, section 3: the assertion's issuer is the client. Not verified here. */
function assertedClientId(assertion: string): string | undefined {
  const [, claims = ""] = assertion.split(".");
  try {
    const { iss } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
    return typeof iss === "string" ? iss : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Who a token request says it comes from: in HTTP Basic, in its form, or as an assertion's issuer,
 * in the order in which the OAuth library looks. `undefined` where it names nobody.
 */
export function claimedClientId(form: URLSearchParams, authorization: string): string | undefined {
  if (/^basic(?:[ \t]|$)/i.test(authorization)) return basicClientId(authorization);
  const named = form.getAll("client_id").find((value) => value !== "");
  if (named !== undefined) return named;
  const assertion = form.getAll("client_assertion").find((value) => value !== "");
  return assertion === undefined ? undefined : assertedClientId(assertion);
}
