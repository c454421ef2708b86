import { describe, expect, it } from "vitest";

import { startServer, type TestServer } from "../support/server.ts";

async function withServer<Result>(
  settings: Record<string, string | undefined>,
  use: (server: TestServer) => Promise<Result>,
): Promise<Result> {
  const server = await startServer({ settings });
  try {
    return await use(server);
  } finally {
    await server.close();
  }
}

describe("a misconfigured Worker", () => {
  const settings = {
    GITHUB_CLIENT_ID: undefined,
    GITHUB_CLIENT_SECRET: "",
    SERVER_SECRET: "short",
    PUBLIC_URL: "http://mcp.example.com",
    GITHUB_URL: "https://github.com/login",
  };

  it("names every fault at once in its log, and none to visitors", async () => {
    await withServer(settings, async (server) => {
      const response = await fetch(server.url);

      expect(response.status).toBe(500);
      const page = await response.text();
      expect(page).toContain("not configured");
      const logs = () => JSON.stringify(server.harness.getLogs());
      await expect.poll(logs).toContain("misconfigured");
      const logged = logs();
      for (const name of Object.keys(settings)) {
        expect(logged).toContain(name);
        expect(page).not.toContain(name);
      }
      expect(logged).not.toContain("short\\n");
    });
  });

  it("says so on every road", async () => {
    await withServer({ SERVER_SECRET: undefined }, async (server) => {
      const answers = await Promise.all(
        ["/", "/mcp", "/health", "/authorize", "/token"].map((path) => fetch(server.url + path)),
      );

      expect(answers.map(({ status }) => status)).toEqual([500, 500, 500, 500, 500]);
    });
  });
});
