import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { statelessHeaders, statelessMessage } from "../support/mcp-roads.ts";
import { messageOf, send } from "../support/rpc.ts";
import { GITHUB_APP_SETTINGS, startServer, type TestServer } from "../support/server.ts";
import { type SignedIn, signIn } from "../support/sign-in.ts";
import { ageTokens, endGrace, supersededTokens } from "../support/superseded-tokens.ts";

/** The life of a GitHub App's user token, in seconds. */
const EIGHT_HOURS = 8 * 60 * 60;

let oauthApp: TestServer;
let githubApp: TestServer;
beforeAll(async () => {
  oauthApp = await startServer();
  githubApp = await startServer({ settings: GITHUB_APP_SETTINGS });
});
afterAll(async () => {
  await oauthApp.close();
  await githubApp.close();
});
beforeEach(async () => {
  await oauthApp.github.reset();
  await githubApp.github.reset();
});

/** The login that a call under this access token sees, or what the call says instead. */
async function whoami(server: TestServer, token: string): Promise<unknown> {
  const message = statelessMessage("tools/call", { name: "userInfoOctokit", arguments: {} });
  const headers = statelessHeaders("tools/call", "userInfoOctokit");
  const response = await send(server, { token, message, headers });
  if (!response.ok) return response.status;
  const { result } = await messageOf(response);
  return result.structuredContent?.login ?? result.content[0].text;
}

async function signInOften(
  server: TestServer,
  times: number,
  login = "octocat",
): Promise<SignedIn[]> {
  const people: SignedIn[] = [];
  for (let each = 0; each < times; each += 1) people.push(await signIn(server, login));
  return people;
}

/** More than the ten tokens that GitHub keeps of one person and scope set. */
const TIMES = 12;

describe("12 sign-ins from 12 clients", () => {
  it("leave one live token at GitHub, and all still work", async () => {
    const people = await signInOften(oauthApp, TIMES);
    const everyone = () =>
      Promise.all(people.map(({ access_token }) => whoami(oauthApp, access_token)));
    const all = people.map(() => "octocat");
    expect(await everyone()).toEqual(all);
    await endGrace(oauthApp);

    await expect.poll(() => supersededTokens(oauthApp)).toBe(0);

    expect(await oauthApp.github.tokens("octocat")).toHaveLength(1);
    expect(await everyone()).toEqual(all);
    const refreshes = await Promise.all(people.map((person) => person.refresh()));
    expect(refreshes.map(({ status }) => status)).toEqual(people.map(() => 200));
    expect(await oauthApp.github.tokens("octocat")).toHaveLength(1);
  });
});

describe("40 parallel calls of five clients", () => {
  async function parallelCalls(people: readonly SignedIn[]): Promise<unknown[]> {
    await githubApp.github.clearRequests();
    const calls = Array.from({ length: 40 }, (_, index) => people[index % people.length]!);
    return Promise.all(calls.map(({ access_token }) => whoami(githubApp, access_token)));
  }

  async function requestsTo(path: string) {
    const seen = await githubApp.github.requests();
    return seen.filter((request) => request.path.startsWith(path));
  }

  it("refresh a GitHub App's token once when it is about to end, and all succeed", async () => {
    await githubApp.github.setAppTokenSeconds(30);
    const people = await signInOften(githubApp, 5);
    await githubApp.github.setAppTokenSeconds();

    const logins = await parallelCalls(people);

    expect(logins).toEqual(logins.map(() => "octocat"));
    expect(await requestsTo("/login/oauth/access_token")).toHaveLength(1);
  });

  it("refresh it once when GitHub says that it has ended, and all succeed", async () => {
    const people = await signInOften(githubApp, 5);
    const tokens = await githubApp.github.tokens("octocat");
    await Promise.all(tokens.map(({ token }) => githubApp.github.expireToken(token)));
    await ageTokens(githubApp, "expires_at", EIGHT_HOURS);

    const logins = await parallelCalls(people);

    expect(logins).toEqual(logins.map(() => "octocat"));
    expect(await requestsTo("/login/oauth/access_token")).toHaveLength(1);
  });

  it("try to refresh it once, and check each token once, when the person revoked the app", async () => {
    const people = await signInOften(githubApp, 5, "hubot");
    await githubApp.github.revokeTokens({ login: "hubot" });

    const answers = await parallelCalls(people);

    const told = answers.map(
      (answer) => answer === 401 || String(answer).includes("Sign in again"),
    );
    expect(told).toEqual(answers.map(() => true));
    expect(await requestsTo("/login/oauth/access_token")).toHaveLength(1);
    const checked = await requestsTo("/api/v3/applications/");
    expect(new Set(checked.map(({ token }) => token)).size).toBe(checked.length);
  });
});
