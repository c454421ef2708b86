import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { INITIALIZE } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** The same Worker over the same storage, under whatever address the request names. */
function ask(origin: string, path: string, token: string) {
  return server.harness.getWorker().fetch(origin + path, {
    method: path === "/sse" ? "GET" : "POST",
    headers: {
      accept: "application/json, text/event-stream",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    ...(path !== "/sse" && { body: JSON.stringify(INITIALIZE) }),
  });
}

describe("a token of one deployment", () => {
  it("is good there", async () => {
    const { access_token: token } = await signIn(server, "octocat");

    const response = await ask(server.url, "/mcp", token);

    expect(response.status).toBe(200);
  });

  it.each(["/mcp", "/sse", "/"])(
    "is refused at %s of another that shares its storage",
    async (path) => {
      const { access_token: token } = await signIn(server, "octocat");

      const response = await ask("https://other.octocat.workers.dev", path, token);

      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toContain('error="invalid_token"');
    },
  );
});
