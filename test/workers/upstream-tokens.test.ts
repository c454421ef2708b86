import { setTimeout as delay } from "node:timers/promises";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { messageOf, openSession, send, toolCall } from "../support/rpc.ts";
import { GITHUB_APP_SETTINGS, startServer, type TestServer } from "../support/server.ts";
import { type SignedIn, signIn, type Tokens } from "../support/sign-in.ts";

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

async function liveToken({ github }: TestServer, login: string): Promise<string> {
  const tokens = await github.tokens(login);
  const last = tokens.at(-1);
  if (!last) throw new Error(`${login} has no live token.`);
  return last.token;
}

async function refreshed(person: SignedIn): Promise<Tokens> {
  const response = await person.refresh();
  expect(response.status).toBe(200);
  return (await response.json()) as Tokens;
}

async function callTool(server: TestServer, token: string) {
  const sessionId = await openSession(server, token);
  const response = await send(server, { token, sessionId, message: toolCall("userInfoOctokit") });
  return (await messageOf(response)).result;
}

async function whoami(server: TestServer, token: string): Promise<unknown> {
  return (await callTool(server, token)).structuredContent?.login;
}

describe("a GitHub App's user token", () => {
  it("is left alone by a refresh while it has hours to live", async () => {
    const person = await signIn(githubApp, "octocat");
    const before = await liveToken(githubApp, "octocat");

    const tokens = await refreshed(person);

    expect(await liveToken(githubApp, "octocat")).toBe(before);
    expect(await whoami(githubApp, tokens.access_token)).toBe("octocat");
  });

  it("is renewed when a tool needs it and it has ended, for all clients of the person", async () => {
    await githubApp.github.setAppTokenSeconds(1);
    const one = await signIn(githubApp, "octocat");
    const other = await signIn(githubApp, "octocat");
    await githubApp.github.setAppTokenSeconds();
    await githubApp.github.clearRequests();

    expect(await whoami(githubApp, one.access_token)).toBe("octocat");
    expect(await whoami(githubApp, other.access_token)).toBe("octocat");

    const seen = await githubApp.github.requests();
    expect(seen.map(({ path }) => path)).toEqual([
      "/login/oauth/access_token",
      "/api/v3/user",
      "/api/v3/user",
    ]);
    expect(seen[1]?.token).toBe(seen[2]?.token);
  });

  it("is replaced in a call that GitHub refuses, when another client has had it renewed", async () => {
    await githubApp.github.setAppTokenSeconds(600);
    const one = await signIn(githubApp, "octocat");
    const other = await signIn(githubApp, "octocat");
    await githubApp.github.setAppTokenSeconds();
    await refreshed(one);
    await githubApp.github.clearRequests();

    expect(await whoami(githubApp, other.access_token)).toBe("octocat");
    expect(await whoami(githubApp, other.access_token)).toBe("octocat");

    const seen = await githubApp.github.requests();
    expect(seen.map(({ path, status }) => [path, status])).toEqual([
      ["/api/v3/user", 401],
      ["/api/v3/user", 200],
      ["/api/v3/user", 200],
    ]);
  });

  it("is renewed by a refresh when it ends within the hour, and the new one is used", async () => {
    await githubApp.github.setAppTokenSeconds(600);
    const person = await signIn(githubApp, "octocat");
    const before = await liveToken(githubApp, "octocat");
    await githubApp.github.setAppTokenSeconds();

    const tokens = await refreshed(person);

    const after = await liveToken(githubApp, "octocat");
    expect(after).not.toBe(before);
    await githubApp.github.clearRequests();
    expect(await whoami(githubApp, tokens.access_token)).toBe("octocat");
    const seen = await githubApp.github.requests();
    expect(seen.map(({ token }) => token)).toEqual([after]);
  });

  it("stays in use when GitHub is down but the token still lives", async () => {
    await githubApp.github.setAppTokenSeconds(600);
    const person = await signIn(githubApp, "octocat");
    await githubApp.github.fault({ match: {}, fault: { kind: "status", status: 503 } });

    const tokens = await refreshed(person);

    await githubApp.github.clearFaults();
    expect(await whoami(githubApp, tokens.access_token)).toBe("octocat");
  });

  it("costs no sign-in when it has ended and GitHub is down: tools say so, and work again later", async () => {
    await githubApp.github.setAppTokenSeconds(1);
    const person = await signIn(githubApp, "octocat");
    await githubApp.github.setAppTokenSeconds();
    await delay(1_100);
    await githubApp.github.fault({ match: {}, fault: { kind: "status", status: 503 } });

    const tokens = await refreshed(person);
    const during = await callTool(githubApp, tokens.access_token);
    await githubApp.github.clearFaults();

    expect(during.isError).toBe(true);
    expect(during.content[0].text).toContain("Try again in a minute");
    expect(await whoami(githubApp, tokens.access_token)).toBe("octocat");
  });

  it("reads no private repository that the person did not allow, although it could", async () => {
    const without = await signIn(githubApp, "octocat");
    const allowed = await signIn(githubApp, "octocat", { ticks: ["github:private"] });

    const read = async (token: string, repositoryUrl: string) => {
      const sessionId = await openSession(githubApp, token);
      const message = toolCall("getGithubReadme", { repositoryUrl });
      return (await messageOf(await send(githubApp, { token, sessionId, message }))).result;
    };

    expect((await read(without.access_token, "octocat/private-notes")).isError).toBe(true);
    expect((await read(without.access_token, "octocat/hello-world")).isError).toBeUndefined();
    expect(
      (await read(allowed.access_token, "octocat/private-notes")).structuredContent.content,
    ).toContain("palm tree");
  });

  it("ends the grant when the person revoked the app", async () => {
    await githubApp.github.setAppTokenSeconds(600);
    const person = await signIn(githubApp, "octocat");
    await githubApp.github.revokeTokens({ login: "octocat" });

    const response = await person.refresh();

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: "invalid_grant" });
    expect(
      (await send(githubApp, { token: person.access_token, message: toolCall("add") })).status,
    ).toBe(401);
  });
});

