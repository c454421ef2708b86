import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { recordFigure } from "../../support/abuse-figures.ts";
import { flood, type Flood, from } from "../../support/flood.ts";
import { kvOf } from "../../support/kv.ts";
import { costOf } from "../../support/operation-costs.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { REDIRECT_URI, type RegisteredClient, signIn } from "../../support/sign-in.ts";

let server: TestServer;
beforeAll(async () => {
  const main = "test/support/entries/counted.ts";
  server = await startServer({ main, limits: "deployed" });
});
afterAll(() => server.close());

function register(metadata: object, address = "198.51.100.1"): Promise<Response> {
  return fetch(`${server.url}/register`, {
    method: "POST",
    headers: { "content-type": "application/json", ...from(address) },
    body: JSON.stringify({
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: "none",
      ...metadata,
    }),
  });
}

async function registered(metadata: object): Promise<RegisteredClient> {
  const response = await register(metadata);
  expect(response.status).toBe(201);
  return (await response.json()) as RegisteredClient;
}

async function storedClients(): Promise<number> {
  return (await (await kvOf(server)).list({ prefix: "client:" })).keys.length;
}

describe("a client that registers", () => {
  it("gets the id that it has, without a write, when it is known", async () => {
    const first = await registered({ client_name: "Known" });
    const stored = await storedClients();

    const cost = await costOf(server, "again", async () => {
      expect(await registered({ client_name: "Known" })).toEqual(first);
    });

    expect(cost.kv["put"]).toBeUndefined();
    expect(await storedClients()).toBe(stored);
  });

  it("signs people in under that id", async () => {
    await registered({ client_name: "Known" });
    const client = await registered({ client_name: "Known" });

    const { access_token } = await signIn(server, "octocat", { client });

    expect(access_token).toBeTruthy();
  });

  it.each([
    ["another name", { client_name: "Other" }],
    ["another redirect URI", { redirect_uris: ["http://127.0.0.1:10/callback"] }],
    ["one redirect URI more", { redirect_uris: [REDIRECT_URI, "https://app.example/callback"] }],
    ["another home page", { client_uri: "https://app.example/" }],
  ])("gets an id of its own with %s", async (_difference, metadata) => {
    const { client_id } = await registered({ client_name: "Known" });

    const other = await registered({ client_name: "Known", ...metadata });

    expect(other.client_id).not.toBe(client_id);
  });

  it("gets an id and a secret of its own each time when it is confidential", async () => {
    const metadata = { client_name: "Known", token_endpoint_auth_method: "client_secret_post" };

    const [one, other] = [await registered(metadata), await registered(metadata)];

    expect(one.client_id).not.toBe(other.client_id);
    expect(one.client_secret).not.toBe(other.client_secret);
  });

  it("is stored anew when half of its registration is over", async () => {
    const { client_id } = await registered({ client_name: "Old" });
    const kv = await kvOf(server);
    const record = JSON.parse((await kv.get(`client:${client_id}`)) ?? "");
    const { registrationDate, registrationExpiresAt } = record;
    const age = (registrationExpiresAt - registrationDate) / 2 + 60;
    record.registrationDate -= age;
    record.registrationExpiresAt -= age;
    await kv.put(`client:${client_id}`, JSON.stringify(record));

    expect((await registered({ client_name: "Old" })).client_id).toBe(client_id);

    const renewed = JSON.parse((await kv.get(`client:${client_id}`)) ?? "");
    expect(renewed.registrationExpiresAt).toBeGreaterThanOrEqual(registrationExpiresAt);
  });
});

describe("a flood of registrations", () => {
  it("stores at most twenty clients of one address in a minute, and none of the rest", async () => {
    const before = await storedClients();
    let answers: Flood = { tally: {}, refused: undefined };

    const cost = await costOf(server, "flood", async () => {
      answers = await flood(100, (each) => register({ client_name: `${each}` }, "198.51.100.2"));
    });

    const { 201: stored = 0, 429: refused = 0 } = answers.tally;
    expect(stored).toBeLessThanOrEqual(20);
    expect(stored + refused).toBe(100);
    expect((await storedClients()) - before).toBe(stored);
    expect(answers.refused?.headers.get("retry-after")).toBe("60");
    expect(await answers.refused?.json()).toMatchObject({ error: "temporarily_unavailable" });
    const abuse = "A flood of 100 different registrations";
    recordFigure("registrations", { abuse, requests: 100, refused, objects: 0 }, cost);
  });

  it("keeps nobody at another address from registering", async () => {
    await flood(100, (each) => register({ client_name: `more ${each}` }, "198.51.100.3"));

    expect((await register({ client_name: "Somebody" }, "198.51.100.4")).status).toBe(201);
  });

  it("counts as one address what comes from one IPv6 network", async () => {
    const address = (each: number) => `2001:db8:0:1::${(each + 1).toString(16)}`;

    const { tally } = await flood(40, (each) =>
      register({ client_name: `v6 ${each}` }, address(each)),
    );

    expect(tally[429] ?? 0).toBeGreaterThanOrEqual(20);
    expect((await register({ client_name: "v6" }, "2001:db8:0:2::1")).status).toBe(201);
  });
});
