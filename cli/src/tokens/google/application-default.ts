import type { FetchLike } from "@modelcontextprotocol/client";

import { BridgeError } from "../../bridge-error.ts";
import { googleAuth } from "./auth-library.ts";
import { issueFailure, noCredentials } from "./google-failure.ts";
import type { Issuer } from "./identity-tokens.ts";

export interface IdentityWish {
  /** For whom the ID token is. */
  readonly audience: string;
  /** The service account to speak as, if not as oneself. */
  readonly impersonate: string | undefined;
  readonly send: FetchLike;
}

interface Identity {
  readonly name: string;
  /** Undefined where the answer holds none, whatever the library's types say. */
  fetchIdToken(): Promise<unknown>;
}

type Library = Awaited<ReturnType<typeof googleAuth>>;
type AuthClient = Awaited<ReturnType<Library["auth"]["getClient"]>>;

function kindOf(library: Library, client: AuthClient): string {
  if (client instanceof library.JWT) return "a service account's key";
  if (client instanceof library.Compute) return "the metadata server";
  if (client instanceof library.UserRefreshClient) return "a person's credentials";
  if (client instanceof library.Impersonated) return "impersonation, as the credentials say";
  return "a federated identity";
}

function cannotIssue(kind: string): BridgeError {
  return new BridgeError(
    `The Application Default Credentials are ${kind}, to which Google gives no ID token for an audience.`,
    {
      advice:
        "Add --impersonate with a service account, use a service account's credentials, or use --token-source gcloud.",
    },
  );
}

/** Who these credentials can speak as. Throws `BridgeError` for those that get no ID token by themselves. */
function identityOf(
  library: Library,
  client: AuthClient,
  { audience, impersonate }: IdentityWish,
): Identity {
  const kind = kindOf(library, client);
  if (impersonate !== undefined) {
    const target = new library.Impersonated({ sourceClient: client, targetPrincipal: impersonate });
    return {
      name: `impersonation of ${impersonate} by ${kind}`,
      fetchIdToken: () => target.fetchIdToken(audience, { includeEmail: true }),
    };
  }
  if (client instanceof library.Compute) {
    // The library puts the audience into the query as it is.
    return {
      name: kind,
      fetchIdToken: () => client.fetchIdToken(encodeURIComponent(audience)),
    };
  }
  if (client instanceof library.JWT || client instanceof library.Impersonated)
    return { name: kind, fetchIdToken: () => client.fetchIdToken(audience) };
  throw cannotIssue(kind);
}

async function identify(wish: IdentityWish): Promise<Identity> {
  const library = await googleAuth(wish.send, { forOthers: wish.impersonate !== undefined });
  let client: AuthClient;
  try {
    client = await library.auth.getClient();
  } catch (error) {
    throw noCredentials(error);
  }
  return identityOf(library, client, wish);
}

/**
 * Application Default Credentials: the file that GOOGLE_APPLICATION_CREDENTIALS names, the one that
 * gcloud leaves behind, or the metadata server.
 */
export function applicationDefault(wish: IdentityWish): Issuer {
  let identity: Identity | undefined;
  return {
    async issue() {
      identity ??= await identify(wish);
      try {
        const token = await identity.fetchIdToken();
        return typeof token === "string" ? token : "";
      } catch (error) {
        throw issueFailure(identity.name, error);
      }
    },
    name: () => identity?.name ?? "Application Default Credentials",
  };
}
