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

type Members<Whole> = { readonly [Name in keyof Whole]?: unknown };

function membersOf<Whole>(value: unknown): Members<Whole> {
  return typeof value === "object" && value !== null ? value : {};
}

function isPerson(value: unknown): value is Person {
  const { kind, id, login } = membersOf<Person>(value);
  const isId = Number.isSafeInteger(id) && Number(id) > 0;
  return kind === "person" && isId && typeof login === "string";
}

function isClient(value: unknown): value is Caller["client"] {
  const { name, host, isVerified } = membersOf<Caller["client"]>(value);
  return typeof name === "string" && typeof host === "string" && typeof isVerified === "boolean";
}

/** Whether a grant's props are of this build. By hand: a schema costs more, and every request asks. */
export function isGrantProps(value: unknown): value is GrantProps {
  const props = membersOf<GrantProps>(value);
  return (
    isPerson(props.identity) &&
    typeof props.tokenSet === "string" &&
    typeof props.githubToken === "string" &&
    ["number", "undefined"].includes(typeof props.githubTokenExpiresAt) &&
    isClient(props.client)
  );
}
