import { request } from "node:http";
import { text } from "node:stream/consumers";

import { describe, expect, it } from "vitest";

import { PRIVATE_NOTES, emulatedGitHub } from "./emulated.ts";

const github = emulatedGitHub();
const { api, token, appToken } = github;

describe("a token at the REST API", () => {
  it("acts as the person it was issued to", async () => {
    const response = await api("/user", await token("hubot", "read:user"));

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ login: "hubot", id: 480938, name: "Hubot" });
  });

  it.each([
    ["octocat", 583231],
    ["mona", 1024025],
  ])("gives %s the number %i, in every answer that names them", async (login, id) => {
    const own = await token(login);

    const user = await (await api("/user", own)).json();
    const listed = (await (await api("/users", own)).json()) as { login: string; id: number }[];

    expect(user).toMatchObject({ login, id });
    expect(listed.find((person) => person.login === login)?.id).toBe(id);
  });

  it("is accepted under the scheme token as well", async () => {
    const headers = { authorization: `token ${await token("octocat")}` };

    expect((await api("/user", undefined, { headers })).status).toBe(200);
  });

  it.each(["garbage", "gho_000000000000000000000000000000000000", ""])(
    "is refused when it was never issued: %j",
    async (never) => {
      const response = await api("/user", never);

      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ message: "Bad credentials" });
    },
  );

  it("is refused on public data too when it was never issued", async () => {
    expect((await api("/repos/octocat/hello-world", "garbage")).status).toBe(401);
  });

  it("is refused once it is revoked", async () => {
    const own = await token("octocat");
    await github.control().revokeTokens({ token: own });

    expect((await api("/user", own)).status).toBe(401);
  });

  it("is refused once it has expired", async () => {
    const own = await appToken("octocat");
    expect((await api("/user", own)).status).toBe(200);
    await github.control().expireToken(own);

    expect((await api("/user", own)).status).toBe(401);
  });

  it("tells its scopes when it belongs to an OAuth App, and none when to a GitHub App", async () => {
    const classic = await api("/user", await token("octocat", "repo", "read:user"));
    const app = await api("/user", await appToken("octocat"));

    expect(classic.headers.get("x-oauth-scopes")).toBe("read:user, repo");
    expect(app.headers.get("x-oauth-scopes")).toBeNull();
  });
});

describe("a caller without a token", () => {
  it("reads public data", async () => {
    const response = await api("/repos/octocat/hello-world");

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ owner: { login: "octocat", id: 583231 } });
  });

  it("is asked to sign in where the answer depends on who asks", async () => {
    const response = await api("/user");

    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ message: "Requires authentication" });
  });

  it("finds no private repository", async () => {
    expect((await api(PRIVATE_NOTES)).status).toBe(404);
  });

  it("writes nothing", async () => {
    const init = { method: "PATCH", body: '{"name":"taken"}' };

    expect((await api("/repos/octocat/hello-world", undefined, init)).status).toBe(401);
  });
});

describe("a private repository", () => {
  it.each(["", "/readme", "/contents/README.md", "/issues", "/commits"])(
    "is not found by its owner without the scope repo, at %j",
    async (below) => {
      const own = await token("octocat", "read:user", "public_repo");

      expect((await api(PRIVATE_NOTES + below, own)).status).toBe(404);
    },
  );

  it.each(["", "/readme", "/contents/README.md", "/issues", "/commits"])(
    "is open to its owner with the scope repo, at %j",
    async (below) => {
      expect((await api(PRIVATE_NOTES + below, await token("octocat", "repo"))).status).toBe(200);
    },
  );

  it("is open to its owner's GitHub App token", async () => {
    expect((await api(`${PRIVATE_NOTES}/readme`, await appToken("octocat"))).status).toBe(200);
  });

  it.each(["", "/readme", "/contents/README.md", "/issues"])(
    "is not found by another person, whatever their scopes, at %j",
    async (below) => {
      expect((await api(PRIVATE_NOTES + below, await token("hubot", "repo"))).status).toBe(404);
      expect((await api(PRIVATE_NOTES + below, await appToken("hubot"))).status).toBe(404);
    },
  );

  it("is not found by its number either", async () => {
    const notes = await api(PRIVATE_NOTES, await token("octocat", "repo"));
    const { id } = (await notes.json()) as { id: number };

    expect((await api(`/repositories/${id}/readme`, await token("hubot", "repo"))).status).toBe(
      404,
    );
    expect((await api(`/repositories/${id}`, await token("octocat"))).status).toBe(404);
  });

  it("is in no list without the scope repo", async () => {
    const names = async (path: string, own: string) =>
      JSON.stringify(await (await api(path, own)).json()).includes("private-notes");

    expect(await names("/user/repos", await token("octocat", "repo"))).toBe(true);
    expect(await names("/user/repos", await token("octocat"))).toBe(false);
    expect(await names("/search/repositories?q=notes", await token("octocat"))).toBe(false);
    expect(await names("/users/octocat/repos", await token("hubot", "repo"))).toBe(false);
  });

  it("is found under any capitals", async () => {
    const own = await token("octocat", "repo");

    expect((await api("/repos/OctoCat/Private-Notes/readme", own)).status).toBe(200);
  });
});

