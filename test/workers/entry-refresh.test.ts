import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Fault } from "../../emulator/faults.ts";
import { visitAccount } from "../support/account.ts";
import { arrive, codeOf } from "../support/arrival.ts";
import { kvOf } from "../support/kv.ts";
import { userIdOf } from "../support/object-rows.ts";
import { entranceOf } from "../support/rpc.ts";
import { GITHUB_APP_SETTINGS, startServer, type TestServer } from "../support/server.ts";
import { registerClient, type SignedIn, signIn } from "../support/sign-in.ts";

/** Far longer than it takes; a failure must not wait for the test's own end. */
const HANG = { timeout: 15_000 };
const MEMBERSHIPS = "^/api/v3/user/memberships/";
const TOKEN_CHECK = "^/api/v3/applications/";
const ORGS = { ALLOWED_ORGS: "octo-org", CONTACT: "Ada of the tools team" };

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  await server.github.clearFaults();
  await server.github.clearRequests();
});

async function requestsTo(path: string): Promise<number> {
  const seen = await server.github.requests();
  return seen.filter((request) => new RegExp(path).test(request.path)).length;
}

async function grantsOf({ access_token }: SignedIn): Promise<string[]> {
  const prefix = `grant:${userIdOf(access_token)}:`;
  const { keys } = await (await kvOf(server)).list({ prefix });
  return keys.map(({ name }) => name);
}

async function expectRefused(response: Response, contact: string): Promise<void> {
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    error: "invalid_grant",
    error_description: `This server is only for people whom its operator has named. Ask ${contact}.`,
  });
}

/** All that a person's clients had is of no use any more, and nothing of it is kept. */
async function expectEnded(...clients: SignedIn[]): Promise<void> {
  for (const client of clients) {
    await expect.poll(() => entranceOf(server, client.access_token), HANG).toBe(401);
    expect((await client.refresh()).status).toBe(400);
    await expect.poll(() => grantsOf(client), HANG).toEqual([]);
  }
}

describe("a person who is taken off the list of logins", () => {
  let clients: SignedIn[];
  let other: SignedIn;
  beforeAll(async () => {
    clients = [await signIn(server, "hubot"), await signIn(server, "hubot")];
    other = await signIn(server, "octocat");
    const client = await registerClient(server, { client_name: "Left behind" });
    await signIn(server, "hubot", { client });
    await server.redeploy({ ALLOWED_LOGINS: "octocat", CONTACT: "ada@example.com" });
  });

  it("can still look at the account page", async () => {
    const visitor = await visitAccount(server, "hubot");

    expect((await visitor.disconnect("Left behind")).status).toBe(303);
  });

  it("is turned away at once, before the access token ends, and others are not", async () => {
    for (const { access_token } of clients)
      expect(await entranceOf(server, access_token)).toBe(401);
    expect(await entranceOf(server, other.access_token)).toBe(200);
    expect((await other.refresh()).status).toBe(200);
    expect(await requestsTo(MEMBERSHIPS)).toBe(0);
  });

  it("gets invalid_grant with whom to ask when a client refreshes, and all clients end", async () => {
    server.harness.clearLogs();

    await expectRefused(await clients[0]!.refresh(), "ada@example.com");
    await expectEnded(...clients);
    const logged = server.harness.getLogs().map(({ message }) => message);
    const line = logged.find((message) => message.includes("refresh.refused")) ?? "";
    expect(JSON.parse(line)).toMatchObject({ login: "hubot", why: "not listed" });
  });
});

