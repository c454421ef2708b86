import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { callTool, type Connected, ERAS, textOf } from "../../support/connect.ts";
import { refusalOf } from "../../support/refusal.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

const HELLO = "# Hello World\n\nMy first repository on GitHub!\n";
const NOT_FOUND =
  "GitHub has nothing there that this sign-in may see. Check the spelling; private repositories need the permission github:private, given at sign-in.";

let server: TestServer;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  server = await startServer();
  const ticks = ["github:private"];
  tokens["octocat"] = (await signIn(server, "octocat")).access_token;
  tokens["octocat with private"] = (await signIn(server, "octocat", { ticks })).access_token;
  tokens["hubot with private"] = (await signIn(server, "hubot", { ticks })).access_token;
});
afterAll(() => server.close());
beforeEach(() => server.github.clearRequests());

describe.each(ERAS)("getGithubReadme over $era", ({ connect }) => {
  const clients: Record<string, Connected> = {};
  beforeAll(async () => {
    for (const [who, token] of Object.entries(tokens)) {
      clients[who] = await connect(server.url, token);
    }
  });
  afterAll(() => Promise.all(Object.values(clients).map((client) => client.close())));

  const read = (who: string, repositoryUrl: string) =>
    callTool(clients[who]!, "getGithubReadme", { repositoryUrl });
  const refusal = (who: string, repositoryUrl: unknown) =>
    refusalOf(clients[who]!, "getGithubReadme", { repositoryUrl });

  it("returns a README as data and as text", async () => {
    const result = await read("octocat", "octocat/hello-world");

    expect(result.structuredContent).toEqual({
      repository: "octocat/hello-world",
      content: HELLO,
      truncated: false,
      notice: null,
    });
    expect(result.content).toHaveLength(1);
    expect(textOf(result)).toContain(HELLO);
  });

  it("asks GitHub once, for the default branch, with the person's own token", async () => {
    await read("octocat", "octocat/hello-world");

    const seen = await server.github.requests();
    expect(seen).toMatchObject([
      {
        method: "GET",
        path: "/api/v3/repos/octocat/hello-world/readme",
        query: "",
        login: "octocat",
      },
    ]);
  });

  it("returns a private repository's README to its owner who allowed it", async () => {
    const result = await read("octocat with private", "octocat/private-notes");

    expect(textOf(result)).toContain("third palm tree");
  });

  it("does not find a private repository when its owner did not allow it", async () => {
    expect(await refusal("octocat", "octocat/private-notes")).toBe(NOT_FOUND);
  });

  it("does not find another person's private repository, whatever was allowed", async () => {
    expect(await refusal("hubot with private", "octocat/private-notes")).toBe(NOT_FOUND);
  });

  it("does not find a repository that does not exist", async () => {
    expect(await refusal("octocat", "octocat/no-such-repository")).toBe(NOT_FOUND);
  });

  it.each([undefined, null, 7, true, ["octocat/hello-world"], { owner: "octocat" }])(
    "refuses %j for an address, and asks GitHub nothing",
    async (repositoryUrl) => {
      expect(await refusal("octocat", repositoryUrl)).toMatch(/repositoryUrl/);

      expect(await server.github.requests()).toEqual([]);
    },
  );
});