describe("an OAuth App's token", () => {
  it("is checked by a refresh, which ends the grant when the person revoked it", async () => {
    const person = await signIn(oauthApp, "octocat");
    await oauthApp.github.revokeTokens({ login: "octocat" });

    const response = await person.refresh();

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: "invalid_grant" });
  });

  it.each([
    ["is down", { kind: "status", status: 503 } as const],
    ["limits us", { kind: "rate-limit" } as const],
  ])("survives a refresh while GitHub %s", async (_kind, fault) => {
    const person = await signIn(oauthApp, "octocat");
    await oauthApp.github.fault({ match: {}, fault });

    const tokens = await refreshed(person);

    await oauthApp.github.clearFaults();
    expect(await whoami(oauthApp, tokens.access_token)).toBe("octocat");
  });

  it("is replaced by a second sign-in's, and the first client goes on without noticing", async () => {
    const first = await signIn(oauthApp, "octocat");
    const second = await signIn(oauthApp, "octocat");
    const [old] = await oauthApp.github.tokens("octocat");
    await oauthApp.github.revokeTokens({ token: old?.token ?? "" });

    expect(await whoami(oauthApp, first.access_token)).toBe("octocat");
    expect(await whoami(oauthApp, second.access_token)).toBe("octocat");
  });

  it("is given up for an older one that GitHub still accepts, when GitHub has ended it alone", async () => {
    const first = await signIn(oauthApp, "octocat");
    const second = await signIn(oauthApp, "octocat");
    const young = await liveToken(oauthApp, "octocat");
    await oauthApp.github.revokeTokens({ token: young });

    expect(await whoami(oauthApp, second.access_token)).toBe("octocat");
    expect(await whoami(oauthApp, first.access_token)).toBe("octocat");
    expect((await second.refresh()).status).toBe(200);
  });

  it("ends the grants of all clients and scope sets when the person revokes the app, and those of nobody else", async () => {
    const narrow = await signIn(oauthApp, "octocat");
    const wide = await signIn(oauthApp, "octocat", { ticks: ["github:private"] });
    const neighbour = await signIn(oauthApp, "hubot");
    await oauthApp.github.revokeTokens({ login: "octocat" });

    const answer = await callTool(oauthApp, narrow.access_token);

    expect(answer.content[0].text).toContain("Sign in again");
    for (const { access_token: token, refresh } of [narrow, wide]) {
      expect((await send(oauthApp, { token, message: toolCall("add") })).status).toBe(401);
      expect((await refresh()).status).toBe(400);
    }
    expect(await whoami(oauthApp, neighbour.access_token)).toBe("hubot");
  });
});
