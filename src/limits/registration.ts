import type { OAuthFault } from "./oauth-fault.ts";
import { faultOfRedirectUris } from "./redirect-uris.ts";

const MAX_NAME_CHARACTERS = 200;
const MAX_TEXT_CHARACTERS = 2_048;

function isTooLong(name: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((entry) => isTooLong(name, entry));
  // RFC 7591, section 2.2: `client_name#de` is the name in German.
  const isName = name.split("#")[0] === "client_name";
  const limit = isName ? MAX_NAME_CHARACTERS : MAX_TEXT_CHARACTERS;
  return typeof value === "string" && value.length > limit;
}

function invalidMetadata(description: string): OAuthFault {
  return { status: 400, error: "invalid_client_metadata", description };
}

/**
 * What is wrong with the client metadata that a stranger wants stored, as RFC 7591 (section 3.2.2)
 * names it; else `undefined`. Types and capabilities are the OAuth library's to check.
 */
export function faultOfRegistration(body: string): OAuthFault | undefined {
  let metadata: unknown;
  try {
    metadata = JSON.parse(body);
  } catch {
    return invalidMetadata("The body must be JSON.");
  }
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) {
    return invalidMetadata("The body must be a JSON object.");
  }
  const { redirect_uris: redirectUris, ...rest } = { redirect_uris: undefined, ...metadata };
  const description = faultOfRedirectUris(redirectUris);
  if (description) return { status: 400, error: "invalid_redirect_uri", description };
  const tooLong = Object.entries(rest).some(([name, value]) => isTooLong(name, value));
  if (!tooLong) return undefined;
  return invalidMetadata(
    `A name may have ${MAX_NAME_CHARACTERS} characters, any other text ${MAX_TEXT_CHARACTERS}.`,
  );
}
