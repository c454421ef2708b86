import { setTimeout as wait } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";

import { startTestStack, type TestStack } from "../stack.ts";
import type { ClientRow, ConnectedClient, RowStep, Step } from "./client-row.ts";
import { forgetAccessTokens } from "./forget-access-tokens.ts";

declare module "vitest" {
  interface TaskMeta {
    /** What a test of this project is about, for the table in docs/clients.md. */
    client?: RowStep;
  }
}

/** The shortest life that the OAuth library gives an access token. */
const TOKEN_SECONDS = 60;

/** A client may still be on its way back when it is asked, and some are a new process for each call. */
const BACK_MS = 60_000;

const TOOLS = ["add", "userInfoOctokit", "getGithubReadme", "whoami"];

/** All rows, instead of the first of each program. */
export const isWholeMatrix = process.env["CLIENTS"] === "all";

async function loginOf(client: ConnectedClient): Promise<string> {
  const { text, isError } = await client.call("userInfoOctokit");
  if (isError) throw new Error(text);
  return text.includes("octocat") ? "octocat" : text;
}

/** Waits for it in the whole matrix. Otherwise the server forgets the tokens, and clients think that theirs are good. */
async function endAccessTokens(
  stack: TestStack,
  clients: Iterable<ConnectedClient>,
): Promise<void> {
  if (isWholeMatrix) {
    await wait(TOKEN_SECONDS * 1000);
    return;
  }
  forgetAccessTokens(stack);
  for (const client of clients) await client.ageToken?.();
}

/**
 * The same steps for every row of each program, against a server as `npm start` runs it. Rows share
 * the server; each has its own connection, which lasts through all its steps. `npm test` takes the
 * first row of a program, `CLIENTS=all` each.
 */
export function describeClients(...programs: readonly (readonly ClientRow[])[]): void {
  const chosen = programs.flatMap((rows) => (isWholeMatrix ? rows : rows.slice(0, 1)));
  const connected = new Map<ClientRow, ConnectedClient>();
  let stack: TestStack;

  beforeAll(async () => {
    stack = await startTestStack({ ACCESS_TOKEN_SECONDS: String(TOKEN_SECONDS) });
  });
  afterAll(async () => {
    for (const client of connected.values()) await client.close();
    await stack.close();
  });

  /** Says what a test is about before it runs, so that the table has a place for one that never does. */
  function about({ program, version, road, signsIn, cannot }: ClientRow, step: Step) {
    const client: RowStep = { program, version, road, signsIn, step, cannot: cannot?.[step] };
    return { meta: { client } };
  }

  /** The row's connection, once it has one. Leaves out what the program cannot do. */
  function at(row: ClientRow, step: Step, { skip }: TestContext): ConnectedClient {
    const { cannot } = row;
    if (cannot?.[step] !== undefined) skip(cannot[step]);
    const client = connected.get(row);
    if (!client) throw new Error("It never connected.");
    return client;
  }

  for (const row of chosen) {
    describe(`${row.program} to ${row.road}`, () => {
      it(`signs in ${row.signsIn} and connects`, about(row, "signs in"), async (context) => {
        connected.set(row, await row.connect(stack, "octocat"));

        const client = at(row, "signs in", context);
        expect(client.signIns()).toBe(row.signsIn === "in the browser" ? 1 : 0);
      });

      it("lists the tools", about(row, "lists the tools"), async (context) => {
        const client = at(row, "lists the tools", context);

        expect((await client.tools()).toSorted()).toEqual(TOOLS.toSorted());
      });

      it(
        "calls each tool as the person who signed in",
        about(row, "calls each tool"),
        async (context) => {
          const client = at(row, "calls each tool", context);

          const sum = await client.call("add", { a: 2, b: 40 });
          const profile = await client.call("userInfoOctokit");
          const readme = await client.call("getGithubReadme", {
            repositoryUrl: "octocat/hello-world",
          });
          const who = await client.call("whoami");

          expect([sum, profile, readme, who].map(({ isError }) => isError)).toEqual(
            Array(4).fill(false),
          );
          expect(sum.text).toContain("42");
          expect(profile.text).toContain("The Octocat");
          expect(readme.text).toContain("My first repository on GitHub!");
          expect(who.text).toContain("octocat");
        },
      );
    });
  }

  describe("a restart of the server", () => {
    beforeAll(() => stack.restart());

    for (const row of chosen) {
      const step = "goes on after a restart";
      it(
        `does not end what ${row.program} has to ${row.road}`,
        about(row, step),
        async (context) => {
          const client = at(row, step, context);

          await expect
            .poll(() => loginOf(client).catch(String), { timeout: BACK_MS })
            .toBe("octocat");

          expect(client.signIns()).toBeLessThan(2);
        },
      );
    }
  });

  describe("the end of the access token", () => {
    beforeAll(() => endAccessTokens(stack, connected.values()));

    for (const row of chosen) {
      const step = "renews its token";
      it(`is no matter to ${row.program} to ${row.road}`, about(row, step), async (context) => {
        const client = at(row, step, context);

        await expect
          .poll(() => loginOf(client).catch(String), { timeout: BACK_MS })
          .toBe("octocat");

        expect(client.signIns()).toBeLessThan(2);
      });
    }
  });
}
