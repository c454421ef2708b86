import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startServer, type TestServer } from "../support/server.ts";
import { openDatabases } from "../support/session-storage.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe("the start page", () => {
  it("shows how to connect each client to the address it is served from", async () => {
    const response = await fetch(server.url, { headers: { accept: "text/html" } });

    const page = await response.text();
    expect(response.status).toBe(200);
    expect(page).toContain(`${server.url}/mcp`);
    for (const client of [
      "Inspector",
      "Cursor",
      "Claude",
      "mcp-remote",
      "VS Code",
      "Gemini CLI",
      "Workers AI Playground",
    ]) {
      expect(page).toContain(client);
    }
    for (const tool of ["add", "userInfoOctokit", "getGithubReadme"]) expect(page).toContain(tool);
    expect(page).not.toContain("generateImage");
  });

  it("has no script and loads nothing from elsewhere", async () => {
    const response = await fetch(server.url);

    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    const page = await response.text();
    expect(page).not.toContain("<script");
    expect(page).not.toMatch(
      /(?:src|href)="https?:\/\/(?!localhost)[^"]*\.(?:js|css|png|svg|woff2?)"/,
    );
  });

  it("has an icon of its own, which its policy lets browsers load", async () => {
    const [page, icon] = await Promise.all([fetch(server.url), fetch(`${server.url}/icon.svg`)]);

    expect(await page.text()).toContain('href="/icon.svg"');
    expect(page.headers.get("content-security-policy")).toContain("img-src 'self'");
    expect(icon.headers.get("content-type")).toContain("image/svg+xml");
    expect(await icon.text()).toContain("<svg");
  });

  it("names where to take access back, on the GitHub that it signs in with", async () => {
    const page = await (await fetch(server.url)).text();

    expect(page).toContain(`href="${server.githubUrl}/settings/applications"`);
  });

  it("has a stylesheet of its own", async () => {
    const response = await fetch(`${server.url}/style.css`);

    expect(response.headers.get("content-type")).toContain("text/css");
    expect(await response.text()).toContain("prefers-color-scheme: dark");
  });
});

describe("/health", () => {
  it("answers without touching storage", async () => {
    const before = openDatabases(server);

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => fetch(`${server.url}/health`)),
    );

    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(openDatabases(server)).toEqual(before);
  });
});

describe("an address that does not exist", () => {
  it.each([
    "/nothing",
    "/mcp/x",
    "/sse/other",
    "/.well-known/openid-configuration",
    "/%00",
    "/__proto__",
  ])("answers 404 to %s", async (path) => {
    const response = await fetch(server.url + path);

    expect(response.status).toBe(404);
  });
});
