import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { recordFigure } from "../../support/abuse-figures.ts";
import { Browser, handleOf } from "../../support/browser.ts";
import { flood, type Flood, from, untilRefused } from "../../support/flood.ts";
import { statelessHeaders, statelessMessage } from "../../support/mcp-roads.ts";
import { costOf } from "../../support/operation-costs.ts";
import { send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import {
  allow,
  authorizeUrl,
  pkce,
  REDIRECT_URI,
  registerClient,
  signIn,
} from "../../support/sign-in.ts";

/** Two windows of the limits, since a loop of a minute may touch two. */
const MAX_WRITES = 60;

/** A thousand for the figures of docs/limits.md; these bring all that is refused, and its costs. */
const ROUNDS = process.env["RECORD_FIGURES"] ? 1000 : 250;

interface Round {
  readonly address: string;
  /** The port on which the client waits, which some clients choose anew each time. */
  readonly port?: number;
}

/** What a client does that starts over as soon as its login page does not open. */
async function abandon(server: TestServer, { address, port = 9999 }: Round): Promise<Response> {
  const redirectUri = `http://127.0.0.1:${port}/callback`;
  const registered = await fetch(`${server.url}/register`, {
    method: "POST",
    headers: { "content-type": "application/json", ...from(address) },
    body: JSON.stringify({
      client_name: "A client in a loop",
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: "none",
    }),
  });
  if (!registered.ok) return registered;
  const { client_id } = (await registered.json()) as { client_id: string };
  const url = authorizeUrl(server, {
    client_id,
    redirect_uri: redirectUri,
    code_challenge: pkce().challenge,
  });
  return fetch(url, { headers: from(address) });
}

describe("a client that begins to sign in, over and over, and never does", () => {
  let server: TestServer;
  beforeAll(async () => {
    const main = "test/support/entries/counted.ts";
    server = await startServer({ main, limits: "deployed" });
  });
  afterAll(() => server.close());

  it.each([
    { loop: "with the same registration", name: "login-loop", portOf: () => 9999 },
    { loop: "with another port each time", name: "login-loop-ports", portOf: (n: number) => n },
  ])("costs at most 60 writes, however many rounds, $loop", async ({ loop, name, portOf }) => {
    const round = (n: number) =>
      abandon(server, { address: `192.0.2.${name.length}`, port: portOf(10_000 + n) });

    let rounds: Flood = { tally: {}, refused: undefined };

    const cost = await costOf(server, loop, async () => {
      rounds = await flood(ROUNDS, round);
    });

    expect(cost.kv["put"]).toBeLessThanOrEqual(MAX_WRITES);
    expect(Object.keys(rounds.tally)).toEqual(["200", "429"]);
    expect(rounds.refused?.headers.get("retry-after")).toBe("60");
    const abuse = `A login loop of ${ROUNDS.toLocaleString("en")} rounds, ${loop}`;
    const refused = rounds.tally[429] ?? 0;
    recordFigure(name, { abuse, requests: ROUNDS, refused, objects: 0 }, cost);
  });

  it("leaves other people's sign-ins and calls alone", async () => {
    const loop = flood(200, () => abandon(server, { address: "192.0.2.1" }));
    const person = await signIn(server, "hubot");
    const calls = await flood(50, () =>
      send(server, {
        token: person.access_token,
        message: statelessMessage("tools/call", { name: "add", arguments: { a: 1, b: 2 } }),
        headers: statelessHeaders("tools/call", "add"),
      }),
    );

    expect(calls.tally).toEqual({ 200: 50 });
    expect((await loop).tally[429] ?? 0).toBeGreaterThan(100);
  });

  it("is told on the page what happened and what to do", async () => {
    const client = await registerClient(server);
    const url = authorizeUrl(server, { ...client, code_challenge: pkce().challenge });
    const { refused } = await flood(45, () => fetch(url, { headers: from("192.0.2.2") }));
    const page = await refused?.text();

    expect(page).toContain("Wait a minute, then go back to your MCP client and connect again.");
    expect(page).toContain(refused?.headers.get("x-request-id"));
  });
});

describe("a person whose client was in a loop", () => {
  it("signs in as ever when the minute is over", async () => {
    const server = await startServer({ limits: { period: 10 } });
    try {
      const round = () => abandon(server, { address: "192.0.2.3" });
      await untilRefused(round);

      await expect
        .poll(async () => (await round()).status, { timeout: 15_000, interval: 500 })
        .toBe(200);
    } finally {
      await server.close();
    }
  });
});

describe("a browser in which a client opens page after page", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it("keeps ten sign-ins, the newest of which works", async () => {
    const browser = new Browser();
    const client = await registerClient(server);
    const url = () => authorizeUrl(server, { ...client, code_challenge: pkce().challenge });
    for (let page = 0; page < 30; page += 1) handleOf(await (await browser.fetch(url())).text());

    expect(browser.cookiesOf(server.url)).toHaveLength(10);
    const back = await allow(server, url(), { login: "octocat", browser });
    expect(back.href).toContain(REDIRECT_URI);
    expect(back.searchParams.get("code")).toBeTruthy();
  });
});
