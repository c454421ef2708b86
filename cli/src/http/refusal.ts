import { extractWWWAuthenticateParams } from "@modelcontextprotocol/client";

/** Why a server did not take a token (RFC 6750, section 3; RFC 9728, section 5.1). */
export interface Refusal {
  readonly status: 401 | 403;
  /** The token that was refused, if the request carried one. Another may have taken its place meanwhile. */
  readonly token: string | undefined;
  readonly error: string | undefined;
  /** The scopes that the server asks for. */
  readonly scope: string | undefined;
  readonly resourceMetadataUrl: URL | undefined;
}

/** What a refusing answer says; undefined for an answer that refuses no token. */
export function refusalOf(response: Response, token: string | undefined): Refusal | undefined {
  const { status } = response;
  if (status !== 401 && status !== 403) return undefined;
  const { error, scope, resourceMetadataUrl } = extractWWWAuthenticateParams(response);
  return { status, token, error, scope, resourceMetadataUrl };
}
