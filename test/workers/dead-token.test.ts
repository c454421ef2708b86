import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Fault } from "../../emulator/faults.ts";
import { callTool, type Connected, dealtToEras, ERAS, textOf } from "../support/connect.ts";
import { logLines } from "../support/log-lines.ts";
import { accountRows, userIdOf } from "../support/object-rows.ts";
import { INITIALIZE, send } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { registerClient, type SignedIn, signIn } from "../support/sign-in.ts";

const API = "^/api/v3/user$";
const TOKEN_CHECK = "^/api/v3/applications/";
const DENIED: Fault = { kind: "status", status: 401 };

/** What is no word on the token itself. None of it may cost anybody a sign-in. */
const TROUBLE: { what: string; fault: Fault }[] = [
  { what: "is broken (500)", fault: { kind: "status", status: 500 } },
  { what: "is down (503)", fault: { kind: "status", status: 503 } },
  { what: "forbids (403)", fault: { kind: "status", status: 403 } },
  { what: "limits us (403)", fault: { kind: "rate-limit", status: 403 } },
  { what: "limits us (429)", fault: { kind: "rate-limit", status: 429 } },
  { what: "limits us for a while", fault: { kind: "secondary-rate-limit" } },
  { what: "hangs up", fault: { kind: "reset" } },
];

const NEVER: Fault = { kind: "slow", delayMs: 600_000 };

let server: TestServer;
const open: Connected[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(() => server.github.clearFaults());
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close().catch(() => undefined)));
});

async function requestsTo(path: string) {
  const seen = await server.github.requests();
  return seen.filter((request) => new RegExp(path).test(request.path));
}

/** What the person's account says of this client, beside its calls. */
async function notesOf({ access_token }: SignedIn, clientName: string): Promise<unknown[]> {
  const sql = "SELECT kind FROM events WHERE client = ? AND kind != 'tool_called'";
  return accountRows(server, userIdOf(access_token), sql, clientName);
}

/** What the client meets at the entrance, and when it refreshes. */
async function statusesOf({ access_token: token, refresh }: SignedIn): Promise<number[]> {
  const entrance = await send(server, { token, message: INITIALIZE });
  await entrance.body?.cancel();
  const { status } = await refresh();
  return [entrance.status, status];
}

describe.each(ERAS)("a GitHub token that was revoked, over $era", ({ era, connect }) => {
  beforeEach(() => server.github.reset());

  async function connected(login: string): Promise<{ person: SignedIn; client: Connected }> {
    const person = await signIn(server, login);
    const client = await connect(server.url, person.access_token);
    open.push(client);
    return { person, client };
  }

  it("is checked once, and ends the grant once, for all calls that meet it at once", async () => {
    const clientName = `Eight calls over ${era}`;
    const registered = await registerClient(server, { client_name: clientName });
    const person = await signIn(server, "octocat", { client: registered });
    const client = await connect(server.url, person.access_token);
    open.push(client);
    const live = await server.github.tokens("octocat");
    await server.github.revokeTokens({ login: "octocat" });
    await server.github.clearRequests();
    server.harness.clearLogs();

    const results = await Promise.all(
      Array.from({ length: 8 }, () => callTool(client, "userInfoOctokit").catch(String)),
    );

    // A call that is still on its way when the grant ends is turned away at the entrance.
    const told = results.map((result) => (typeof result === "string" ? result : textOf(result)));
    expect(told.every((text) => /Sign in again|401|Unauthorized/i.test(text))).toBe(true);
    expect(told.some((text) => text.includes("Sign in again"))).toBe(true);
    const checked = (await requestsTo(TOKEN_CHECK)).map(({ token }) => token);
    expect(checked).toContain(live.at(-1)?.token);
    expect(checked).toHaveLength(new Set(checked).size);
    expect(await statusesOf(person)).toEqual([401, 400]);
    const noted = [{ kind: "signed_in" }, { kind: "signed_out_by_github" }];
    expect(await notesOf(person, clientName)).toEqual(noted);
    const grant = person.access_token.split(":")[1];
    const lines = logLines(server, "grant.ended").filter((line) => line["grant"] === grant);
    expect(lines).toMatchObject([{ why: "signed out by GitHub" }]);
  });

  it("costs GitHub nothing more, however often its client comes back", async () => {
    const { person, client } = await connected("octocat");
    await server.github.revokeTokens({ login: "octocat" });
    await callTool(client, "userInfoOctokit");
    await server.github.clearRequests();

    const again = await Promise.allSettled(
      ["userInfoOctokit", "add"].map((tool) => callTool(client, tool)),
    );
    expect(again.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await (await person.refresh()).json()).toMatchObject({ error: "invalid_grant" });
    expect(await server.github.requests()).toEqual([]);
  });

  it("is found out by a client whose copy a later sign-in has superseded, too", async () => {
    const { person, client } = await connected("octocat");
    const later = await signIn(server, "octocat");
    await server.github.revokeTokens({ login: "octocat" });

    const result = await callTool(client, "userInfoOctokit");

    expect(textOf(result)).toContain("Sign in again");
    expect(await statusesOf(person)).toEqual([401, 400]);
    expect(await statusesOf(later)).toEqual([401, 400]);
  });

  it("ends all grants of its person, and leaves two other people alone", async () => {
    const octocat = await connected("octocat");
    const others = await Promise.all(["hubot", "mona"].map(connected));
    const second = await signIn(server, "octocat", { ticks: ["github:private"] });
    await server.github.revokeTokens({ login: "octocat" });

    await callTool(octocat.client, "userInfoOctokit");

    expect(await statusesOf(octocat.person)).toEqual([401, 400]);
    expect(await statusesOf(second)).toEqual([401, 400]);
    const seen = await Promise.all(others.map(({ client }) => callTool(client, "userInfoOctokit")));
    expect(seen.map(textOf)).toEqual(
      [/login: hubot/, /login: mona/].map((login) => expect.stringMatching(login)),
    );
    for (const { person } of others) expect(await statusesOf(person)).toEqual([200, 200]);
  });
});

