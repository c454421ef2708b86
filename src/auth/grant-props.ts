import type { Caller } from "./caller.ts";
import type { Person } from "./identity.ts";

/** What a grant keeps about its person. GitHub's token is a copy, sealed for the identity's key. */
export interface GrantProps {
  readonly identity: Person;
  /**
   * Which of the person's upstream tokens the grant uses: its scopes, in one text. GitHub limits an
   * OAuth App's token by its scopes; a GitHub App's has none, and sees all that the app may.
   */
  readonly tokenSet: string;
  readonly githubToken: string;
  /** Seconds since the Unix epoch; absent for OAuth App tokens, which do not expire. */
  readonly githubTokenExpiresAt?: number | undefined;
  readonly client: Caller["client"];
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function isPerson(value: unknown): value is Person {
  const { kind, id, login } = membersOf(value);
  const isId = Number.isSafeInteger(id) && Number(id) > 0;
  return kind === "person" && isId && typeof login === "string";
}

function isClient(value: unknown): value is Caller["client"] {
  const { name, host, isVerified } = membersOf(value);
  return typeof name === "string" && typeof host === "string" && typeof isVerified === "boolean";
}

/** Whether a grant's props are of this build. By hand: a schema costs more, and every request asks. */
export function isGrantProps(value: unknown): value is GrantProps {
  const { identity, tokenSet, githubToken, githubTokenExpiresAt, client } = membersOf(value);
  return (
    isPerson(identity) &&
    typeof tokenSet === "string" &&
    typeof githubToken === "string" &&
    ["number", "undefined"].includes(typeof githubTokenExpiresAt) &&
    isClient(client)
  );
}
