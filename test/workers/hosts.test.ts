import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startServer, type TestServer } from "../support/server.ts";

let unpinned: TestServer;
let pinned: TestServer;
beforeAll(async () => {
  unpinned = await startServer();
  pinned = await startServer({ settings: { PUBLIC_URL: "https://mcp.example.com" } });
});
afterAll(async () => {
  await unpinned.close();
  await pinned.close();
});

const METADATA = "/.well-known/oauth-authorization-server";

async function get({ harness }: TestServer, url: string) {
  return harness.getWorker().fetch(url, { redirect: "manual" });
}

describe("a Worker that was not told its address", () => {
  it.each([
    "https://github-mcp-worker.octocat.workers.dev",
    "http://localhost:8788",
    "http://127.0.0.1:8788",
  ])("serves %s as its own issuer", async (origin) => {
    const response = await get(unpinned, origin + METADATA);

    expect(await response.json()).toMatchObject({ issuer: origin });
  });

  it.each([
    "https://evil.example",
    "https://workers.dev.evil.example",
    "https://a.workers.dev:8443",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
  ])("answers 421 to %s, and names it nowhere", async (origin) => {
    const answers = await Promise.all(
      [METADATA, "/", "/mcp", "/authorize", "/token"].map((path) => get(unpinned, origin + path)),
    );

    expect(answers.map(({ status }) => status)).toEqual([421, 421, 421, 421, 421]);
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(bodies.join()).not.toContain("evil");
  });

  it("serves a workers.dev address over https only", async () => {
    const response = await get(unpinned, "http://a.octocat.workers.dev/mcp?x=1");

    expect(response.status).toBe(308);
    expect(response.headers.get("location")).toBe("https://a.octocat.workers.dev/mcp?x=1");
  });

  it("still serves the first of many hosts after it has seen a hundred", async () => {
    for (let index = 0; index < 100; index += 1) {
      await (await get(unpinned, `https://preview-${index}.octocat.workers.dev${METADATA}`)).text();
    }

    const response = await get(unpinned, `https://preview-0.octocat.workers.dev${METADATA}`);

    expect(await response.json()).toMatchObject({
      issuer: "https://preview-0.octocat.workers.dev",
    });
  });
});

describe("a Worker with PUBLIC_URL", () => {
  it("serves that address", async () => {
    const response = await get(pinned, `https://mcp.example.com${METADATA}`);

    expect(await response.json()).toMatchObject({ issuer: "https://mcp.example.com" });
  });

  it.each([
    "https://github-mcp-worker.octocat.workers.dev",
    "http://localhost:8788",
    "https://mcp.example.com.evil.example",
  ])("answers 421 to %s", async (origin) => {
    const response = await get(pinned, origin + METADATA);

    expect(response.status).toBe(421);
  });
});