describe.each(dealtToEras(TROUBLE))(
  "a GitHub token that was revoked, over $era,",
  ({ connect, dealt }) => {
    let person: SignedIn;
    let client: Connected;
    // Whoever loses nothing by one trouble can meet the next one.
    beforeAll(async () => {
      person = await signIn(server, "octocat");
      client = await connect(server.url, person.access_token);
    });
    afterAll(() => client.close());

    it.each(dealt)("is not assumed when GitHub $what during a call", async ({ fault }) => {
      await server.github.fault({ match: { path: API }, fault });

      const during = await callTool(client, "userInfoOctokit");
      await server.github.clearFaults();
      const after = await callTool(client, "userInfoOctokit");

      expect(during.isError).toBe(true);
      expect(textOf(during)).not.toContain("Sign in again");
      expect(after.structuredContent).toMatchObject({ login: "octocat" });
      expect(await statusesOf(person)).toEqual([200, 200]);
    });

    it.each(dealt)("is not assumed when GitHub's token check $what", async ({ fault }) => {
      await server.github.fault({ match: { path: API }, fault: DENIED, times: 1 });
      await server.github.fault({ match: { path: TOKEN_CHECK }, fault });

      const during = await callTool(client, "userInfoOctokit");
      await server.github.clearFaults();
      const after = await callTool(client, "userInfoOctokit");

      expect(during.isError).toBe(true);
      expect(textOf(during)).not.toContain("Sign in again");
      expect(after.structuredContent).toMatchObject({ login: "octocat" });
      expect(await statusesOf(person)).toEqual([200, 200]);
    });
  },
);

describe("a GitHub that never answers", () => {
  it.each([
    ["a call", [{ path: API, fault: NEVER }]],
    [
      "a token check",
      [
        { path: API, fault: DENIED },
        { path: TOKEN_CHECK, fault: NEVER },
      ],
    ],
  ])("costs no sign-in on any road, at %s", async (_where, faults) => {
    const people = await Promise.all(ERAS.map(() => signIn(server, "mona")));
    const clients = await Promise.all(
      ERAS.map(({ connect }, index) => connect(server.url, people[index]!.access_token)),
    );
    open.push(...clients);
    for (const { path, fault } of faults) await server.github.fault({ match: { path }, fault });

    const during = await Promise.all(clients.map((client) => callTool(client, "userInfoOctokit")));
    await server.github.clearFaults();

    expect(during.map(({ isError }) => isError)).toEqual(ERAS.map(() => true));
    expect(during.map(textOf).join()).not.toContain("Sign in again");
    for (const person of people) expect(await statusesOf(person)).toEqual([200, 200]);
  });
});

describe("a refresh", () => {
  it.each([...TROUBLE, { what: "never answers", fault: NEVER }])(
    "costs no sign-in while GitHub $what",
    async ({ fault }) => {
      const person = await signIn(server, "octocat");
      await server.github.fault({ match: {}, fault });

      const during = await person.refresh();
      await server.github.clearFaults();

      expect(during.status).toBe(200);
      expect(await statusesOf(person)).toEqual([200, 200]);
    },
  );
});
