import { request } from "node:http";

import { describe, expect, it } from "vitest";

import { emulatedGitHub } from "./emulated.ts";

const github = emulatedGitHub();

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  github.send(`/_emulator/${path}`, { method: "POST", body, headers });

describe("the request log", () => {
  it("tells who acted, with which token, and what was answered", async () => {
    const token = await github.token("hubot");
    await github.api("/user?page=1", token, { headers: { "user-agent": "a-worker" } });

    expect(await github.control().requests()).toEqual([
      {
        at: expect.stringMatching(/^\d{4}-/),
        method: "GET",
        path: "/api/v3/user",
        query: "page=1",
        status: 200,
        token,
        login: "hubot",
        userAgent: "a-worker",
      },
    ]);
  });

  it("keeps a token that is not known, and who had one that was expired", async () => {
    const token = await github.token("hubot");
    await github.control().expireToken(token);
    await github.api("/user", "an-mcp-token");
    await github.api("/user", token);

    expect(await github.control().requests()).toMatchObject([
      { token: "an-mcp-token", login: null, status: 401 },
      { token, login: "hubot", status: 401 },
    ]);
  });

  it("tells one person's requests from another's", async () => {
    await github.api("/user", await github.token("hubot"));
    await github.api("/user", await github.token("mona"));

    expect(await github.control().requests("mona")).toMatchObject([{ login: "mona" }]);
  });

  it("is emptied, and holds no control calls", async () => {
    await github.api("/user");
    await github.control().clearRequests();

    expect(await github.control().requests()).toEqual([]);
  });

  it("keeps the last 2,000 requests", async () => {
    for (let batch = 0; batch < 21; batch++) {
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => github.send(`/login/${batch * 100 + index}`)),
      );
    }

    const requests = await github.control().requests();

    expect(requests).toHaveLength(2000);
    expect(requests.map((entry) => entry.path)).not.toContain("/login/0");
  }, 20_000);
});

describe("tokens without a browser", () => {
  it("are minted as the token endpoint would answer", async () => {
    const classic = await github
      .control()
      .mintToken({ login: "octocat", scopes: ["repo", "user"] });
    const app = await github.control().mintToken({
      login: "octocat",
      app: "github-app",
      expiresIn: 60,
    });

    expect(classic).toEqual({
      access_token: expect.stringMatching(/^gho_/),
      token_type: "bearer",
      scope: "repo,user",
    });
    expect(app).toMatchObject({ expires_in: 60, refresh_token: expect.stringMatching(/^ghr_/) });
  });

  it("are listed while they live", async () => {
    const token = await github.token("octocat", "repo");
    const expired = await github.token("octocat");
    await github.control().expireToken(expired);
    await github.token("hubot");

    expect(await github.control().tokens("octocat")).toMatchObject([
      { token, login: "octocat", app: "oauth", scopes: ["repo"], expiresAt: null },
    ]);
    expect(await github.control().tokens()).toHaveLength(2);
  });

  it("are all revoked with a person's login", async () => {
    await github.token("octocat");
    await github.appToken("octocat");
    await github.token("hubot");

    await github.control().revokeTokens({ login: "octocat" });

    expect(await github.control().tokens()).toMatchObject([{ login: "hubot" }]);
  });

  it("expire by themselves", async () => {
    const { access_token } = await github.control().mintToken({ login: "mona", expiresIn: 0 });

    expect((await github.api("/user", access_token)).status).toBe(401);
  });
});

describe("reset", () => {
  it("brings the seed back, and forgets tokens, faults and requests", async () => {
    const control = github.control();
    const token = await github.token("octocat");
    await control.renamePerson("octocat", "octodog");
    await control.renameRepository("octodog", "hello-world", "hi-world");
    await control.putReadme({ owner: "octodog", name: "hi-world", bytes: "changed" });
    await control.fault({ fault: { kind: "reset" } });
    await control.registerRedirectOrigin("https://worker.example");

    await control.reset();

    expect((await github.api("/user", token)).status).toBe(401);
    const headers = { accept: "application/vnd.github.raw" };
    const readme = await github.api("/repos/octocat/hello-world/readme", undefined, { headers });
    expect(await readme.text()).toContain("# Hello World");
    expect(await control.tokens()).toEqual([]);
  });
});

describe("the control API", () => {
  it.each([
    ["tokens", "{}", 400],
    ["tokens", "not json", 400],
    ["tokens", "[]", 400],
    ["tokens", '{"login":"nobody"}', 404],
    ["tokens", '{"login":"octocat","app":"other"}', 400],
    ["tokens", '{"login":"octocat","scopes":"repo"}', 400],
    ["tokens", '{"login":"octocat","expiresIn":"soon"}', 400],
    ["tokens/revoke", '{"token":"never"}', 404],
    ["tokens/expire", '{"login":"octocat"}', 400],
    ["repos", '{"owner":"octocat"}', 400],
    ["repos", '{"owner":"octocat","name":"hello-world"}', 422],
    ["repos", '{"owner":"octocat","name":"x","private":"yes"}', 400],
    ["repos/octocat/none/rename", '{"name":"x"}', 404],
    ["people/octocat/rename", '{"login":"not a login"}', 400],
    ["people/nobody/rename", '{"login":"x"}', 404],
    ["redirect-origins", '{"origin":"https://worker.example/callback"}', 400],
    ["unheard-of", "{}", 404],
    ["%", "{}", 400],
  ])("answers POST %s %s with %i and says why", async (path, body, status) => {
    const response = await post(path, body);

    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: string }).error.length).toBeGreaterThan(10);
  });

  it("refuses a page of another origin", async () => {
    for (const origin of ["https://evil.example", "null", "http://localhost:1"]) {
      expect((await post("reset", "", { origin })).status).toBe(403);
    }
    expect((await post("reset", "", { origin: github.url() })).status).toBe(204);
  });

  it("refuses a name that was bound to this machine from outside", async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { host: "evil.example" };
      request(`${github.url()}/_emulator/requests`, { headers }, (response) => {
        resolve(response.resume().statusCode);
      })
        .on("error", reject)
        .end();
    });

    expect(status).toBe(403);
  });

  it("refuses a body that is too large, and answers on", async () => {
    const init = { method: "POST", body: Buffer.alloc(11 * 1024 * 1024) };

    const response = await github.send("/login/oauth/access_token", init);

    expect(response.status).toBe(413);
    expect((await github.api("/repos/octocat/hello-world")).status).toBe(200);
  });
});
