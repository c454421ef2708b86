import type { Outcome } from "./outcome.ts";
import type { Inhabitant, World } from "./world.ts";

/** Which calls were made in whose name, held against what GitHub saw. */
export interface Ledger {
  note(caller: Inhabitant, outcome: Outcome): void;
  /** What GitHub's own record says otherwise, by the token of each request. */
  discrepancies(): Promise<string[]>;
}

/** Not what this server asks as itself: it deletes the tokens of worlds that are gone. */
function isInSomebodysName(path: string): boolean {
  return !path.startsWith("/api/v3/applications/");
}

/** Begins with a clean record: GitHub forgets what it was asked before. */
export async function openLedger({ server, inhabitants }: World): Promise<Ledger> {
  await server.github.clearRequests();
  const calls: { caller: Inhabitant; outcome: Outcome }[] = [];
  return {
    note: (caller, outcome) => void calls.push({ caller, outcome }),
    async discrepancies() {
      const requests = (await server.github.requests()).filter(({ path }) =>
        isInSomebodysName(path),
      );
      const strangers = requests.filter(
        ({ token }) => !inhabitants.some(({ githubToken }) => githubToken === token),
      );
      const wrong = inhabitants.flatMap((caller) => {
        const own = calls.filter((call) => call.caller === caller);
        const answered = own.filter(({ outcome }) => outcome.kind === "answered").length;
        // A call that an eviction broke off may have asked GitHub before, or not.
        const broken = own.filter(({ outcome }) => outcome.kind === "broken").length;
        const seen = requests.filter(({ token }) => token === caller.githubToken).length;
        const fits = seen >= answered && seen <= answered + broken;
        const expected = broken ? `${answered} to ${answered + broken}` : String(answered);
        return fits ? [] : [`GitHub saw ${seen} requests of ${caller.name}, not ${expected}`];
      });
      return [...wrong, ...strangers.map(({ path }) => `GitHub saw ${path} with nobody's token`)];
    },
  };
}
