import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  evictGrantObject,
  grantOf,
  inGrantObject,
  keysInKv,
  objectCount,
  tablesOf,
} from "../../support/grant-object.ts";
import { kvOf } from "../../support/kv.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { pkce, registerClient, type SignedIn, signIn } from "../../support/sign-in.ts";
import { askForTokens, newCode, refresh } from "../../support/token-answer.ts";

const REFUSED = { status: 400, body: { error: "invalid_grant" } };

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** Revokes a client's refresh token, and with it the grant. */
const revoke = ({ client: { client_id }, refresh_token }: SignedIn) =>
  askForTokens(server, { client_id, token: refresh_token });

/** A grant that has ended, at a place where KV does not know it yet. */
async function endedButStored(login: string): Promise<SignedIn> {
  const person = await signIn(server, login);
  const key = `grant:${grantOf(person.refresh_token)}`;
  const kv = await kvOf(server);
  const stored = await kv.get(key);
  await revoke(person);
  await kv.put(key, stored ?? "");
  return person;
}

describe("a grant that has ended", () => {
  it.each(["octocat", "hubot", "mona"])(
    "is not brought back by a refresh where KV still shows it, for %s",
    async (login) => {
      const { client, refresh_token } = await endedButStored(login);

      const answer = await refresh(server, client.client_id, refresh_token);

      expect(answer).toMatchObject(REFUSED);
      expect(await keysInKv(server, `token:${grantOf(refresh_token)}:`)).toEqual([]);
    },
  );

  it("is not brought back after its object was evicted", async () => {
    const { client, refresh_token } = await endedButStored("octocat");
    await evictGrantObject(server, refresh_token);

    expect(await refresh(server, client.client_id, refresh_token)).toMatchObject(REFUSED);
  });

  it("is forgotten by its object after a day", async () => {
    const { client, refresh_token } = await endedButStored("octocat");
    expect(await tablesOf(server, refresh_token)).toContain("ended");

    await inGrantObject(server, refresh_token, "UPDATE ended SET at = at - 86400000");
    // Any request lets the object see that it is late.
    await refresh(server, client.client_id, refresh_token);

    await expect.poll(() => tablesOf(server, refresh_token)).toEqual([]);
  });

  it("can be revoked again", async () => {
    const person = await endedButStored("octocat");

    const again = await revoke(person);

    expect(again).toMatchObject({ status: 200, text: "" });
  });
});

describe("a grant that nobody refreshed for 31 days", () => {
  it("is forgotten by its object", async () => {
    const { client, refresh_token } = await signIn(server, "octocat");
    expect(await tablesOf(server, refresh_token)).toContain("tokens");

    await inGrantObject(
      server,
      refresh_token,
      "UPDATE tokens SET issued_at = issued_at - 31 * 86400000",
    );
    await refresh(server, client.client_id, `${grantOf(refresh_token)}:unknown`);

    await expect.poll(() => tablesOf(server, refresh_token)).toEqual([]);
  });
});

describe("a request that has no claim to a grant", () => {
  const garbage = (more: Record<string, string>) => async (clientId: string) =>
    (await askForTokens(server, { client_id: clientId, ...more })).status;

  it.each([
    ["an unknown refresh token", garbage({ grant_type: "refresh_token", refresh_token: "1:2:3" })],
    ["an unknown code", garbage({ grant_type: "authorization_code", code: "1:2:3" })],
    ["an unknown token to revoke", garbage({ token: "1:2:3" })],
    ["no token at all", garbage({ grant_type: "refresh_token", refresh_token: "nonsense" })],
    ["parts of a token", garbage({ grant_type: "refresh_token", refresh_token: "583231::" })],
  ])("makes no object and no key in storage: %s", async (_what, ask) => {
    const { client_id } = await registerClient(server);
    const objects = await objectCount(server, "GrantObject");
    const keys = await keysInKv(server, "");

    expect(await ask(client_id)).toBeLessThan(500);

    expect(await objectCount(server, "GrantObject")).toBe(objects);
    expect(await keysInKv(server, "")).toEqual(keys);
  });

  it("makes no object: another client's code", async () => {
    const client = await registerClient(server);
    const form = await newCode(server, client, "octocat");
    const objects = await objectCount(server, "GrantObject");
    const thief = await registerClient(server, { client_name: "Another" });

    const stolen = await askForTokens(server, { ...form, client_id: thief.client_id });

    expect(stolen).toMatchObject(REFUSED);
    expect(await objectCount(server, "GrantObject")).toBe(objects);
  });

  it("leaves nothing in its object: a code with another verifier", async () => {
    const { client_id } = await registerClient(server);
    const form = await newCode(server, { client_id }, "octocat");

    const code_verifier = pkce().verifier;
    const wrong = await askForTokens(server, { ...form, client_id, code_verifier });

    expect(wrong).toMatchObject(REFUSED);
    expect(await tablesOf(server, form["code"] ?? "")).toEqual([]);
    expect((await askForTokens(server, { ...form, client_id })).status).toBe(200);
  });
});
