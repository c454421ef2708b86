import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { evictGrantObject, grantOf, inGrantObject, keysInKv } from "../../support/grant-object.ts";
import { kvOf } from "../../support/kv.ts";
import { entranceOf } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { registerClient, type RegisteredClient, signIn } from "../../support/sign-in.ts";
import { askForTokens, basic, newCode, refresh } from "../../support/token-answer.ts";

const PEOPLE = ["octocat", "hubot", "mona"];

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const times = <Result>(count: number, work: () => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, work));

/** Lets a minute pass for the answers that are kept. */
const age = (token: string) =>
  inGrantObject(server, token, "UPDATE answers SET given_at = given_at - 60000");

describe("a refresh token that ten processes use at once", () => {
  it.each(PEOPLE)("gives all of them the same working tokens, for %s", async (login) => {
    const { client, refresh_token } = await signIn(server, login);
    const { client_id } = client;

    const answers = await times(10, () => refresh(server, client_id, refresh_token));

    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const [{ body }] = answers as [(typeof answers)[0]];
    expect(body.refresh_token).not.toBe(refresh_token);
    expect(await entranceOf(server, body.access_token)).toBe(200);
    // One access token from the sign-in, one from all the refreshes.
    expect(await keysInKv(server, `token:${grantOf(refresh_token)}:`)).toHaveLength(2);
    const next = await times(10, () => refresh(server, client_id, body.refresh_token));
    expect(new Set(next.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await entranceOf(server, next[0]?.body.access_token ?? "")).toBe(200);
  });

  it("gives all of them the same tokens when GitHub is slow", async () => {
    const { client, refresh_token } = await signIn(server, "octocat");
    await server.github.fault({ match: {}, fault: { kind: "slow", delayMs: 500 } });

    const answers = await times(10, () => refresh(server, client.client_id, refresh_token));
    await server.github.clearFaults();

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it("gives an answer again with the headers of the first", async () => {
    const { client, refresh_token } = await signIn(server, "octocat");
    const { client_id } = client;
    const ask = () =>
      fetch(`${server.url}/token`, {
        method: "POST",
        headers: { origin: "https://page.example" },
        body: new URLSearchParams({ grant_type: "refresh_token", client_id, refresh_token }),
      });
    const headersOf = ({ headers }: Response) =>
      ["content-type", "cache-control", "access-control-allow-origin"].map((name) =>
        headers.get(name),
      );

    const [first, again] = [await ask(), await ask()];

    expect(headersOf(first)).toEqual(["application/json", "no-store", "https://page.example"]);
    expect(headersOf(again)).toEqual(headersOf(first));
    expect(await again.text()).toBe(await first.text());
  });

  it("gives its answer again after its object was evicted", async () => {
    const { client, refresh_token } = await signIn(server, "octocat");
    const first = await refresh(server, client.client_id, refresh_token);
    await evictGrantObject(server, refresh_token);

    const again = await refresh(server, client.client_id, refresh_token);

    expect(again).toEqual(first);
  });

  it("leaves every caller with working tokens when 20 grants refresh in ten processes each", async () => {
    const grants = [];
    for (let each = 0; each < 20; each += 1) {
      grants.push(await signIn(server, PEOPLE[each % PEOPLE.length] ?? ""));
    }

    const answers = await Promise.all(
      grants.flatMap(({ client, refresh_token }) =>
        Array.from({ length: 10 }, () => refresh(server, client.client_id, refresh_token)),
      ),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const tokens = new Set(answers.map(({ body }) => body.access_token));
    expect(tokens.size).toBe(20);
    const entrances = await Promise.all(Array.from(tokens, (token) => entranceOf(server, token)));
    expect(new Set(entrances)).toEqual(new Set([200]));
  }, 60_000);
});

describe("an answer that is kept for a minute", () => {
  it("is not given for other scopes, or to a request that asks twice in one", async () => {
    const { client, refresh_token } = await signIn(server, "octocat");
    const { client_id } = client;
    const first = await refresh(server, client_id, refresh_token);
    const repeated = new URLSearchParams([
      ["grant_type", "refresh_token"],
      ["client_id", client_id],
      ["refresh_token", refresh_token],
      ["refresh_token", refresh_token],
    ]);

    const twice = await fetch(`${server.url}/token`, { method: "POST", body: repeated });
    const narrower = await refresh(server, client_id, refresh_token, { scope: "mcp:tools" });

    expect(twice.status).toBe(400);
    expect(narrower.status).toBe(200);
    expect(narrower.body.access_token).not.toBe(first.body.access_token);
  });

  it("is not given to another client", async () => {
    const { client, refresh_token } = await signIn(server, "octocat");
    await refresh(server, client.client_id, refresh_token);
    const thief = await registerClient(server, { client_name: "Another" });

    const stolen = await refresh(server, thief.client_id, refresh_token);

    expect(stolen).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(stolen.body.access_token).toBeUndefined();
  });

  it("is wiped after a minute", async () => {
    const { client, refresh_token } = await signIn(server, "octocat");
    await refresh(server, client.client_id, refresh_token);
    const answers = () => inGrantObject(server, refresh_token, "SELECT question FROM answers");
    expect(await answers()).toHaveLength(1);

    await age(refresh_token);
    // Any request lets the object see that it is late.
    await refresh(server, client.client_id, `${grantOf(refresh_token)}:unknown`);

    await expect.poll(answers).toEqual([]);
  });

  it("rests where nobody can read it, as do the tokens", async () => {
    const { client, refresh_token } = await signIn(server, "octocat");
    const { body } = await refresh(server, client.client_id, refresh_token);

    const kept = await Promise.all(
      ["tokens", "answers", "ended"].map((table) =>
        inGrantObject(server, refresh_token, `SELECT * FROM ${table}`),
      ),
    );

    const stored = JSON.stringify(kept);
    const secrets = [refresh_token, body.refresh_token, body.access_token];
    for (const secret of secrets.map((token) => token.split(":")[2] ?? "")) {
      expect(stored).not.toContain(secret);
    }
    expect(stored).not.toContain("access_token");
    // The code and two refresh tokens; an answer; no end.
    expect(kept.map((rows) => rows.length)).toEqual([3, 1, 0]);
  });
});

describe("a client with a secret", () => {
  let client: RegisteredClient;
  beforeAll(async () => {
    client = await registerClient(server, { token_endpoint_auth_method: "client_secret_basic" });
  });

  async function signedIn() {
    const { body } = await askForTokens(
      server,
      await newCode(server, client, "octocat"),
      basic(client),
    );
    return body;
  }

  const refreshWith = (secret: string | undefined, refresh_token: string) =>
    askForTokens(
      server,
      { grant_type: "refresh_token", refresh_token },
      basic({ ...client, ...(secret !== undefined && { client_secret: secret }) }),
    );

  it("gets the same answer ten times at once", async () => {
    const { refresh_token } = await signedIn();

    const answers = await times(10, () => refreshWith(undefined, refresh_token));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it("must prove its secret again for an answer that is kept", async () => {
    const { refresh_token } = await signedIn();
    await refreshWith(undefined, refresh_token);

    const wrong = await refreshWith("another secret", refresh_token);
    const none = await refresh(server, client.client_id, refresh_token);

    for (const answer of [wrong, none]) {
      expect(answer).toMatchObject({ status: 401, body: { error: "invalid_client" } });
      expect(answer.body.access_token).toBeUndefined();
    }
  });
});

describe("a grant's object that fails", () => {
  it("costs no sign-in: the client is told to try again", async () => {
    const { client, refresh_token } = await signIn(server, "octocat");
    await inGrantObject(server, refresh_token, "ALTER TABLE tokens RENAME TO mislaid");
    await inGrantObject(server, refresh_token, "CREATE TABLE tokens (other TEXT)");

    const failed = await refresh(server, client.client_id, refresh_token);
    await inGrantObject(server, refresh_token, "DROP TABLE tokens");
    await inGrantObject(server, refresh_token, "ALTER TABLE mislaid RENAME TO tokens");
    const next = await refresh(server, client.client_id, refresh_token);

    expect(failed).toMatchObject({ status: 503, body: { error: "temporarily_unavailable" } });
    expect(next.status).toBe(200);
    expect(await (await kvOf(server)).get(`grant:${grantOf(refresh_token)}`)).not.toBeNull();
  });
});
