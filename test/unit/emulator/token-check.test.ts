import { describe, expect, it } from "vitest";

import {
  EMULATED_GITHUB_APP,
  EMULATED_OAUTH_APP,
  type EmulatedApp,
} from "../../../emulator/seed.ts";
import { emulatedGitHub } from "./emulated.ts";

const github = emulatedGitHub();

interface Question {
  method?: string;
  what?: string;
  app?: EmulatedApp;
  secret?: string;
  clientId?: string;
  body?: string;
}

function ask(token: string, question: Question = {}) {
  const { method = "POST", what = "token", app = EMULATED_OAUTH_APP } = question;
  const { secret = app.clientSecret, clientId = app.clientId } = question;
  const basic = Buffer.from(`${app.clientId}:${secret}`).toString("base64");
  return github.api(`/applications/${clientId}/${what}`, undefined, {
    method,
    headers: { authorization: `Basic ${basic}` },
    body: question.body ?? JSON.stringify({ access_token: token }),
  });
}

describe("the token check", () => {
  it("tells an application whose token it is, and never the token", async () => {
    const token = await github.token("hubot", "repo", "read:user");

    const response = await ask(token);

    expect(response.status).toBe(200);
    const answer = await response.text();
    expect(answer).not.toContain(token);
    expect(JSON.parse(answer)).toMatchObject({
      token: "",
      token_last_eight: token.slice(-8),
      scopes: ["read:user", "repo"],
      expires_at: null,
      app: { client_id: EMULATED_OAUTH_APP.clientId },
      user: { login: "hubot", id: 480938 },
    });
  });

  it.each(["never issued", "revoked", "expired"])(
    "does not find a token that is %s",
    async (how) => {
      const token = await github.token("octocat");
      if (how === "revoked") await github.control().revokeTokens({ token });
      if (how === "expired") await github.control().expireToken(token);

      expect((await ask(how === "never issued" ? "gho_never" : token)).status).toBe(404);
    },
  );

  it("does not find another application's token", async () => {
    const token = await github.token("octocat");

    expect((await ask(token, { app: EMULATED_GITHUB_APP })).status).toBe(404);
  });

  it("refuses a wrong secret, and a client that is not the one in the path", async () => {
    const token = await github.token("octocat");

    expect((await ask(token, { secret: "wrong" })).status).toBe(401);
    expect((await ask(token, { clientId: EMULATED_GITHUB_APP.clientId })).status).toBe(404);
  });

  it.each(["", "{}", "[]", "not json", '{"access_token":7}'])(
    "rejects the malformed body %j",
    async (body) => {
      expect((await ask("", { body })).status).toBe(422);
    },
  );
});

describe("deletion", () => {
  it("ends one token", async () => {
    const [token, other] = [await github.token("octocat"), await github.token("octocat")];

    expect((await ask(token, { method: "DELETE" })).status).toBe(204);

    expect((await github.api("/user", token)).status).toBe(401);
    expect((await github.api("/user", other)).status).toBe(200);
    expect((await ask(token, { method: "DELETE" })).status).toBe(404);
  });

  it("ends every token of the person and the application with the grant", async () => {
    const own = [await github.token("octocat", "repo"), await github.token("octocat")];
    const others = [await github.token("hubot"), await github.appToken("octocat")];

    expect((await ask(own[0]!, { method: "DELETE", what: "grant" })).status).toBe(204);

    const statuses = async (tokens: string[]) =>
      Promise.all(tokens.map(async (token) => (await github.api("/user", token)).status));
    expect(await statuses(own)).toEqual([401, 401]);
    expect(await statuses(others)).toEqual([200, 200]);
  });
});
