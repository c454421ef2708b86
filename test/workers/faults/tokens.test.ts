import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { answerOf, expectPassingFailure } from "../../support/failure.ts";
import { addFault, clearFaults } from "../../support/faults.ts";
import { evictGrantObject } from "../../support/grant-object.ts";
import { entranceOf } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { type RegisteredClient, registerClient, tokenRequest } from "../../support/sign-in.ts";
import { askForTokens, newCode, refresh } from "../../support/token-answer.ts";

let server: TestServer;
let client: RegisteredClient;
beforeAll(async () => {
  server = await startServer({ main: "test/support/entries/faulty.ts" });
  client = await registerClient(server);
});
afterAll(() => server.close());
afterEach(() => clearFaults(server));

async function codeForm(): Promise<Record<string, string>> {
  return { ...(await newCode(server, client, "octocat")), client_id: client.client_id };
}

const STRUCK = ["grant:", "token:"] as const;
const FAULTS = [
  { what: "fails", fault: { kind: "throws" } },
  { what: "seems to fail, and is done", fault: { kind: "throws-after" } },
  { what: "never ends", fault: { kind: "slow", ms: 30_000 } },
] as const;

describe.each(FAULTS)("a write that $what", ({ fault }) => {
  it.each(STRUCK)("of %s leaves a code good for another try", async (prefix) => {
    const form = await codeForm();
    await addFault(server, { at: "kv", operation: "put", prefix, times: 1, fault });

    expectPassingFailure(await answerOf(() => tokenRequest(server, form)), "program");
    const { status, body } = await askForTokens(server, form);

    expect(status).toBe(200);
    expect(await entranceOf(server, body.access_token)).toBe(200);
    expect((await refresh(server, client.client_id, body.refresh_token)).status).toBe(200);
  });

  it.each(STRUCK)("of %s leaves a refresh token good for another try", async (prefix) => {
    const { body: first } = await askForTokens(server, await codeForm());
    await addFault(server, { at: "kv", operation: "put", prefix, times: 1, fault });
    const form = {
      grant_type: "refresh_token",
      client_id: client.client_id,
      refresh_token: first.refresh_token,
    };

    expectPassingFailure(await answerOf(() => tokenRequest(server, form)), "program");
    const { status, body } = await askForTokens(server, form);

    expect(status).toBe(200);
    expect(await entranceOf(server, first.access_token)).toBe(200);
    expect(await entranceOf(server, body.access_token)).toBe(200);
    expect((await refresh(server, client.client_id, body.refresh_token)).status).toBe(200);
  });
});

describe("too many writes", () => {
  it.each(STRUCK)("of %s are told with 429, and when to try again", async (prefix) => {
    const form = await codeForm();
    const fault = { kind: "limited" } as const;
    await addFault(server, { at: "kv", operation: "put", prefix, times: 1, fault });

    const limited = await answerOf(() => tokenRequest(server, form));

    expect(limited).toMatchObject({ status: 429, retryAfter: "30" });
    expect(limited.text).toContain('"temporarily_unavailable"');
    expect((await askForTokens(server, form)).status).toBe(200);
  });
});

describe("a KV that shows what was there before", () => {
  const stale = { kind: "stale" } as const;

  it("does not keep a client from refreshing twice", async () => {
    const form = await codeForm();
    await addFault(server, { at: "kv", operation: "get", prefix: "grant:", fault: stale });

    let { body } = await askForTokens(server, form);
    for (let round = 0; round < 3; round += 1) {
      const refreshed = await refresh(server, client.client_id, body.refresh_token);
      expect(refreshed.status).toBe(200);
      body = refreshed.body;
    }
  });

  it("does not end a sign-in whose object has started anew", async () => {
    const { body: first } = await askForTokens(server, await codeForm());
    await addFault(server, { at: "kv", operation: "get", prefix: "grant:", fault: stale });
    const second = await refresh(server, client.client_id, first.refresh_token);
    const third = await refresh(server, client.client_id, second.body.refresh_token);
    await evictGrantObject(server, first.access_token);

    const form = {
      grant_type: "refresh_token",
      client_id: client.client_id,
      refresh_token: third.body.refresh_token,
    };
    expectPassingFailure(await answerOf(() => tokenRequest(server, form)), "program");
    await clearFaults(server);
    expect((await askForTokens(server, form)).status).toBe(200);
  });

  it("does not keep the newest access token alive when its grant is revoked", async () => {
    const { body: first } = await askForTokens(server, await codeForm());
    await addFault(server, { at: "kv", operation: "list", fault: stale });
    const { body } = await refresh(server, client.client_id, first.refresh_token);

    await tokenRequest(server, { token: body.refresh_token, client_id: client.client_id });

    expect(await entranceOf(server, first.access_token)).toBe(401);
    expect(await entranceOf(server, body.access_token)).toBe(401);
  });
});

describe("a grant's object that cannot remember", () => {
  it.each(["INSERT INTO tokens", "INSERT OR REPLACE INTO answers"])(
    "gives the client what it is owed, though %s fails",
    async (statement) => {
      const form = await codeForm();
      await addFault(server, { at: "grant", method: statement, fault: { kind: "storage" } });

      const { status, body } = await askForTokens(server, form);
      const refreshed = await refresh(server, client.client_id, body.refresh_token);
      await clearFaults(server);

      expect([status, refreshed.status]).toEqual([200, 200]);
      const { status: next } = await refresh(
        server,
        client.client_id,
        refreshed.body.refresh_token,
      );
      expect(next).toBe(200);
    },
  );
});
