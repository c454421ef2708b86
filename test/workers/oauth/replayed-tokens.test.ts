import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { evictGrantObject, grantOf, inGrantObject } from "../../support/grant-object.ts";
import { entranceOf } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { registerClient, signIn } from "../../support/sign-in.ts";
import { askForTokens, basic, newCode, refresh } from "../../support/token-answer.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const REFUSED = { status: 400, body: { error: "invalid_grant" } };

/** A grant whose client has refreshed twice, and all that it was given, oldest first. */
async function refreshedTwice(login = "octocat") {
  const { client, ...first } = await signIn(server, login);
  const { client_id } = client;
  const { body: second } = await refresh(server, client_id, first.refresh_token);
  const { body: third } = await refresh(server, client_id, second.refresh_token);
  return { client_id, first, second, third };
}

describe("a refresh token two generations old", () => {
  it.each(["octocat", "hubot", "mona"])("ends the grant of %s", async (login) => {
    const { client_id, first, second, third } = await refreshedTwice(login);
    const before = await entranceOf(server, third.access_token);

    const replayed = await refresh(server, client_id, first.refresh_token);

    expect(before).toBe(200);
    expect(replayed).toMatchObject(REFUSED);
    for (const { access_token, refresh_token } of [first, second, third]) {
      expect(await entranceOf(server, access_token)).toBe(401);
      expect(await refresh(server, client_id, refresh_token)).toMatchObject(REFUSED);
    }
  });

  it("ends no other grant of the person", async () => {
    const other = await signIn(server, "octocat");
    const { client_id, first } = await refreshedTwice("octocat");

    await refresh(server, client_id, first.refresh_token);

    expect(await entranceOf(server, other.access_token)).toBe(200);
    expect((await other.refresh()).status).toBe(200);
  });

  it("is recognized after its object was evicted", async () => {
    const { client_id, first, third } = await refreshedTwice();
    await evictGrantObject(server, first.refresh_token);

    expect(await refresh(server, client_id, first.refresh_token)).toMatchObject(REFUSED);
    expect(await entranceOf(server, third.access_token)).toBe(401);
  });

  it("is recognized in a grant that is older than its object", async () => {
    const { client, refresh_token: first } = await signIn(server, "octocat");
    const { client_id } = client;
    await inGrantObject(server, first, "DELETE FROM tokens");
    const { body: second } = await refresh(server, client_id, first);
    const { body: third } = await refresh(server, client_id, second.refresh_token);

    expect(await refresh(server, client_id, first)).toMatchObject(REFUSED);
    expect(await entranceOf(server, third.access_token)).toBe(401);
  });

  it("ends nothing when another client shows it", async () => {
    const { client_id, first, third } = await refreshedTwice();
    const thief = await registerClient(server, { client_name: "Another" });

    expect(await refresh(server, thief.client_id, first.refresh_token)).toMatchObject(REFUSED);
    expect(await entranceOf(server, third.access_token)).toBe(200);
    expect((await refresh(server, client_id, third.refresh_token)).status).toBe(200);
  });

  it("ends nothing when a client shows it that cannot prove its secret", async () => {
    const client = await registerClient(server, {
      token_endpoint_auth_method: "client_secret_basic",
    });
    const form = await newCode(server, client, "octocat");
    const { body: first } = await askForTokens(server, form, basic(client));
    const refreshWith = (refresh_token: string, client_secret = client.client_secret ?? "") =>
      askForTokens(
        server,
        { grant_type: "refresh_token", refresh_token },
        basic({ ...client, client_secret }),
      );
    const { body: second } = await refreshWith(first.refresh_token);
    const { body: third } = await refreshWith(second.refresh_token);

    const replayed = await refreshWith(first.refresh_token, "another secret");

    expect(replayed).toMatchObject({ status: 401, body: { error: "invalid_client" } });
    expect(await entranceOf(server, third.access_token)).toBe(200);
  });
});

describe("a refresh token that ends nothing", () => {
  it("is garbage with a grant's own prefix", async () => {
    const { client_id, first, third } = await refreshedTwice();

    const garbage = await refresh(server, client_id, `${grantOf(first.refresh_token)}:garbage`);

    expect(garbage).toMatchObject(REFUSED);
    expect(await entranceOf(server, third.access_token)).toBe(200);
    expect((await refresh(server, client_id, third.refresh_token)).status).toBe(200);
  });

  it("is one generation old, and took the place of one whose answer seemed lost", async () => {
    const { client, refresh_token: first } = await signIn(server, "octocat");
    const { client_id } = client;
    const { body: seeminglyLost } = await refresh(server, client_id, first);
    await inGrantObject(server, first, "DELETE FROM answers");
    const { body: again } = await refresh(server, client_id, first);
    const { body: newest } = await refresh(server, client_id, again.refresh_token);

    const late = await refresh(server, client_id, seeminglyLost.refresh_token);

    expect(late).toMatchObject(REFUSED);
    expect(await entranceOf(server, newest.access_token)).toBe(200);
    expect((await refresh(server, client_id, newest.refresh_token)).status).toBe(200);
  });
});

describe("the memory of a grant's tokens", () => {
  it("ends at a thousand", async () => {
    const { client, refresh_token } = await signIn(server, "octocat");
    await inGrantObject(
      server,
      refresh_token,
      `WITH RECURSIVE numbers(n) AS (SELECT 9 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1500)
        INSERT INTO tokens (id, hash, generation, issued_at)
        SELECT n, 'old ' || n, 0, unixepoch() * 1000 FROM numbers`,
    );

    await refresh(server, client.client_id, refresh_token);

    const sql = "SELECT count(*) AS count FROM tokens";
    expect(await inGrantObject(server, refresh_token, sql)).toEqual([{ count: 1000 }]);
  });
});
