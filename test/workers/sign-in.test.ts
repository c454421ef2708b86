import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Browser, handleOf, locationOf } from "../support/browser.ts";
import { openSession, send, toolCall } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import {
  allow,
  authorizeUrl,
  pkce,
  REDIRECT_URI,
  registerClient,
  type RegisteredClient,
  signIn,
  tokenRequest,
} from "../support/sign-in.ts";

let server: TestServer;
let client: RegisteredClient;
beforeAll(async () => {
  server = await startServer();
  client = await registerClient(server);
});
afterAll(() => server.close());

const { challenge } = pkce();

function url(parameters: Record<string, string | undefined> = {}): string {
  return authorizeUrl(server, {
    client_id: client.client_id,
    code_challenge: challenge,
    ...parameters,
  });
}

/** Opens the consent page and presses a button. */
async function press(decision: string, browser = new Browser(), page = url()): Promise<Response> {
  const handle = handleOf(await (await browser.fetch(page)).text());
  return browser.submit(`${server.url}/authorize`, [
    ["handle", handle],
    ["decision", decision],
  ]);
}

describe("GET /authorize", () => {
  it("asks before anything else: who, where to, and for what", async () => {
    const response = await fetch(url({ scope: "mcp:tools github:private" }));

    const page = await response.text();
    expect(response.status).toBe(200);
    expect(page).toContain("Test client");
    expect(page).toContain("unverified");
    expect(page).toContain("127.0.0.1");
    expect(page).toContain("app on this computer");
    expect(page).toContain("Read your profile and public data on GitHub");
    expect(page).toMatch(/value="github:private"[^>]* checked/);
    expect(page).toMatch(/<button[^>]*>\s*Allow\s*<\/button>/);
    expect(page).toMatch(/<button[^>]*>\s*Deny\s*<\/button>/);
  });

  it("leaves private repositories unticked unless the app asked for them", async () => {
    const page = await (await fetch(url())).text();

    expect(page).not.toMatch(/value="github:private"[^>]* checked/);
  });

  it("cannot be framed, cached, or run a script", async () => {
    const { headers } = await fetch(url());

    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    const policy = headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("form-action");
  });

  it("shows a hostile client name as inert text, without what cannot be seen, cut to 80 characters", async () => {
    const name = `\u202E<img src=x onerror=alert(1)>\u200B${"n".repeat(200)}`;
    const hostile = await registerClient(server, { client_name: name.slice(0, 200) });

    const page = await (await fetch(url({ client_id: hostile.client_id }))).text();

    expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(page).not.toMatch(/<img|\u202E|\u200B/);
    expect(page).toContain(`${"n".repeat(52)}…`);
    expect(page).not.toContain("n".repeat(53));
  });

  it.each([
    ["another host", { redirect_uri: "http://evil.example/callback" }],
    ["another path", { redirect_uri: "http://127.0.0.1:9/other" }],
    ["no redirect_uri", { redirect_uri: undefined }],
    ["a javascript: address", { redirect_uri: "javascript:alert(1)" }],
    ["no client", { client_id: undefined as unknown as string }],
    ["an unknown client", { client_id: "nobody" }],
    ["a client id of 5,000 characters", { client_id: "x".repeat(5_000) }],
    ["a client id of 600 bytes in 200 characters", { client_id: "€".repeat(200) }],
    [
      "a client metadata document at a loopback address",
      { client_id: "https://127.0.0.1/client.json" },
    ],
    [
      "a client metadata document that does not load",
      { client_id: "https://client.invalid/client.json" },
    ],
  ])("shows an error page and redirects nowhere for %s", async (_kind, parameters) => {
    const response = await fetch(url(parameters), { redirect: "manual" });

    expect(response.status).toBe(400);
    expect(response.headers.get("location")).toBeNull();
    const page = await response.text();
    expect(page).toContain("Sign-in stopped");
    expect(page).toContain("connect again");
  });

  it.each(["redirect_uri", "client_id", "code_challenge", "state"])(
    "refuses a request that repeats %s",
    async (name) => {
      const response = await fetch(`${url()}&${name}=again`, { redirect: "manual" });

      expect(response.status).toBe(400);
    },
  );

  it.each([
    ["no PKCE", { code_challenge: undefined, code_challenge_method: undefined }, "invalid_request"],
    ["plain PKCE", { code_challenge_method: "plain" }, "invalid_request"],
    ["another resource", { resource: "https://evil.example" }, "invalid_target"],
    ["another response type", { response_type: "token" }, "unsupported_response_type"],
  ])("sends the client an error with state and iss for %s", async (_kind, parameters, error) => {
    const response = await fetch(url(parameters), { redirect: "manual" });

    const back = locationOf(response);
    expect(back.href.startsWith(REDIRECT_URI)).toBe(true);
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error,
      state: "the client's state",
      iss: server.url,
    });
    expect(back.searchParams.has("code")).toBe(false);
  });
});

