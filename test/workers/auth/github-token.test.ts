import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { callTool, ERAS } from "../../support/connect.ts";
import { flood, from } from "../../support/flood.ts";
import { kvOf } from "../../support/kv.ts";
import { logLines } from "../../support/log-lines.ts";
import { INITIALIZE, openSession, send, toolCall } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ settings: { ALLOW_GITHUB_TOKENS: "true" } });
});
afterAll(() => server.close());
beforeEach(() => server.github.clearFaults());

/** A token that a person made on GitHub's pages. */
async function personalToken(
  login: string,
  app: "classic" | "fine-grained" = "classic",
  scopes: string[] = [],
): Promise<string> {
  return (await server.github.mintToken({ login, app, scopes })).access_token;
}

const present = (token: string) => send(server, { token, message: INITIALIZE });

async function askedGitHub(): Promise<number> {
  return (await server.github.requests()).length;
}

describe.each(ERAS)("a personal access token, $era", ({ connect }) => {
  it("opens the server, and GitHub is asked under it", async () => {
    const client = await connect(server.url, await personalToken("hubot"));
    const profile = await callTool(client, "userInfoOctokit");
    const whoami = await callTool(client, "whoami");
    await client.close();

    expect(profile.structuredContent).toMatchObject({ login: "hubot" });
    expect(whoami.structuredContent).toMatchObject({
      identity: "person:480938",
      way: "github_token",
      scopes: ["mcp:tools", "github:read"],
      expiresAt: null,
    });
  });
});

