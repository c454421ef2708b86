import { faultOfClientId } from "./client-id.ts";

/** Room for any `state` that a client keeps its own data in. */
const MAX_PARAMETER_CHARACTERS = 16 * 1024;

/**
 * What is wrong with the shape of an authorization request, in words for a person; else `undefined`.
 * No parameter may appear twice (RFC 6749, section 3.1) but `resource` (RFC 8707, section 2).
 */
export function faultOfAuthorizeQuery(
  parameters: URLSearchParams,
  ownHost: string,
): string | undefined {
  for (const [name, value] of parameters) {
    if (name !== "resource" && parameters.getAll(name).length > 1) {
      return "The app sent a parameter more than once.";
    }
    if (value.length > MAX_PARAMETER_CHARACTERS)
      return "The app sent a parameter that is far too long.";
  }
  return faultOfClientId(parameters.get("client_id") ?? "", ownHost);
}