describe("POST /authorize", () => {
  it("goes to GitHub with PKCE, the exact redirect_uri, and the least scope", async () => {
    const response = await press("allow");

    const target = locationOf(response);
    expect(target.origin + target.pathname).toBe(`${server.githubUrl}/login/oauth/authorize`);
    expect(Object.fromEntries(target.searchParams)).toMatchObject({
      redirect_uri: `${server.url}/callback`,
      scope: "read:user",
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      state: expect.stringMatching(/.{20,}/) as string,
    });
  });

  it("goes back to the client with access_denied, state and iss when the person denies", async () => {
    const response = await press("deny");

    const back = locationOf(response);
    expect(back.href.startsWith(REDIRECT_URI)).toBe(true);
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error: "access_denied",
      state: "the client's state",
      iss: server.url,
    });
  });

  it.each(["", "approve", "Allow"])("grants nothing for the decision %j", async (decision) => {
    const response = await press(decision);

    expect(locationOf(response).searchParams.get("error")).toBe("access_denied");
  });

  it("refuses a consent handle that was opened in another browser", async () => {
    const handle = handleOf(await (await new Browser().fetch(url())).text());

    const response = await new Browser().submit(`${server.url}/authorize`, [
      ["handle", handle],
      ["decision", "allow"],
    ]);

    expect(response.status).toBe(400);
    expect(response.headers.get("location")).toBeNull();
  });

  it("refuses a handle that was used before", async () => {
    const browser = new Browser();
    const handle = handleOf(await (await browser.fetch(url())).text());
    const fields: [string, string][] = [
      ["handle", handle],
      ["decision", "allow"],
    ];
    await browser.submit(`${server.url}/authorize`, fields);

    const response = await browser.submit(`${server.url}/authorize`, fields);

    expect(response.status).toBe(400);
  });

  it.each([
    ["no form", undefined],
    ["an empty form", ""],
    ["JSON", '{"handle":"x"}'],
    ["a handle of 10,000 characters", `decision=allow&handle=${"x".repeat(10_000)}`],
  ])("answers 400 with a page for %s", async (_kind, body) => {
    const response = await fetch(`${server.url}/authorize`, {
      method: "POST",
      ...(body !== undefined && { body }),
    });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain("Sign-in stopped");
  });

  it("answers 413 for a form of 20 KB", async () => {
    const response = await fetch(`${server.url}/authorize`, {
      method: "POST",
      body: "x".repeat(20_000),
    });

    expect(response.status).toBe(413);
  });

  it("grants no scope that does not exist, and always the baseline", async () => {
    const person = await signIn(server, "octocat", {
      ticks: ["admin", "github:write"],
      scope: "mcp:tools admin",
    });

    expect(person.scope.split(" ").toSorted()).toEqual(["github:read", "mcp:tools"]);
  });

  it("asks GitHub for private repositories only when the person ticked them", async () => {
    const person = await signIn(server, "mona", { ticks: ["github:private"] });

    expect(person.scope.split(" ")).toContain("github:private");
    const [token] = await server.github.tokens("mona");
    expect(token?.scopes).toEqual(expect.arrayContaining(["repo", "read:user"]));
  });
});

