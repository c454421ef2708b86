import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import { EMULATED_GITHUB_APP, EMULATED_OAUTH_APP } from "../../../emulator/seed.ts";
import { emulatedGitHub } from "./emulated.ts";

const github = emulatedGitHub();
const CALLBACK = "http://localhost:8788/callback";
const VERIFIER = "a-verifier-that-is-at-least-forty-three-characters-long";
const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");
const WITH_PKCE = { code_challenge: CHALLENGE, code_challenge_method: "S256" };

function authorizeUrl(parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: EMULATED_OAUTH_APP.clientId,
    redirect_uri: CALLBACK,
    scope: "repo read:user",
    state: "a state & more",
    ...parameters,
  });
  return `${github.url()}/login/oauth/authorize?${query}`;
}

async function codeFor(login: string, parameters?: Record<string, string>): Promise<string> {
  const location = await github.control().pickAccount(authorizeUrl(parameters), login);
  return new URL(location).searchParams.get("code") ?? "";
}

interface Exchange {
  [field: string]: string | undefined;
}

async function exchange(fields: Exchange): Promise<Record<string, unknown>> {
  const { clientId: client_id, clientSecret: client_secret } = EMULATED_OAUTH_APP;
  const response = await github.send("/login/oauth/access_token", {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ client_id, client_secret, ...fields }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

const asApp = {
  client_id: EMULATED_GITHUB_APP.clientId,
  client_secret: EMULATED_GITHUB_APP.clientSecret,
};

async function appTokens(): Promise<{ access_token: string; refresh_token: string }> {
  const code = await codeFor("hubot", { client_id: asApp.client_id });
  return (await exchange({ ...asApp, code })) as never;
}

describe("the authorize page", () => {
  it("offers each person by name, and a way back", async () => {
    const response = await fetch(authorizeUrl());
    const page = await response.text();

    expect(response.status).toBe(200);
    for (const login of ["octocat", "hubot", "mona"]) {
      expect(page).toContain(`<button name="login" value="${login}">`);
    }
    expect(page).toContain('<button name="cancel"');
    expect(page).not.toContain("<script");
  });

  it("sends the chosen person back with a code and the state", async () => {
    const location = new URL(await github.control().pickAccount(authorizeUrl(), "octocat"));

    expect(location.origin + location.pathname).toBe(CALLBACK);
    expect(location.searchParams.get("code")).toMatch(/^[0-9a-f]{20}$/);
    expect(location.searchParams.get("state")).toBe("a state & more");
  });

  it("keeps the query of the redirect_uri", async () => {
    const url = authorizeUrl({ redirect_uri: `${CALLBACK}?kept=1` });

    const location = new URL(await github.control().pickAccount(url, "octocat"));

    expect(location.searchParams.get("kept")).toBe("1");
  });

  it("sends the person back with access_denied when they cancel", async () => {
    const location = new URL(await github.control().cancelSignIn(authorizeUrl()));

    expect(location.searchParams.get("error")).toBe("access_denied");
    expect(location.searchParams.get("error_description")).toContain("denied");
    expect(location.searchParams.get("state")).toBe("a state & more");
    expect(location.searchParams.get("code")).toBeNull();
  });

  it.each([
    ["an unknown application", { client_id: "nobody" }, "client_id"],
    ["another host", { redirect_uri: "https://evil.example/callback" }, "not associated"],
    [
      "a host that only looks local",
      { redirect_uri: "http://localhost.evil/callback" },
      "not assoc",
    ],
    ["user information", { redirect_uri: "http://localhost@evil.example/callback" }, "not assoc"],
    ["another path", { redirect_uri: "http://localhost:8788/callback/x" }, "not associated"],
    ["no redirect_uri", { redirect_uri: "" }, "not associated"],
    ["another scheme", { redirect_uri: "javascript://localhost/callback" }, "not associated"],
    ["plain PKCE", { code_challenge: CHALLENGE, code_challenge_method: "plain" }, "S256"],
    ["PKCE without a method", { code_challenge: CHALLENGE }, "S256"],
    ["a challenge that is no digest", { ...WITH_PKCE, code_challenge: "short" }, "SHA-256"],
  ])("refuses %s, without a redirect", async (_, parameters, problem) => {
    for (const method of ["GET", "POST"]) {
      const response = await fetch(authorizeUrl(parameters), { method, redirect: "manual" });

      expect(response.status).toBe(400);
      expect(await response.text()).toContain(problem);
    }
  });

  it("escapes what it shows", async () => {
    const response = await fetch(authorizeUrl({ scope: "<script>alert(1)</script>" }));

    expect(await response.text()).not.toContain("<script");
  });

  it.each(["http://127.0.0.1:5000/callback", "http://[::1]:5000/callback"])(
    "accepts the loopback address %s",
    async (redirect_uri) => {
      expect(await github.control().pickAccount(authorizeUrl({ redirect_uri }), "mona")).toContain(
        `${redirect_uri}?code=`,
      );
    },
  );

  it("accepts another origin once it is registered", async () => {
    const url = authorizeUrl({ redirect_uri: "https://worker.example/callback" });
    await expect(github.control().pickAccount(url, "mona")).rejects.toThrow("not associated");

    await github.control().registerRedirectOrigin("https://worker.example");

    expect(await github.control().pickAccount(url, "mona")).toContain(
      "worker.example/callback?code",
    );
  });
});

describe("the exchange of a code", () => {
  it("gives an OAuth App a token that does not expire", async () => {
    const code = await codeFor("octocat");

    const answer = await exchange({ code });

    expect(Object.keys(answer).toSorted()).toEqual(["access_token", "scope", "token_type"]);
    expect(answer).toMatchObject({ token_type: "bearer", scope: "read:user,repo" });
    expect(answer.access_token).toMatch(/^gho_\w{36}$/);
    const user = await github.api("/user", String(answer.access_token));
    expect(await user.json()).toMatchObject({ login: "octocat" });
  });

  it("gives a GitHub App a token for eight hours and a refresh token for six months", async () => {
    expect(await appTokens()).toEqual({
      access_token: expect.stringMatching(/^ghu_\w{36}$/),
      token_type: "bearer",
      scope: "",
      expires_in: 28_800,
      refresh_token: expect.stringMatching(/^ghr_\w{76}$/),
      refresh_token_expires_in: 15_897_600,
    });
  });

  it("takes a form, and answers with one to a client that does not ask for JSON", async () => {
    const response = await github.send("/login/oauth/access_token", {
      method: "POST",
      body: new URLSearchParams({
        client_id: EMULATED_OAUTH_APP.clientId,
        client_secret: EMULATED_OAUTH_APP.clientSecret,
        code: await codeFor("octocat"),
      }),
    });

    expect(response.headers.get("content-type")).toContain("application/x-www-form-urlencoded");
    expect(new URLSearchParams(await response.text()).get("access_token")).toMatch(/^gho_/);
  });

  it("takes a code once", async () => {
    const code = await codeFor("octocat");
    expect(await exchange({ code })).toHaveProperty("access_token");

    expect(await exchange({ code })).toMatchObject({ error: "bad_verification_code" });
  });

  it("gives one token when a code is presented twice at once", async () => {
    const code = await codeFor("octocat");

    const answers = await Promise.all([exchange({ code }), exchange({ code })]);

    expect(answers.filter((answer) => "access_token" in answer)).toHaveLength(1);
  });

  it.each([
    ["a code that was never given", { code: "0123456789" }, "bad_verification_code"],
    ["no code", {}, "bad_verification_code"],
    ["a wrong secret", { client_secret: "wrong" }, "incorrect_client_credentials"],
    ["an unknown application", { client_id: "nobody" }, "incorrect_client_credentials"],
    ["an unknown grant type", { grant_type: "password" }, "unsupported_grant_type"],
    ["an unknown refresh token", { grant_type: "refresh_token" }, "bad_refresh_token"],
  ])("refuses %s with status 200 and an error", async (_, fields, error) => {
    expect(await exchange(fields)).toEqual({ error, error_description: expect.any(String) });
  });

  it("refuses another application's code", async () => {
    const code = await codeFor("octocat");

    expect(await exchange({ ...asApp, code })).toMatchObject({ error: "bad_verification_code" });
  });

  it("refuses another redirect_uri", async () => {
    const code = await codeFor("octocat");

    const answer = await exchange({ code, redirect_uri: "http://localhost:1/callback" });

    expect(answer).toMatchObject({ error: "redirect_uri_mismatch" });
  });

  it("accepts the verifier of its PKCE challenge", async () => {
    const code = await codeFor("octocat", WITH_PKCE);

    const answer = await exchange({ code, code_verifier: VERIFIER, redirect_uri: CALLBACK });

    expect(answer).toHaveProperty("access_token");
  });

  it.each([undefined, "", "another-verifier-that-is-at-least-forty-three-long"])(
    "refuses the PKCE verifier %j, and forgets the code",
    async (code_verifier) => {
      const code = await codeFor("octocat", WITH_PKCE);

      expect(await exchange({ code, code_verifier })).toMatchObject({
        error: "bad_verification_code",
      });
      expect(await exchange({ code, code_verifier: VERIFIER })).toHaveProperty("error");
    },
  );
});

describe("a refresh token", () => {
  it("gives a new pair, and ends the old one", async () => {
    const old = await appTokens();

    const fresh = await exchange({
      ...asApp,
      grant_type: "refresh_token",
      refresh_token: old.refresh_token,
    });

    expect((await github.api("/user", old.access_token)).status).toBe(401);
    const user = await github.api("/user", String(fresh.access_token));
    expect(await user.json()).toMatchObject({ login: "hubot" });
    expect(fresh.refresh_token).not.toBe(old.refresh_token);
  });

  it("counts once, also when it is presented twice at once", async () => {
    const { refresh_token } = await appTokens();
    const refresh = () => exchange({ ...asApp, grant_type: "refresh_token", refresh_token });

    const answers = await Promise.all([refresh(), refresh()]);

    expect(answers.filter((answer) => answer.error === "bad_refresh_token")).toHaveLength(1);
  });

  it("outlives its access token", async () => {
    const { access_token, refresh_token } = await appTokens();
    await github.control().expireToken(access_token);

    const fresh = await exchange({ ...asApp, grant_type: "refresh_token", refresh_token });

    expect(fresh.access_token).toMatch(/^ghu_/);
  });

  it("ends with the revocation of its access token", async () => {
    const { access_token, refresh_token } = await appTokens();
    await github.control().revokeTokens({ token: access_token });

    expect(await exchange({ ...asApp, grant_type: "refresh_token", refresh_token })).toMatchObject({
      error: "bad_refresh_token",
    });
  });
});

describe("the eleventh token", () => {
  const mint = (login: string, ...scopes: string[]) => github.token(login, ...scopes);
  const works = async (token: string) => (await github.api("/user", token)).status === 200;

  it("revokes the oldest of the same person, application and scopes", async () => {
    const tokens = [];
    for (let count = 0; count < 10; count++) tokens.push(await mint("octocat", "repo"));
    expect(await works(tokens[0]!)).toBe(true);

    tokens.push(await mint("octocat", "repo"));

    const working = await Promise.all(tokens.map(works));
    expect(working).toEqual([false, ...Array.from({ length: 10 }, () => true)]);
  });

  it("leaves other people, applications and scopes alone", async () => {
    const others = [await mint("hubot", "repo"), await mint("octocat", "read:user")];
    others.push(
      (await github.control().mintToken({ login: "octocat", app: "github-app" })).access_token,
    );

    for (let count = 0; count < 11; count++) await mint("octocat", "repo");

    expect(await Promise.all(others.map(works))).toEqual([true, true, true]);
  });
});
