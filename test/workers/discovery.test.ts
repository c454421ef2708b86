import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { INITIALIZE, send } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { registerClient, signIn } from "../support/sign-in.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

async function json(path: string): Promise<any> {
  return (await fetch(server.url + path)).json();
}

describe("authorization server metadata", () => {
  it("names this origin as issuer, its endpoints, and all scopes", async () => {
    const metadata = await json("/.well-known/oauth-authorization-server");

    expect(metadata).toMatchObject({
      issuer: server.url,
      authorization_endpoint: `${server.url}/authorize`,
      token_endpoint: `${server.url}/token`,
      registration_endpoint: `${server.url}/register`,
      revocation_endpoint: `${server.url}/token`,
      code_challenge_methods_supported: ["S256"],
      scopes_supported: ["mcp:tools", "github:read", "github:private"],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: true,
    });
    expect(metadata.protected_resources).toEqual([
      `${server.url}/mcp`,
      `${server.url}/sse`,
      server.url,
    ]);
  });
});

describe.each([
  ["/mcp", "/.well-known/oauth-protected-resource/mcp"],
  ["/sse", "/.well-known/oauth-protected-resource/sse"],
  ["/", "/.well-known/oauth-protected-resource"],
])("the resource %s", (path, metadataPath) => {
  const resource = () => (path === "/" ? server.url : server.url + path);

  it("challenges a caller without a token, and names its metadata and the baseline scope", async () => {
    const method = path === "/sse" ? "GET" : "POST";

    const response = await send(server, { path, method });

    expect(response.status).toBe(401);
    const challenge = response.headers.get("www-authenticate");
    expect(challenge).toContain(`resource_metadata="${server.url}${metadataPath}"`);
    expect(challenge).toContain('scope="mcp:tools"');
    expect(await response.text()).toBe("");
  });

  it.each([
    ["an invented token", "nobody:grant:secret"],
    ["a GitHub token", "gho_0123456789abcdef0123456789abcdef0123"],
  ])("refuses %s as invalid, without asking GitHub", async (_kind, token) => {
    await server.github.clearRequests();

    const response = await send(server, { path, token, method: path === "/sse" ? "GET" : "POST" });

    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect(await server.github.requests()).toEqual([]);
  });

  it("describes itself with its own URL and this authorization server", async () => {
    const metadata = await json(metadataPath);

    expect(metadata).toMatchObject({
      resource: resource(),
      authorization_servers: [server.url],
      scopes_supported: ["mcp:tools"],
    });
  });

  it("lets a page of any origin read its metadata", async () => {
    const response = await fetch(server.url + metadataPath, {
      headers: { origin: "https://page.example" },
    });

    expect(response.status).toBe(200);
    expect(response.headers.get("access-control-allow-origin")).toBe("https://page.example");
  });

  it.each(["https://evil.example", "null", "http://localhost.evil.example", "not a url"])(
    "refuses calls from pages of %s",
    async (origin) => {
      const answers = await Promise.all(
        ["GET", "POST", "DELETE", "OPTIONS"].map((method) =>
          send(server, { path, method, headers: { origin, accept: "text/event-stream" } }),
        ),
      );

      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
      expect(answers.map(({ headers }) => headers.get("access-control-allow-origin"))).toEqual([
        null,
        null,
        null,
        null,
      ]);
    },
  );

  it.each(["http://localhost:6274", "http://127.0.0.1:1234", "https://allowed.example"])(
    "answers the preflight of a page of %s",
    async (origin) => {
      const allowing = await startedWithAllowedOrigin();

      const response = await send(allowing, {
        path,
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST" },
      });

      expect(response.status).toBe(204);
      expect(response.headers.get("access-control-allow-origin")).toBe(origin);
      expect(response.headers.get("access-control-allow-headers")).toContain("Mcp-Session-Id");
      expect(response.headers.get("access-control-expose-headers")).toContain("WWW-Authenticate");
    },
  );
});

describe("an answer of a session", () => {
  it.each([
    ["no page", undefined, null],
    ["a page on loopback", "http://localhost:6274", "http://localhost:6274"],
  ])("to %s allows that origin and no other", async (_who, origin, allowed) => {
    const { access_token: token } = await signIn(server, "octocat");

    const response = await send(server, {
      token,
      message: INITIALIZE,
      ...(origin !== undefined && { headers: { origin } }),
    });

    expect(response.status).toBe(200);
    expect(response.headers.get("access-control-allow-origin")).toBe(allowed);
    expect(response.headers.get("vary")).toContain("Origin");
  });
});

let allowing: Promise<TestServer> | undefined;
function startedWithAllowedOrigin(): Promise<TestServer> {
  allowing ??= startServer({
    settings: { ALLOWED_ORIGINS: "https://other.example, https://allowed.example" },
  });
  return allowing;
}
afterAll(async () => (await allowing)?.close());

describe("dynamic client registration", () => {
  it("registers a public client", async () => {
    const client = await registerClient(server);

    expect(client.client_id).toBeTruthy();
    expect(client.client_secret).toBeUndefined();
  });

  it.each(["javascript:alert(1)", "http://remote.example/callback", "https://a.example/#fragment"])(
    "refuses the redirect URI %s",
    async (redirectUri) => {
      await expect(registerClient(server, { redirect_uris: [redirectUri] })).rejects.toThrow("400");
    },
  );
});