describe("GET /callback", () => {
  async function atGitHub(browser: Browser): Promise<string> {
    return locationOf(await press("allow", browser)).href;
  }

  it("goes back to the client with access_denied when the person declines at GitHub", async () => {
    const browser = new Browser();
    const declined = await server.github.cancelSignIn(await atGitHub(browser));

    const response = await browser.fetch(declined);

    expect(Object.fromEntries(locationOf(response).searchParams)).toMatchObject({
      error: "access_denied",
      state: "the client's state",
      iss: server.url,
    });
  });

  it("refuses a sign-in that was begun in another browser", async () => {
    const back = await server.github.pickAccount(await atGitHub(new Browser()), "octocat");

    const response = await new Browser().fetch(back);

    expect(response.status).toBe(400);
    expect(response.headers.get("location")).toBeNull();
  });

  it("refuses the same answer a second time", async () => {
    const browser = new Browser();
    const back = await server.github.pickAccount(await atGitHub(browser), "octocat");
    await browser.fetch(back);

    const response = await browser.fetch(back);

    expect(response.status).toBe(400);
  });

  it.each([
    "",
    "?code=x",
    "?state=x&code=y",
    `?state=${"x".repeat(5_000)}&code=y`,
    "?error=access_denied",
  ])("shows a page for /callback%s without a sign-in", async (query) => {
    const response = await fetch(`${server.url}/callback${query}`, { redirect: "manual" });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain("Sign-in stopped");
  });

  it.each(["PUT", "DELETE", "PATCH"])(
    "answers %s on this road with 405, not with an error of its own",
    async (method) => {
      const answers = await Promise.all(
        ["/authorize", "/callback"].map((path) => fetch(server.url + path, { method })),
      );

      expect(answers.map(({ status }) => status)).toEqual([405, 405]);
    },
  );
});

describe("a signed-in client", () => {
  it("gets its code with state and iss, and tokens for the resource it named", async () => {
    const back = await allow(server, url({ resource: `${server.url}/sse` }), { login: "octocat" });

    expect(back.searchParams.get("iss")).toBe(server.url);
    expect(back.searchParams.get("state")).toBe("the client's state");
    expect(back.searchParams.get("code")).toBeTruthy();
  });

  it.each(["/mcp", "/sse", ""])(
    "may use every endpoint of this server with a token for %j",
    async (path) => {
      const { access_token: token } = await signIn(server, "octocat", { path });

      const answers = await Promise.all([
        send(server, { token, path: "/mcp", method: "GET" }),
        send(server, { token, path: "/", message: toolCall("add") }),
        send(server, { token, path: "/sse", method: "POST" }),
      ]);

      expect(answers.map(({ status }) => status)).toEqual([400, 400, 405]);
    },
  );

  it("stays signed in when the same person signs in with the same client again", async () => {
    const first = await signIn(server, "octocat", { client });
    await signIn(server, "octocat", { client });

    const refreshed = await first.refresh();

    expect(refreshed.status).toBe(200);
    const { access_token: token } = (await refreshed.json()) as { access_token: string };
    const response = await send(server, { token, method: "GET" });
    expect(response.status).toBe(400);
  });

  it("loses its token when it revokes it", async () => {
    const person = await signIn(server, "octocat");
    await tokenRequest(server, { client_id: person.client.client_id, token: person.access_token });

    const response = await send(server, { token: person.access_token, message: toolCall("add") });

    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  it("stays the same person when its login is renamed, and whoever takes the login over is another", async () => {
    const before = await signIn(server, "mona");
    const sessionId = await openSession(server, before.access_token);
    await server.github.renamePerson("mona", "mona-renamed");
    await server.github.renamePerson("hubot", "mona");

    const taker = await signIn(server, "mona");
    const renamed = await before.refresh();

    const [subject] = before.access_token.split(":");
    expect(subject).toBe("1024025");
    expect(taker.access_token.split(":")[0]).toBe("480938");
    expect(renamed.status).toBe(200);
    const stolen = await send(server, {
      token: taker.access_token,
      sessionId,
      message: toolCall("add"),
    });
    expect(stolen.status).toBe(404);
    await server.github.renamePerson("mona", "hubot");
    await server.github.renamePerson("mona-renamed", "mona");
  });
});
