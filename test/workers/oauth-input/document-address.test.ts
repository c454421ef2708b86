import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { emulateInternet, type Internet } from "../../support/internet.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { authorizeUrl, pkce } from "../../support/sign-in.ts";

let internet: Internet;
let server: TestServer;
beforeAll(async () => {
  internet = emulateInternet();
  server = await startServer({ settings: { PUBLIC_URL: "https://mcp.example.com" } });
});
afterAll(async () => {
  internet.close();
  await server.close();
});
afterEach(() => {
  internet.visits.length = 0;
});

const { challenge } = pkce();

/** The server as it is reached from the internet. */
function ask(path: string, init?: RequestInit): Promise<Response> {
  const url = new URL(path, "https://mcp.example.com").href;
  return server.harness.getWorker().fetch(url, { redirect: "manual", ...init } as never) as never;
}

function authorize(clientId: string): Promise<Response> {
  return ask(
    authorizeUrl(server, { client_id: clientId, code_challenge: challenge }).slice(
      server.url.length,
    ),
  );
}

function token(parameters: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: "1:2:3",
    ...parameters,
  });
  const type = { "content-type": "application/x-www-form-urlencoded" };
  return ask("/token", { method: "POST", headers: { ...type, ...headers }, body: body.toString() });
}

function assertion(issuer: string): Record<string, string> {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: `${part({ alg: "ES256" })}.${part({ iss: issuer })}.AA`,
  };
}

const basic = (id: string) => ({ authorization: `Basic ${btoa(`${encodeURIComponent(id)}:x`)}` });

const PRIVATE_ADDRESSES = [
  "https://127.0.0.1/client",
  "https://127.0.0.1./client",
  "https://127.1/client",
  "https://2130706433/client",
  "https://0x7f.0.0.1/client",
  "https://0x7f000001/client",
  "https://0177.0.0.1/client",
  "https://10.0.0.1/client",
  "https://169.254.169.254/latest/meta-data",
  "https://8.8.8.8/client",
  "https://[::1]/client",
  "https://[::ffff:127.0.0.1]/client",
  "https://[fd00::1]:8443/client",
  "https://localhost/client",
  "https://localhost./client",
  "https://LOCALHOST/client",
  "https://intranet/client",
  "https://a.localhost/client",
  "https://printer.local/client",
  "https://vault.internal/client",
  "https://router.home.arpa/client",
  "https://%6c%6f%63%61%6c%68%6f%73%74/client",
  "https://１２７.0.0.1/client",
  "https://mcp.example.com/client",
  "https://mcp.example.com./client",
  "https://MCP.example.com:8443/client",
  "https:/127.0.0.1/client",
  " https://127.0.0.1/client",
];

/** What no metadata document can be at, wherever it is. */
const MALFORMED_ADDRESSES = [
  "http://client.example/client",
  "https://client.example",
  "https://client.example/a/../client",
  "https://CLIENT.example/client",
  "https://client.example/%2e%2e/client",
  "https://name@client.example/client",
  "https://name:password@client.example/client",
  "https://client.example/client#fragment",
  "https://client.example\\@evil.example/client",
  "https://client.example/%zz",
  "https://client.example/a b",
  "javascript:alert(1)",
  "ftp://client.example/client",
];

describe.each([
  ["not on the public internet", PRIVATE_ADDRESSES],
  ["malformed", MALFORMED_ADDRESSES],
])("a client whose document's address is %s", (_kind, addresses) => {
  it.each(addresses)("is refused on a page, and %j is not visited", async (address) => {
    const response = await authorize(address);

    expect(response.status).toBe(400);
    expect(response.headers.get("location")).toBeNull();
    expect(await response.text()).toContain("Sign-in stopped");
    expect(internet.visits).toEqual([]);
  });

  it.each(addresses)("gets invalid_client for a token, and %j is not visited", async (address) => {
    const answers = await Promise.all([
      token({ client_id: address }),
      token({ client_id: address, ...assertion("x") }),
      token(assertion(address)),
      token({}, basic(address)),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(await answers[0].json()).toMatchObject({ error: "invalid_client" });
    expect(internet.visits).toEqual([]);
  });
});

describe("a client whose document's address is public", () => {
  it("is visited there, and nowhere else", async () => {
    await authorize("https://client.example/client");

    expect(new Set(internet.visits)).toEqual(new Set(["https://client.example/client"]));
  });
});
