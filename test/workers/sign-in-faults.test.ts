import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Fault } from "../../emulator/faults.ts";
import { Browser, handleOf, locationOf } from "../support/browser.ts";
import { type Elsewhere, startElsewhere } from "../support/elsewhere.ts";
import { type NetworkServer, startNetworkServer } from "../support/network-server.ts";
import { authorizeUrl, pkce, registerClient, signIn } from "../support/sign-in.ts";

let server: NetworkServer;
let elsewhere: Elsewhere;
beforeAll(async () => {
  server = await startNetworkServer();
  elsewhere = await startElsewhere();
});
afterAll(async () => {
  await server.close();
  await elsewhere.close();
});
beforeEach(() => server.github.clearFaults());

/** Allows a client, picks octocat at GitHub, and returns the way back without taking it. */
async function comeBack(browser: Browser): Promise<string> {
  const { client_id } = await registerClient(server);
  const url = authorizeUrl(server, { client_id, code_challenge: pkce().challenge });
  const handle = handleOf(await (await browser.fetch(url)).text());
  const allowed = await browser.submit(`${server.url}/authorize`, [
    ["handle", handle],
    ["decision", "allow"],
  ]);
  return server.github.pickAccount(locationOf(allowed).href, "octocat");
}

const json = { "content-type": "application/json" };

const FAULTS: [what: string, fault: () => Fault][] = [
  [
    "refuses the code",
    () => ({
      kind: "status",
      status: 200,
      body: { error: "bad_verification_code" },
      headers: json,
    }),
  ],
  [
    "knows no such app",
    () => ({
      kind: "status",
      status: 200,
      body: { error: "incorrect_client_credentials" },
      headers: json,
    }),
  ],
  [
    "gives a token of another type",
    () => ({
      kind: "status",
      status: 200,
      body: { access_token: "gho_x", token_type: "mac" },
      headers: json,
    }),
  ],
  ["answers 500", () => ({ kind: "status", status: 500 })],
  ["answers 429", () => ({ kind: "secondary-rate-limit", status: 429 })],
  ["answers with a page", () => ({ kind: "wrong-type" })],
  ["answers with broken JSON", () => ({ kind: "bad-json" })],
  ["answers without end", () => ({ kind: "huge", bytes: 50_000_000 })],
  ["resets the connection", () => ({ kind: "reset" })],
  ["is cut off", () => ({ kind: "cut" })],
  ["redirects elsewhere", () => ({ kind: "redirect", status: 307, location: elsewhere.url })],
];

describe.each([
  ["token endpoint", "/login/oauth/access_token"],
  ["profile", "/api/v3/user"],
])("the way back when GitHub's %s", (endpoint, path) => {
  const cases = FAULTS.filter(
    ([what]) => endpoint === "token endpoint" || !/code|app|type/.test(what),
  );

  it.each(cases)("%s ends on a page that says how to go on", async (what, fault) => {
    const browser = new Browser();
    const back = await comeBack(browser);
    await server.github.fault({ match: { path }, fault: fault() });

    const response = await browser.fetch(back);

    expect(response.status).toBe(what === "refuses the code" ? 400 : 502);
    const page = await response.text();
    expect(page).toContain("Sign-in stopped");
    expect(page).toContain("connect again");
    expect(page).not.toMatch(/gho_|bad_verification|incorrect_client/);
    expect(elsewhere.visits).toEqual([]);
  });
});

describe("a refresh while GitHub resets connections", () => {
  it("leaves the grant as it was", async () => {
    const person = await signIn(server, "octocat");
    await server.github.fault({ match: {}, fault: { kind: "reset" } });

    const response = await person.refresh();

    expect(response.status).toBe(200);
  });
});

describe("the log of all these sign-ins", () => {
  it("holds no token and no secret", () => {
    const logged = JSON.stringify(server.logs);

    expect(logged).toContain("sign_in.github");
    expect(logged).not.toMatch(/gh[ousr]_[A-Za-z0-9]{20}|emulated-oauth-app-secret/);
  });
});
