import { randomBytes } from "node:crypto";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { EMULATED_APPS, type EmulatedApp } from "../../../emulator/seed.ts";
import { handedOutIn, type HandedOut, neverHandedOut } from "../../support/canary/handed-out.ts";
import {
  walkIntoRefusals,
  walkThroughAccount,
  walkThroughSessions,
  walkThroughSignIn,
  walkThroughTokens,
  walkThroughTools,
} from "../../support/canary/roads.ts";
import { type Scanner, scannerFor, type Secret } from "../../support/canary/secret-scan.ts";
import { storedFiles } from "../../support/canary/stored-files.ts";
import { recordTraffic, type Traffic } from "../../support/canary/traffic.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { registerClient, signIn } from "../../support/sign-in.ts";

/** Told to the server in public, to be found again where it keeps it. */
const NAME_OF_CLIENT = "A client with a name that is stored";
const NAME_IN_SESSION = "a session's client that is stored";

describe.each(EMULATED_APPS)("after every road was walked with a $kind token", (app) => {
  let server: TestServer;
  let traffic: Traffic;
  let secrets: HandedOut[];
  let scanner: Scanner<HandedOut>;
  let control: Scanner<Secret>;

  beforeAll(async () => {
    const serverSecret = randomBytes(32).toString("base64url");
    server = await startServer({ settings: settingsFor(app, serverSecret) });
    traffic = recordTraffic(server.url);
    const clientId = await walk(server);
    await traffic.stop();
    secrets = [
      neverHandedOut({ name: "the server's secret", value: serverSecret }),
      neverHandedOut({ name: "GitHub's client secret", value: app.clientSecret }),
      ...(await githubTokens(server)),
      ...handedOutIn(traffic.exchanges),
    ];
    scanner = scannerFor(secrets);
    control = scannerFor([
      { name: "the name of a client", value: NAME_OF_CLIENT },
      { name: "the name in a session", value: NAME_IN_SESSION },
      { name: "the id of a client", value: clientId },
    ]);
  }, 120_000);
  afterAll(() => server.close());

  it("knows a secret of every kind", () => {
    expect([...new Set(namesOf(secrets))].toSorted()).toEqual([
      "GitHub's client secret",
      "GitHub's code",
      "a GitHub token",
      "access_token",
      "our code",
      "refresh_token",
      "the account cookie",
      "the account page's form secret",
      "the account-sign-in cookie",
      "the client's PKCE verifier",
      "the consent cookie",
      "the consent handle",
      "the secret part of access_token",
      "the secret part of refresh_token",
      "the server's secret",
      "the state towards GitHub",
      "the upstream cookie",
    ]);
  });

  it("has given no secret away in an answer, but where the protocol hands it out", () => {
    const leaks = traffic.exchanges.flatMap((exchange) =>
      [...exchange.headers, ["body", exchange.body] as const].flatMap(([part, text]) => {
        const leaked = scanner
          .find(text)
          .filter((secret) => !secret.mayStandIn({ exchange, part }));
        return leaked.map(({ name }) => `${name} in ${part} of ${exchange.url.pathname}`);
      }),
    );

    expect(leaks).toEqual([]);
    expect(traffic.exchanges.length).toBeGreaterThan(100);
    expect(traffic.exchanges.some(({ body }) => control.find(body).length > 0)).toBe(true);
  });

  it("has logged no secret", () => {
    const logs = JSON.stringify(server.harness.getLogs());

    expect(namesOf(scanner.find(logs))).toEqual([]);
    expect(logs).not.toMatch(ANY_GITHUB_TOKEN);
    expect(namesOf(control.find(logs))).toContain("the id of a client");
  });

  it("keeps no secret in KV", () => {
    const stored = storedFiles(server.stateDir, "kv");

    const found = stored.flatMap((bytes) => scanner.find(bytes));
    expect(namesOf(found.filter(({ mayRestInKv }) => !mayRestInKv))).toEqual([]);
    expect(stored.filter((bytes) => ANY_GITHUB_TOKEN.test(bytes.toString("latin1")))).toEqual([]);
    const known = stored.flatMap((bytes) => control.find(bytes));
    expect(namesOf(known)).toContain("the name of a client");
  });

  it("keeps no secret in a Durable Object", () => {
    const stored = storedFiles(server.stateDir, "do");

    expect(namesOf(stored.flatMap((bytes) => scanner.find(bytes)))).toEqual([]);
    expect(stored.filter((bytes) => ANY_GITHUB_TOKEN.test(bytes.toString("latin1")))).toEqual([]);
    const known = stored.flatMap((bytes) => control.find(bytes));
    expect(namesOf(known)).toContain("the name in a session");
  });
});

const namesOf = (secrets: readonly Secret[]) => secrets.map(({ name }) => name);

const ANY_GITHUB_TOKEN = /gh[opsru]_[A-Za-z0-9]{20}/;

function settingsFor(app: EmulatedApp, serverSecret: string) {
  return {
    GITHUB_CLIENT_ID: app.clientId,
    GITHUB_CLIENT_SECRET: app.clientSecret,
    SERVER_SECRET: serverSecret,
  };
}

/** Walks every road; returns the id of the client that carries the name to be found again. */
async function walk(server: TestServer): Promise<string> {
  await walkThroughSignIn(server);
  const client = await registerClient(server, { client_name: NAME_OF_CLIENT });
  const [octocat, hubot] = [
    await signIn(server, "octocat", { client }),
    await signIn(server, "hubot"),
  ];
  await walkThroughSessions(server, [octocat, hubot], NAME_IN_SESSION);
  await walkIntoRefusals(server, octocat.access_token);
  await walkThroughTokens(server, octocat);
  await walkThroughTools(server, "mona");
  await walkThroughAccount(server, "hubot");
  return client.client_id;
}

/** Those that work now, and those that worked when GitHub was asked with them. */
async function githubTokens(server: TestServer): Promise<HandedOut[]> {
  const [live, requests] = [await server.github.tokens(), await server.github.requests()];
  const seen = new Set([...live, ...requests].flatMap(({ token }) => token ?? []));
  return Array.from(seen, (value) => neverHandedOut({ name: "a GitHub token", value }));
}
