import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { callTool, type Connected, ERAS } from "../../support/connect.ts";
import { type Elsewhere, startElsewhere } from "../../support/elsewhere.ts";
import { type NetworkServer, startNetworkServer } from "../../support/network-server.ts";
import { refusalOf } from "../../support/refusal.ts";
import { signIn } from "../../support/sign-in.ts";

const NOT_FOLLOWED =
  "GitHub sent this request elsewhere, which this server does not follow. Try again later.";
const STATUSES = [301, 302, 307, 308] as const;

let server: NetworkServer;
let elsewhere: Elsewhere;
let client: Connected;
beforeAll(async () => {
  [server, elsewhere] = await Promise.all([startNetworkServer(), startElsewhere()]);
  const { access_token } = await signIn(server, "octocat");
  client = await ERAS[2]!.connect(server.url, access_token);
});
afterAll(async () => {
  await client.close();
  await Promise.all([server.close(), elsewhere.close()]);
});
beforeEach(() => server.github.clearRequests());
afterEach(() => server.github.clearFaults());

const TOOLS = [
  { tool: "userInfoOctokit", args: {}, path: "/api/v3/user" },
  {
    tool: "getGithubReadme",
    args: { repositoryUrl: "octocat/hello-world" },
    path: "/api/v3/repos/octocat/hello-world/readme",
  },
];

async function pathsSeen(): Promise<string[]> {
  return (await server.github.requests()).map(({ path }) => path);
}

async function redirect(path: string, location: string, status: (typeof STATUSES)[number] = 301) {
  await server.github.fault({ match: { path }, fault: { kind: "redirect", status, location } });
}

describe("a renamed repository", () => {
  it("is found under its former name, with one step and the same token", async () => {
    const { id } = await server.github.createRepository({ owner: "octocat", name: "former" });
    await server.github.putReadme({ owner: "octocat", name: "former", bytes: "# Moved\n" });
    await server.github.renameRepository("octocat", "former", "present");

    const result = await callTool(client, "getGithubReadme", { repositoryUrl: "octocat/former" });

    expect(result.structuredContent).toMatchObject({ content: "# Moved\n" });
    const seen = await server.github.requests();
    expect(seen.map(({ path, login }) => [path, login])).toEqual([
      ["/api/v3/repos/octocat/former/readme", "octocat"],
      [`/api/v3/repositories/${id}/readme`, "octocat"],
    ]);
  });
});

describe.each(TOOLS)("a redirect of $tool", ({ tool, args, path }) => {
  it.each(STATUSES)("to another host is not followed, with status %i", async (status) => {
    await redirect(path, `${elsewhere.url}/api/v3/user`, status);

    expect(await refusalOf(client, tool, args)).toBe(NOT_FOLLOWED);

    expect(elsewhere.visits).toEqual([]);
    expect(await pathsSeen()).toEqual([path]);
  });

  it("to another port or scheme of the same host is not followed", async () => {
    const github = new URL(server.githubUrl);
    const elsewhereHere = `http://${github.hostname}:${new URL(elsewhere.url).port}${path}`;

    for (const location of [elsewhereHere, `https://${github.host}${path}`]) {
      await redirect(path, location);
      expect(await refusalOf(client, tool, args)).toBe(NOT_FOLLOWED);
      await server.github.clearFaults();
    }

    expect(elsewhere.visits).toEqual([]);
  });

  it("to another host in disguise is not followed", async () => {
    const { host } = new URL(elsewhere.url);

    for (const location of [`//${host}/`, `http://${new URL(server.githubUrl).host}@${host}/`]) {
      await redirect(path, location);
      expect(await refusalOf(client, tool, args)).toBe(NOT_FOLLOWED);
      await server.github.clearFaults();
    }

    expect(elsewhere.visits).toEqual([]);
  });

  it("is followed once and no further", async () => {
    await redirect(path, path);

    expect(await refusalOf(client, tool, args)).toBe(NOT_FOLLOWED);

    expect(await pathsSeen()).toEqual([path, path]);
  });

  it("to another host behind one of GitHub's own is not followed", async () => {
    await server.github.fault({
      match: { path },
      fault: { kind: "redirect", status: 301, location: `${server.githubUrl}/api/v3/step` },
      times: 1,
    });
    await redirect("/api/v3/step", elsewhere.url);

    expect(await refusalOf(client, tool, args)).toBe(NOT_FOLLOWED);

    expect(elsewhere.visits).toEqual([]);
  });

  it.each(["http://", "http://["])("to %j, which is no address, is a fault", async (to) => {
    await redirect(path, to);

    expect(await refusalOf(client, tool, args)).toMatch(/^GitHub .*Try again/);
  });
});
