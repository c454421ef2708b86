import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { Browser, handleOf, locationOf } from "../../support/browser.ts";
import { callTool, type Connected, ERAS, textOf } from "../../support/connect.ts";
import { answerOf } from "../../support/failure.ts";
import { TROUBLES } from "../../support/github-trouble.ts";
import { HANG_MS } from "../../support/hang.ts";
import { amountOf } from "../../support/long-run.ts";
import { type NetworkServer, startNetworkServer } from "../../support/network-server.ts";
import { entranceOf } from "../../support/rpc.ts";
import { expectOwnWords } from "../../support/secrets.ts";
import {
  authorizeUrl,
  pkce,
  registerClient,
  type SignedIn,
  signIn,
} from "../../support/sign-in.ts";

const TOKEN_ENDPOINT = "/login/oauth/access_token$";
const PROFILE = "/api/v3/user$";
const TOKEN_CHECK = "/applications/";
const README = "/hello-world/readme$";

let server: NetworkServer;
let person: SignedIn;
let client: Connected;
beforeAll(async () => {
  server = await startNetworkServer();
  person = await signIn(server, "octocat");
  client = await ERAS[2]!.connect(server.url, person.access_token);
});
afterAll(async () => {
  await client.close();
  await server.close();
});
afterEach(() => server.github.clearFaults());

/** Allows a client, picks octocat at GitHub, and returns the way back without taking it. */
async function comeBack(): Promise<() => Promise<Response>> {
  const browser = new Browser();
  const { client_id } = await registerClient(server);
  const url = authorizeUrl(server, { client_id, code_challenge: pkce().challenge });
  const handle = handleOf(await (await browser.fetch(url)).text());
  const allowed = await browser.submit(`${server.url}/authorize`, [
    ["handle", handle],
    ["decision", "allow"],
  ]);
  const back = await server.github.pickAccount(locationOf(allowed).href, "octocat");
  return () => browser.fetch(back);
}

const CALLS = [
  ["userInfoOctokit", {}],
  ["getGithubReadme", { repositoryUrl: "octocat/hello-world" }],
] as const;

const callBoth = () => Promise.all(CALLS.map(([name, args]) => callTool(client, name, args)));

/** A few in every run, spread over all of them; `npm run proof` has the rest. */
const STEP = Math.ceil(TROUBLES.length / amountOf("GITHUB_TROUBLES", 9));

describe.each(TROUBLES.filter((_trouble, index) => index % STEP === 0))(
  "a GitHub that answers with $what",
  ({ fault }) => {
    const strike = (path: string) => server.github.fault({ match: { path }, fault });

    it("stops a sign-in on a page, wherever it is met, and costs nobody a grant", async () => {
      const refreshing = await signIn(server, "octocat");
      const [first, second] = [await comeBack(), await comeBack()];
      await strike(TOKEN_ENDPOINT);
      await strike(TOKEN_CHECK);
      const [stopped, refreshed] = await Promise.all([
        answerOf(first),
        answerOf(refreshing.refresh),
      ]);
      await server.github.clearFaults();
      await strike(PROFILE);
      const unknown = await answerOf(second);

      for (const { status, text } of [stopped, unknown]) {
        expect(status).toBe(502);
        expect(text).toContain("GitHub did not answer as expected.");
        expect(text).toContain("connect again");
      }
      expect(refreshed.status).toBe(200);
      for (const { access_token } of [person, refreshing]) {
        expect(await entranceOf(server, access_token)).toBe(200);
      }
    });

    it("fails the tools that need it, and no call after that", async () => {
      await strike(PROFILE);
      await strike(README);
      const startedAt = Date.now();

      const during = await callBoth();
      expect(Date.now() - startedAt).toBeLessThan(HANG_MS);
      await server.github.clearFaults();
      const after = await callBoth();

      for (const result of during) {
        expect(result.isError).toBe(true);
        expectOwnWords(JSON.stringify(result).replace(server.githubUrl, ""));
      }
      expect(after.map(textOf)).toEqual([
        expect.stringContaining("login: octocat"),
        expect.stringContaining("Hello"),
      ]);
      expect(await entranceOf(server, person.access_token)).toBe(200);
    });
  },
);

describe("the log of all this", () => {
  it("holds no token and no word of GitHub's", () => {
    const logged = JSON.stringify(server.logs);

    expect(logged).toContain("tool.called");
    expect(logged).not.toMatch(/gh[ousr]_[A-Za-z0-9]|Upstream|unicorn|documentation_url/);
    for (const secret of [person.access_token, person.refresh_token]) {
      expect(logged).not.toContain(secret);
    }
  });
});
