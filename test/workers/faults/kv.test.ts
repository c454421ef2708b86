import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { answerOf, expectOutcome, expectPassingFailure } from "../../support/failure.ts";
import { addFault, clearFaults } from "../../support/faults.ts";
import { amountOf } from "../../support/long-run.ts";
import { type Act, OPERATIONS, type Operation } from "../../support/operations.ts";
import { entranceOf } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { type SignedIn, signIn } from "../../support/sign-in.ts";

const KV_OPERATIONS = ["get", "put", "list", "delete"] as const;

let server: TestServer;
let witness: SignedIn;
beforeAll(async () => {
  server = await startServer({ main: "test/support/entries/faulty.ts" });
  witness = await signIn(server, "octocat");
});
afterAll(() => server.close());
afterEach(() => clearFaults(server));

/** Everything prepared at once, before anything fails. */
function prepared(): Promise<{ operation: Operation; act: Act }[]> {
  return Promise.all(
    OPERATIONS.map(async (operation) => ({ operation, act: await operation.prepare(server) })),
  );
}

/** The storage is well again: nobody has lost a sign-in, and everything works. */
async function expectNothingLost(): Promise<void> {
  await clearFaults(server);
  expect(await entranceOf(server, witness.access_token)).toBe(200);
  expect((await witness.refresh()).status).toBe(200);
}

/**
 * What an operation does not ask of KV cannot fail it, and a KV that only threw is as it was before:
 * `npm run proof` tries that too.
 */
const ALL = amountOf("FAULT_MATRIX", 1) > 1;

describe.each(OPERATIONS.filter(({ kv }) => ALL || kv.length > 0))(
  "$name",
  ({ audience, status, kv, prepare }) => {
    it.each(ALL ? KV_OPERATIONS : kv)(
      "is answered as it should be while KV fails to %s",
      async (operation) => {
        const act = await prepare(server);
        await addFault(server, { at: "kv", operation, fault: { kind: "throws" } });

        const answered = await answerOf(act);

        expectOutcome(answered, { audience, status }, kv.includes(operation));
        await expectNothingLost();
        if (!ALL) return;
        const again = await prepare(server);
        expect((await answerOf(again)).status).toBe(status);
      },
    );
  },
);

describe("a KV that is slow", () => {
  it.each(KV_OPERATIONS.slice(0, ALL ? 4 : 1))(
    "fails nothing when it takes two seconds to %s",
    async (operation) => {
      const all = await prepared();
      await addFault(server, { at: "kv", operation, fault: { kind: "slow", ms: 2000 } });

      const answers = await Promise.all(all.map(({ act }) => answerOf(act)));

      expect(answers.map(({ status }) => status)).toEqual(OPERATIONS.map(({ status }) => status));
    },
  );

  it.each(KV_OPERATIONS.slice(0, ALL ? 4 : 2))(
    "is not waited for when it takes for ever to %s",
    async (operation) => {
      const all = await prepared();
      await addFault(server, { at: "kv", operation, fault: { kind: "slow", ms: 30_000 } });

      const answers = await Promise.all(all.map(({ act }) => answerOf(act)));

      expect(answers).toHaveLength(OPERATIONS.length);
      answers.forEach((answered, index) => {
        const asked = OPERATIONS[index]!;
        expectOutcome(answered, asked, asked.kv.includes(operation));
      });
      await expectNothingLost();
    },
  );
});

const BROKEN = [
  { what: "cut in the middle", fault: { kind: "cut" } },
  { what: "null", fault: { kind: "says", text: "null" } },
  { what: "an empty object", fault: { kind: "says", text: "{}" } },
  { what: "a list", fault: { kind: "says", text: "[]" } },
  { what: "a text", fault: { kind: "says", text: '"grant"' } },
  { what: "no JSON at all", fault: { kind: "says", text: "<html>" } },
] as const;

describe.each(BROKEN)("a record that is $what", ({ fault }) => {
  it("sends a client to refresh, if it is an access token's", async () => {
    await addFault(server, { at: "kv", operation: "get", prefix: "token:", fault });

    expect(await entranceOf(server, witness.access_token)).toBe(401);
    expect((await witness.refresh()).status).toBe(200);
    await expectNothingLost();
  });

  it.each(["grant:", "client:"])(
    "is no reason to end a sign-in, if it is of %s",
    async (prefix) => {
      const { refresh } = await signIn(server, "octocat");
      await addFault(server, { at: "kv", operation: "get", prefix, fault });

      expectPassingFailure(await answerOf(refresh), "program");
      await clearFaults(server);
      expect((await refresh()).status).toBe(200);
    },
  );

  it("stops a sign-in on a page, if it is of a consent", async () => {
    const consent = OPERATIONS.find(({ name }) => name === "the consent")!;
    const act = await consent.prepare(server);
    await addFault(server, { at: "kv", operation: "get", prefix: "transaction:", fault });

    const { status, text } = await answerOf(act);

    expect(status).toBe(400);
    expect(text).toContain("connect again");
  });
});
