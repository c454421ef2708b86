import { setTimeout as wait } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";

import { startTestStack, type TestStack } from "../stack.ts";
import type { ClientRow, ConnectedClient, Step } from "./client-row.ts";
import { forgetAccessTokens } from "./forget-access-tokens.ts";

/** The shortest life that the OAuth library gives an access token. */
const TOKEN_SECONDS = 60;

/** A client may still be on its way back when it is asked. */
const BACK_MS = 30_000;

const TOOLS = ["add", "userInfoOctokit", "getGithubReadme", "whoami"];

/** All rows, instead of the first of each program. */
export const isWholeMatrix = process.env["CLIENTS"] === "all";

async function loginOf(client: ConnectedClient): Promise<string> {
  const { text, isError } = await client.call("userInfoOctokit");
  if (isError) throw new Error(text);
  return text.includes("octocat") ? "octocat" : text;
}

/** Waits for it in the whole matrix. Otherwise the server forgets the tokens, and clients think that theirs are good. */
async function endAccessTokens(stack: TestStack): Promise<void> {
  if (isWholeMatrix) await wait(TOKEN_SECONDS * 1000);
  else forgetAccessTokens(stack);
}

/**
 * The same steps for every row of one program, against a server as `npm start` runs it. Rows share
 * the server; each has its own connection, which lasts through all its steps. `npm test` takes the
 * first row, `CLIENTS=all` each.
 */
export function describeClients(rows: readonly ClientRow[]): void {
  const chosen = isWholeMatrix ? rows : rows.slice(0, 1);
  const connected = new Map<ClientRow, ConnectedClient>();
  let stack: TestStack;

  beforeAll(async () => {
    stack = await startTestStack({ ACCESS_TOKEN_SECONDS: String(TOKEN_SECONDS) });
  });
  afterAll(async () => {
    for (const client of connected.values()) await client.close();
    await stack.close();
  });

  /** The row's connection, once it has one. Leaves out what the program cannot do. */
  function at(row: ClientRow, step: Step, { skip, task }: TestContext): ConnectedClient {
    const { program, version, road, signsIn, cannot } = row;
    Object.assign(task.meta, {
      client: { program, version, road, signsIn, step, cannot: cannot?.[step] },
    });
    if (cannot?.[step] !== undefined) skip(cannot[step]);
    const client = connected.get(row);
    if (!client || client instanceof Error)
      throw new Error("It never connected.", { cause: client });
    return client;
  }

  for (const row of chosen) {
    describe(`${row.program} to ${row.road}`, () => {
      it(`signs in ${row.signsIn} and connects`, async (context) => {
        connected.set(row, await row.connect(stack, "octocat"));

        const client = at(row, "signs in", context);
        expect(client.signIns()).toBe(row.signsIn === "in the browser" ? 1 : 0);
      });

      it("lists the tools", async (context) => {
        const client = at(row, "lists the tools", context);

        expect((await client.tools()).toSorted()).toEqual(TOOLS.toSorted());
      });

      it("calls each tool as the person who signed in", async (context) => {
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
      });
    });
  }

  describe("a restart of the server", () => {
    beforeAll(() => stack.restart());

    it.for(chosen)("does not end what $program has to $road", async (row, context) => {
      const client = at(row, "goes on after a restart", context);

      await expect.poll(() => loginOf(client).catch(String), { timeout: BACK_MS }).toBe("octocat");

      expect(client.signIns()).toBeLessThan(2);
    });
  });

  describe("the end of the access token", () => {
    beforeAll(() => endAccessTokens(stack));

    it.for(chosen)("is no matter to $program to $road, which renews it", async (row, context) => {
      const client = at(row, "renews its token", context);

      await expect.poll(() => loginOf(client).catch(String), { timeout: BACK_MS }).toBe("octocat");

      expect(client.signIns()).toBeLessThan(2);
    });
  });
}