describe("writing", () => {
  it("needs the scope repo or public_repo", async () => {
    const write = (own: string) =>
      api("/user/repos", own, { method: "POST", body: '{"name":"new-one"}' });

    expect((await write(await token("mona", "read:user"))).status).toBe(404);
    expect((await write(await token("mona", "repo"))).status).toBe(201);
  });

  it("is seen by the next read", async () => {
    const own = await token("octocat", "repo");
    const describe = async () =>
      ((await (await api(PRIVATE_NOTES, own)).json()) as { description: string }).description;
    expect(await describe()).toContain("only octocat");

    await api(PRIVATE_NOTES, own, { method: "PATCH", body: '{"description":"changed"}' });

    expect(await describe()).toBe("changed");
  });
});

describe("one's own organisation membership", () => {
  const OWN = "/user/memberships/orgs/octo-org";

  it("is told to a member with the scope read:org", async () => {
    const response = await api(OWN, await token("octocat", "read:org"));

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      state: "active",
      role: "admin",
      user: { login: "octocat", id: 583231 },
      organization: { login: "octo-org" },
    });
  });

  it("is told to a member's GitHub App token", async () => {
    expect((await api(OWN, await appToken("octocat"))).status).toBe(200);
  });

  it("is refused without the scope", async () => {
    expect((await api(OWN, await token("octocat", "read:user"))).status).toBe(403);
    expect((await api("/user/orgs", await token("octocat", "read:user"))).status).toBe(403);
  });

  it("is not found when there is none", async () => {
    expect((await api(OWN, await token("mona", "read:org"))).status).toBe(404);
    expect((await api(`${OWN}-none`, await token("octocat", "read:org"))).status).toBe(404);
  });

  it("is what a test makes of it, until all is reset", async () => {
    const control = github.control();
    const own = await token("mona", "read:org");
    await control.setMembership("mona", "octo-org", "pending");
    expect(await (await api(OWN, own)).json()).toMatchObject({ state: "pending" });
    await control.setMembership("mona", "Octo-Org", "active");
    expect(await (await api(OWN, own)).json()).toMatchObject({ state: "active" });
    await control.setMembership("mona", "octo-org", "none");
    expect((await api(OWN, own)).status).toBe(404);

    await control.setMembership("octocat", "octo-org", "none");
    await control.reset();
    expect((await api(OWN, await token("octocat", "read:org"))).status).toBe(200);
  });

  it("is listed", async () => {
    const list = async (login: string) =>
      (await api("/user/memberships/orgs", await token(login, "read:org"))).json();

    expect(await list("octocat")).toMatchObject([{ organization: { login: "octo-org" } }]);
    expect(await list("mona")).toEqual([]);
  });
});

describe("every API answer", () => {
  it("counts down the rate limit, and names the request", async () => {
    const own = await token("octocat");

    const first = await api("/user", own);
    const second = await api("/user", own);

    expect(first.headers.get("x-ratelimit-limit")).toBe("5000");
    expect(first.headers.get("x-ratelimit-remaining")).toBe("4999");
    expect(second.headers.get("x-ratelimit-remaining")).toBe("4998");
    const resetAt = Number(second.headers.get("x-ratelimit-reset"));
    expect(resetAt).toBeGreaterThan(Date.now() / 1000);
    expect(second.headers.get("x-github-request-id")).toMatch(/^[0-9A-F:]+$/);
    expect(second.headers.get("x-github-request-id")).not.toBe(
      first.headers.get("x-github-request-id"),
    );
  });

  it("refuses a caller without a user agent, as GitHub does", async () => {
    const answer = await new Promise<[number | undefined, string]>((resolve, reject) => {
      request(`${github.url()}/api/v3/repos/octocat/hello-world`, (response) => {
        text(response).then((body) => resolve([response.statusCode, body]), reject);
      }).end();
    });

    expect(answer[0]).toBe(403);
    expect(answer[1]).toContain("User-Agent");
  });

  it.each([
    "/%E0%A4%A",
    "/repos/octocat",
    "/repos/octocat/a%2Fb",
    "/repos/octocat/..%2f..%2fuser",
    "/repositories/x",
    "/login/oauth/authorize",
    "/_emulate/installation-tokens",
    "/settings/applications",
  ])("is clear about a path that leads nowhere: %s", async (path) => {
    const response = await api(path, await token("octocat", "repo"));

    expect([400, 404]).toContain(response.status);
    expect(await response.json()).toHaveProperty("message");
  });
});
