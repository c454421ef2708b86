import type { Connection, Lane } from "./lane.ts";

/** Signs in one client that was never seen before; what comes back signs it out. */
export type SignInOnce = (clientName: string) => Promise<() => Promise<unknown>>;

let clients = 0;

/**
 * A whole sign-in in every exchange, each of a client of its own. Grants that pile up would make
 * later sign-ins slower, because the OAuth library looks through a person's: they end in between.
 */
export function signInLane(signIn: SignInOnce): Lane {
  return async (): Promise<Connection> => {
    let signedIn: (() => Promise<unknown>)[] = [];
    return {
      async exchange() {
        clients += 1;
        signedIn.push(await signIn(`Bench ${clients}`));
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
