import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { callTool, ERAS, textOf } from "../../support/connect.ts";
import type { ObjectFault } from "../../support/entries/faulty/fault-rule.ts";
import { answerOf, expectOutcome, expectPassingFailure } from "../../support/failure.ts";
import { addFault, clearFaults } from "../../support/faults.ts";
import { amountOf } from "../../support/long-run.ts";
import { OPERATIONS } from "../../support/operations.ts";
import { entranceOf, messageOf, openSession, send, toolCall } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { type SignedIn, signIn } from "../../support/sign-in.ts";

let server: TestServer;
let witness: SignedIn;
beforeAll(async () => {
  server = await startServer({ main: "test/support/entries/faulty.ts" });
  witness = await signIn(server, "octocat");
});
afterAll(() => server.close());
afterEach(() => clearFaults(server));

async function expectNothingLost(): Promise<void> {
  await clearFaults(server);
  expect(await entranceOf(server, witness.access_token)).toBe(200);
  expect((await witness.refresh()).status).toBe(200);
}

/** `npm run proof` tries everything. */
const ALL = amountOf("FAULT_MATRIX", 1) > 1;

/** The platform's words for the same thing. */
const PLATFORM_FAULTS: readonly { how: string; kind: ObjectFault["kind"] }[] = [
  { how: "is overloaded", kind: "overloaded" },
  { how: "was reset", kind: "reset" },
];

const FAULTS: readonly { how: string; kind: ObjectFault["kind"] }[] = [
  ...(ALL ? PLATFORM_FAULTS : []),
  // An object that ends has thrown as well.
  ...(ALL ? [{ how: "throws", kind: "throws" } as const] : []),
  { how: "ends in the middle", kind: "aborts" },
  { how: "is refused what it writes", kind: "storage" },
];

/** A session that is open needs to write nothing to answer. */
const needsNoWrites = (name: string, kind: ObjectFault["kind"]) =>
  kind === "storage" && /call in a session|message to a stream/.test(name);

const NEEDS = OPERATIONS.flatMap((operation) =>
  operation.objects.map((object) => ({ ...operation, object })),
);

describe.each(NEEDS)("$name, when the $object object", (operation) => {
  const { name, object, prepare, status } = operation;

  it.each(FAULTS)("$how, fails in passing", async ({ kind }) => {
    const act = await prepare(server);
    await addFault(server, { at: object, fault: { kind } });

    const answered = await answerOf(act);

    expectOutcome(answered, operation, !needsNoWrites(name, kind));
    await expectNothingLost();
    const again = await prepare(server);
    expect((await answerOf(again)).status).toBe(status);
  });
});

/** Operations for which an object comes into being. */
const NEW = NEEDS.filter(
  ({ name, object }) =>
    object === "once" || /opening|redemption/.test(name + object.replace("account", "")),
).filter(({ object }) => object !== "account");

describe.each(NEW)("$name, when the $object object", ({ audience, object, prepare, status }) => {
  it("cannot be made, fails in passing", async () => {
    const act = await prepare(server);
    await addFault(server, { at: object, fault: { kind: "constructor" } });

    expectPassingFailure(await answerOf(act), audience);

    await expectNothingLost();
    expect((await answerOf(await prepare(server))).status).toBe(status);
  });
});

describe("a session that cannot be initialized", () => {
  it("is told so, and another one opens later", async () => {
    const opening = OPERATIONS.find(({ name }) => name === "a session's opening")!;
    const act = await opening.prepare(server);
    await addFault(server, { at: "session", fault: { kind: "init" } });
    const logged = server.harness.getLogs().length;

    expectPassingFailure(await answerOf(act), "mcp");
    await clearFaults(server);

    expect((await answerOf(act)).status).toBe(200);
    // What a runtime prints by itself is not redacted, as of an alarm whose object could not be made.
    const lines = server.harness.getLogs().slice(logged);
    expect(lines.map(({ message }) => message).join("\n")).not.toMatch(/gho_0123456789/);
  });
});

describe("a session whose object is refused what it writes", () => {
  it("answers a call that takes so long that its answer is a stream", async () => {
    const { access_token: token } = witness;
    const sessionId = await openSession(server, token);
    await addFault(server, { at: "session", fault: { kind: "storage" } });
    await server.github.fault({ match: { path: "/user$" }, fault: { kind: "slow", delayMs: 500 } });

    const answer = await send(server, { token, sessionId, message: toolCall("userInfoOctokit") });
    const type = answer.headers.get("content-type");
    const { result } = await messageOf(answer);
    await server.github.clearFaults();

    expect(type).toBe("text/event-stream");
    expect(result.structuredContent.login).toBe("octocat");
    await expectNothingLost();
  });
});

describe("a session whose object ends while it answers", () => {
  it("ends the stream, and answers the next call", async () => {
    const sessionId = await openSession(server, witness.access_token);
    const token = witness.access_token;
    await server.github.fault({
      match: { path: "/user$" },
      fault: { kind: "slow", delayMs: 3000 },
    });
    const call = send(server, { token, sessionId, message: toolCall("userInfoOctokit") });
    const answered = answerOf(() => call);
    await call;
    const name = `streamable-http:${sessionId}`;
    await server.harness.getWorker().evictDurableObject("SessionAgent", { name });

    await answered;
    await server.github.clearFaults();

    const next = await send(server, { token, sessionId, message: toolCall("userInfoOctokit") });
    expect((await messageOf(next)).result.structuredContent.login).toBe("octocat");
  });
});

describe.each(ERAS)("a call that needs the person's object, over $era", ({ connect }) => {
  it.each(FAULTS.filter(({ kind }) => kind !== "storage"))(
    "says what is wrong when it $how",
    async ({ kind }) => {
      const { access_token, refresh } = await signIn(server, "octocat");
      const client = await connect(server.url, access_token);
      const denied = { kind: "status", status: 401 } as const;
      await server.github.fault({ match: { path: "/user$" }, fault: denied, times: 1 });
      await addFault(server, { at: "account", method: "insteadOf", fault: { kind } });

      const during = await callTool(client, "userInfoOctokit");
      await clearFaults(server);
      const after = await callTool(client, "userInfoOctokit");

      expect(during.isError).toBe(true);
      expect(textOf(during)).toBe(
        "This server could not reach your account just now. Nothing is lost. Try again in a few seconds.",
      );
      expect(after.structuredContent).toMatchObject({ login: "octocat" });
      expect((await refresh()).status).toBe(200);
      await client.close();
    },
  );
});
