/** Room for any `state` that a client keeps its own data in. */
const MAX_PARAMETER_CHARACTERS = 16 * 1024;

/** KV refuses keys of more than 512 bytes, and a client id becomes part of one. */
const MAX_CLIENT_ID_BYTES = 480;

/** RFC 7636, section 4.2: an S256 challenge is 43 characters of base64url. */
const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/**
 * What is wrong with the shape of an authorization request, in words for a person; else `undefined`.
 * No parameter may appear twice (RFC 6749, section 3.1) but `resource` (RFC 8707, section 2).
 */
export function faultOfAuthorizeQuery(parameters: URLSearchParams): string | undefined {
  for (const [name, value] of parameters) {
    if (name !== "resource" && parameters.getAll(name).length > 1) {
      return "The app sent a parameter more than once.";
    }
    if (value.length > MAX_PARAMETER_CHARACTERS)
      return "The app sent a parameter that is far too long.";
  }
  const clientId = parameters.get("client_id") ?? "";
  if (new TextEncoder().encode(clientId).byteLength > MAX_CLIENT_ID_BYTES) {
    return "The app's client id is too long to be one of ours.";
  }
  const challenge = parameters.get("code_challenge");
  if (
    parameters.get("code_challenge_method") === "S256" &&
    challenge !== null &&
    !S256_CHALLENGE.test(challenge)
  ) {
    return "The app's PKCE challenge is malformed.";
  }
  return undefined;
}
