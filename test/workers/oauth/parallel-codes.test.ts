import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { grantOf } from "../../support/grant-object.ts";
import { kvOf } from "../../support/kv.ts";
import { entranceOf } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { registerClient } from "../../support/sign-in.ts";
import { askForTokens, newCode, refresh } from "../../support/token-answer.ts";

const PEOPLE = ["octocat", "hubot", "mona"];

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const times = <Result>(count: number, work: () => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, work));

describe("a code that is redeemed ten times at once", () => {
  it.each(PEOPLE)("gives one answer with tokens, for %s", async (login) => {
    const client = await registerClient(server);
    const form = { ...(await newCode(server, client, login)), client_id: client.client_id };

    const answers = await times(10, () => askForTokens(server, form));

    const [won, ...lost] = answers.toSorted((one, other) => one.status - other.status);
    expect(won?.status).toBe(200);
    expect(new Set(lost.map(({ status, body }) => `${status} ${body.error}`))).toEqual(
      new Set(["400 invalid_grant"]),
    );
    // RFC 6749, section 4.1.2: a code that comes again ends what it gave.
    expect(await entranceOf(server, won?.body.access_token ?? "")).toBe(401);
    const { client_id } = client;
    expect((await refresh(server, client_id, won?.body.refresh_token ?? "")).status).toBe(400);
  });
});

describe("a code that was redeemed, where KV still shows it as new", () => {
  it("ends what it gave", async () => {
    const client = await registerClient(server);
    const { code = "", ...rest } = await newCode(server, client, "octocat");
    const form = { ...rest, code, client_id: client.client_id };
    const kv = await kvOf(server);
    const key = `grant:${grantOf(code)}`;
    const unused = await kv.get(key);
    const first = await askForTokens(server, form);
    await kv.put(key, unused ?? "");

    const second = await askForTokens(server, form);

    expect(first.status).toBe(200);
    expect(second).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(await entranceOf(server, first.body.access_token)).toBe(401);
    expect((await refresh(server, client.client_id, first.body.refresh_token)).status).toBe(400);
  });
});