describe.each([
  { app: "an OAuth App", settings: {} },
  { app: "a GitHub App", settings: GITHUB_APP_SETTINGS },
])("a person who leaves the organisation, with $app,", ({ settings }) => {
  beforeAll(() => server.redeploy({ ...settings, ...ORGS }));
  beforeEach(() => server.github.reset());

  it("gets invalid_grant with whom to ask when a client refreshes, and all clients end", async () => {
    const clients = [
      await signIn(server, "octocat"),
      await signIn(server, "octocat", { ticks: ["github:private"] }),
    ] as const;
    await server.github.setMembership("hubot", "octo-org", "active");
    const other = await signIn(server, "hubot");
    await server.github.setMembership("octocat", "octo-org", "none");

    await expectRefused(await clients[1].refresh(), "Ada of the tools team");
    await expectEnded(...clients);
    expect(await entranceOf(server, other.access_token)).toBe(200);
    expect((await other.refresh()).status).toBe(200);
  });

  it("may come back, by a new sign-in, when they join again", async () => {
    const person = await signIn(server, "octocat");
    await server.github.setMembership("octocat", "octo-org", "pending");
    expect((await person.refresh()).status).toBe(400);
    await expectEnded(person);
    await server.github.setMembership("octocat", "octo-org", "active");

    const again = await signIn(server, "octocat");
    expect(await entranceOf(server, again.access_token)).toBe(200);
    expect((await again.refresh()).status).toBe(200);
  });
});

describe("GitHub in trouble when a client of a member refreshes", () => {
  beforeAll(() => server.redeploy(ORGS));

  const trouble: { path: string; fault: Fault }[] = [
    { path: MEMBERSHIPS, fault: { kind: "status", status: 500 } },
    { path: MEMBERSHIPS, fault: { kind: "status", status: 401 } },
    { path: MEMBERSHIPS, fault: { kind: "status", status: 200, body: {} } },
    { path: MEMBERSHIPS, fault: { kind: "rate-limit", status: 403 } },
    { path: MEMBERSHIPS, fault: { kind: "secondary-rate-limit", status: 429 } },
    { path: MEMBERSHIPS, fault: { kind: "reset" } },
    { path: MEMBERSHIPS, fault: { kind: "slow", delayMs: 600_000 } },
    { path: TOKEN_CHECK, fault: { kind: "status", status: 503 } },
  ];

  it.each(trouble)("admits on no guess and ends no grant: %j", async ({ path, fault }) => {
    const person = await signIn(server, "octocat");
    await server.github.fault({ match: { path }, fault });

    const late = await person.refresh();
    expect(late.status).toBe(503);
    expect(Number(late.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await late.json()).toMatchObject({
      error: "temporarily_unavailable",
      error_description: expect.stringContaining("Try again."),
    });

    await server.github.clearFaults();
    expect(await entranceOf(server, person.access_token)).toBe(200);
    expect((await person.refresh()).status).toBe(200);
  });
});

describe("a refresh of a member", () => {
  it("asks for a person's membership once for clients that refresh together", async () => {
    const clients = await Promise.all([1, 2, 3].map(() => signIn(server, "octocat")));
    await server.github.clearRequests();
    // Slow enough for all of them to meet.
    const fault: Fault = { kind: "slow", delayMs: 4_000 };
    await server.github.fault({ match: { path: MEMBERSHIPS }, fault });

    const answers = await Promise.all(clients.map((client) => client.refresh()));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await requestsTo(MEMBERSHIPS)).toBe(1);
  });
});

describe("a refresh", () => {
  it("asks for no membership of a person on the list of logins", async () => {
    await server.redeploy({ ...ORGS, ALLOWED_LOGINS: "octocat" });
    const person = await signIn(server, "octocat");

    expect((await person.refresh()).status).toBe(200);
    expect(await requestsTo(MEMBERSHIPS)).toBe(0);
  });

  it("asks people to sign in again whose tokens cannot tell of their memberships", async () => {
    await server.redeploy({});
    const person = await signIn(server, "octocat");
    await server.redeploy(ORGS);

    const refused = await person.refresh();

    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error_description: "This sign-in can no longer be used. Sign in again.",
    });
    expect(codeOf(await arrive(server, "octocat"))).toBeTruthy();
  });
});
