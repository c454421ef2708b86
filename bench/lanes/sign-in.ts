import type { Connection, Lane } from "./lane.ts";

/** Who signs in by which client; the client is one that was never seen before. */
interface Newcomer {
  readonly clientName: string;
  readonly login: string;
}

/** A whole sign-in; what comes back signs the client out. */
export type SignInOnce = (newcomer: Newcomer) => Promise<() => Promise<unknown>>;

/**
 * GitHub keeps ten tokens of a person for one app: with more sign-ins under way, one would end
 * another's. Octocat is left out, whose tokens are used elsewhere.
 */
const PEOPLE = ["hubot", "mona", "codercat", "bibliocat"];

let clients = 0;
let people = 0;

/**
 * A whole sign-in in every exchange, each of a client of its own. Grants that pile up would make
 * later sign-ins slower, so they end in between.
 */
export function signInLane(signIn: SignInOnce): Lane {
  return async (): Promise<Connection> => {
    people += 1;
    const login = PEOPLE[people % PEOPLE.length] ?? "";
    let signedIn: (() => Promise<unknown>)[] = [];
    return {
      async exchange() {
        clients += 1;
        signedIn.push(await signIn({ clientName: `Bench ${clients}`, login }));
      },
      async tidy() {
        const ends = signedIn;
        signedIn = [];
        for (const end of ends) await end();
      },
      close() {},
    };
  };
}
