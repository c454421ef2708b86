import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { callTool, type Connected, ERAS, textOf } from "../../support/connect.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

let server: TestServer;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  server = await startServer();
  for (const login of ["octocat", "mona"]) {
    tokens[login] = (await signIn(server, login)).access_token;
  }
});
afterAll(() => server.close());
beforeEach(() => server.github.clearRequests());

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/;

describe.each(ERAS)("userInfoOctokit over $era", ({ connect }) => {
  async function connected(login: string): Promise<Connected> {
    return connect(server.url, tokens[login] ?? "");
  }

  it("returns the fields of a profile and nothing else", async () => {
    const client = await connected("octocat");

    const { structuredContent } = await callTool(client, "userInfoOctokit");

    expect(structuredContent).toEqual({
      login: "octocat",
      id: 583231,
      name: "The Octocat",
      bio: "Mascot, eight arms, one keyboard.",
      company: "@octo-org",
      location: "San Francisco",
      blog: "https://github.blog",
      email: "octocat@github.com",
      html_url: `${server.githubUrl}/octocat`,
      avatar_url: expect.stringContaining("/avatars/u/octocat"),
      public_repos: expect.any(Number),
      followers: expect.any(Number),
      following: expect.any(Number),
      created_at: expect.stringMatching(ISO_TIME),
    });
    await client.close();
  });

  it("says the same as text, one field a line", async () => {
    const client = await connected("octocat");

    const result = await callTool(client, "userInfoOctokit");

    const lines = Object.entries(result.structuredContent ?? {}).map(
      ([field, value]) => `${field}: ${String(value)}`,
    );
    expect(result.content).toEqual([{ type: "text", text: lines.join("\n") }]);
    await client.close();
  });

  it("returns null for what the person left empty, and leaves it out of the text", async () => {
    const client = await connected("mona");

    const result = await callTool(client, "userInfoOctokit");

    expect(result.structuredContent).toMatchObject({ login: "mona", company: null, blog: null });
    expect(textOf(result)).not.toMatch(/company|blog|null/);
    await client.close();
  });

  it("shows no header, link or token of GitHub's answer", async () => {
    const client = await connected("octocat");

    const result = await callTool(client, "userInfoOctokit");

    expect(JSON.stringify(result)).not.toMatch(
      /x-ratelimit|x-github|x-oauth|_url\\?":\\?"[^"]*\/api\/v3|node_id|site_admin|gh[opsu]_/i,
    );
    await client.close();
  });

  it("asks GitHub once, with the person's own token", async () => {
    const client = await connected("octocat");

    await callTool(client, "userInfoOctokit");

    const seen = await server.github.requests();
    const [{ token: own } = { token: "" }] = await server.github.tokens("octocat");
    expect(seen).toMatchObject([{ method: "GET", path: "/api/v3/user", token: own }]);
    expect(seen[0]?.userAgent).toMatch(/^github-mcp-worker/);
    await client.close();
  });
});