describe("a personal access token", () => {
  it("reads private repositories with the scope repo, and is told what it lacks without", async () => {
    const call = toolCall("getGithubReadme", { repositoryUrl: "octocat/private-notes" });
    const [bare, full] = await Promise.all([
      personalToken("octocat"),
      personalToken("octocat", "classic", ["repo"]),
    ]);
    const answerTo = async (token: string) => {
      const sessionId = await openSession(server, token);
      return (await send(server, { token, sessionId, message: call })).text();
    };

    expect(await answerTo(bare)).toContain("nothing there that this sign-in may see");
    expect(await answerTo(full)).toContain("third palm tree");
  });

  it("is left to GitHub when its permissions are fine-grained", async () => {
    const token = await personalToken("octocat", "fine-grained");
    const sessionId = await openSession(server, token);
    const message = toolCall("getGithubReadme", { repositoryUrl: "octocat/private-notes" });

    expect(await (await send(server, { token, sessionId, message })).text()).toContain("palm tree");
  });

  it("tells when it ends, if GitHub says so", async () => {
    const { access_token: token } = await server.github.mintToken({
      login: "mona",
      app: "classic",
      expiresIn: 3600,
    });
    const sessionId = await openSession(server, token);
    const response = await send(server, { token, sessionId, message: toolCall("whoami") });

    expect(await response.text()).toMatch(/"expiresAt":"20\d\d-\d\d-\d\dT/);
  });

  it("is checked at GitHub once, however many calls come in a minute", async () => {
    const token = await personalToken("codercat");
    await server.github.clearRequests();
    for (let index = 0; index < 5; index += 1) await (await present(token)).text();

    expect(await askedGitHub()).toBe(1);
  });

  it("gets 401 and a sentence when GitHub does not know it, and GitHub is asked once", async () => {
    const token = `ghp_${"A".repeat(36)}`;
    await server.github.clearRequests();
    const answers = [await present(token), await present(token)];
    const [body] = await Promise.all(answers.map((answer) => answer.text()));

    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(answers[0]?.headers.get("www-authenticate")).toContain("resource_metadata=");
    expect(JSON.parse(body ?? "")).toMatchObject({
      error: "invalid_token",
      error_description: "GitHub does not accept this token. Give your client another one.",
    });
    expect(body).not.toContain(token);
    expect(await askedGitHub()).toBe(1);
    const lastRefused = () => logLines(server, "token.refused").at(-1);
    await expect
      .poll(lastRefused)
      .toMatchObject({ way: "github_token", check: "refused by GitHub" });
  });

  it.each([
    ["another app's user token", { app: "oauth" as const }],
    ["a GitHub App's user token", { app: "github-app" as const }],
  ])("is nothing like %s, which gets 401 without a call to GitHub", async (_what, kind) => {
    const { access_token: token } = await server.github.mintToken({ login: "octocat", ...kind });
    await server.github.clearRequests();
    const response = await present(token);
    await response.text();

    expect(response.status).toBe(401);
    expect(await askedGitHub()).toBe(0);
  });

  it("gets 503 while GitHub is silent, and is not refused for it", async () => {
    const token = await personalToken("bibliocat");
    await server.github.fault({
      match: { path: "^/api/v3/user$" },
      fault: { kind: "status", status: 503 },
    });
    const during = await present(token);
    await during.text();
    await server.github.clearFaults();
    const after = await present(token);
    await after.text();

    expect([during.status, after.status]).toEqual([503, 200]);
    expect(during.headers.get("retry-after")).toBe("5");
  });

  it("owns its sessions: the same person's sign-in gets 404 for them", async () => {
    const token = await personalToken("mona");
    const { access_token: signedIn } = await signIn(server, "mona");
    const sessionId = await openSession(server, token);
    const foreign = await send(server, { token: signedIn, sessionId, message: toolCall("add") });
    await foreign.text();

    expect(foreign.status).toBe(404);
  });

  it("ends nobody's sign-in when GitHub revokes it between two calls", async () => {
    const token = await personalToken("mona");
    const { access_token: signedIn } = await signIn(server, "mona");
    const sessionId = await openSession(server, token);
    await server.github.revokeTokens({ token });
    const call = toolCall("userInfoOctokit");
    const refused = await (await send(server, { token, sessionId, message: call })).text();
    const still = await present(signedIn);
    await still.text();

    expect(refused).toContain("no longer accepts the token that your client presents");
    expect(still.status).toBe(200);
  });

  it("is in no log line, and nowhere in storage", async () => {
    const token = await personalToken("octocat");
    const sessionId = await openSession(server, token);
    await (await send(server, { token, sessionId, message: toolCall("userInfoOctokit") })).text();
    const kv = await kvOf(server);
    const { keys } = await kv.list({ prefix: "" });
    const values = await Promise.all(keys.map(({ name }) => kv.get(name)));
    const lastCalled = () => logLines(server, "tool.called").at(-1);
    await expect.poll(lastCalled).toMatchObject({ caller: "person:583231", way: "github_token" });
    const logged = server.harness.getLogs().map(({ message }) => message);

    expect([...values, ...keys.map(({ name }) => name), ...logged].join("\n")).not.toContain(token);
  });
});

describe("tokens that somebody guesses", () => {
  let limited: TestServer;
  beforeAll(async () => {
    limited = await startServer({ settings: { ALLOW_GITHUB_TOKENS: "true" }, limits: "deployed" });
  });
  afterAll(() => limited.close());

  it("are refused with 429 beyond the limit of their address, and GitHub is asked no more", async () => {
    const guess = (round: number) =>
      send(limited, {
        token: `ghp_${String(round).padStart(36, "0")}`,
        message: INITIALIZE,
        headers: from("192.0.2.7"),
      });
    const { tally, refused } = await flood(400, guess);
    const asked = (await limited.github.requests()).length;

    // At most two periods can begin within the flood.
    expect(asked).toBeLessThanOrEqual(240);
    expect(tally[429]).toBeGreaterThanOrEqual(160);
    expect(refused?.headers.get("retry-after")).toBe("60");
  });
});

describe("with a list of logins", () => {
  beforeAll(() => server.redeploy({ ALLOWED_LOGINS: "octocat", CONTACT: "ada@example.com" }));

  it("admits who is on it and answers 403, naming whom to ask, to who is not", async () => {
    const [admitted, refused] = await Promise.all([
      present(await personalToken("octocat")),
      present(await personalToken("hubot")),
    ]);
    const [, body] = await Promise.all([admitted.text(), refused.text()]);

    expect([admitted.status, refused.status]).toEqual([200, 403]);
    expect(JSON.parse(body)).toMatchObject({
      error: "access_denied",
      error_description: expect.stringContaining("ada@example.com"),
    });
    const lastRefused = () => logLines(server, "token.refused").at(-1);
    await expect.poll(lastRefused).toMatchObject({ check: "not admitted" });
  });
});

describe("without ALLOW_GITHUB_TOKENS", () => {
  beforeAll(() => server.redeploy({ ALLOW_GITHUB_TOKENS: "", ALLOWED_LOGINS: "" }));

  it.each(["classic", "fine-grained"] as const)(
    "answers 401 to a %s token, says to sign in, and does not ask GitHub",
    async (kind) => {
      const token = await personalToken("octocat", kind);
      await server.github.clearRequests();
      const response = await present(token);
      const body = await response.text();

      expect(response.status).toBe(401);
      expect(body).toContain("takes no GitHub tokens. Sign in instead.");
      expect(await askedGitHub()).toBe(0);
    },
  );
});
