import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { callTool, type Connected, ERAS } from "../../support/connect.ts";
import { type Elsewhere, startElsewhere } from "../../support/elsewhere.ts";
import { refusalOf } from "../../support/refusal.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

const REFUSAL =
  "repositoryUrl does not name a repository on this GitHub. Write it as https://github.com/owner/repo or owner/repo.";

let server: TestServer;
let elsewhere: Elsewhere;
let client: Connected;
beforeAll(async () => {
  [server, elsewhere] = await Promise.all([startServer(), startElsewhere()]);
  const { access_token } = await signIn(server, "octocat");
  client = await ERAS[2]!.connect(server.url, access_token);
});
afterAll(async () => {
  await client.close();
  await Promise.all([server.close(), elsewhere.close()]);
});
beforeEach(() => server.github.clearRequests());

/** Addresses are written for `GITHUB` and `ELSEWHERE`, whose ports are known only here. */
function written(address: string): string {
  return address
    .replaceAll("GITHUB", new URL(server.githubUrl).host)
    .replaceAll("ELSEWHERE", new URL(elsewhere.url).host);
}

describe("the address of a repository", () => {
  it.each([
    "http://GITHUB/octocat/hello-world",
    "https://GITHUB/octocat/hello-world",
    "http://www.GITHUB/octocat/hello-world",
    "http://GITHUB/octocat/hello-world/",
    "http://GITHUB/octocat/hello-world.git",
    "http://GITHUB/octocat/hello-world.git/",
    "GITHUB/octocat/hello-world",
    "octocat/hello-world",
    "octocat/hello-world/",
    "octocat/hello-world.git",
    " octocat/hello-world\n",
    "Octocat/Hello-World",
  ])("names the repository as %j", async (address) => {
    const result = await callTool(client, "getGithubReadme", { repositoryUrl: written(address) });

    expect(result.structuredContent).toMatchObject({
      content: expect.stringContaining("My first repository"),
    });
  });

  it.each([
    "http://GITHUB.evil.example/a/b",
    "http://GITHUB@ELSEWHERE/a/b",
    "http://GITHUB:x@ELSEWHERE/a/b",
    "http://octocat@GITHUB/a/b",
    "http://ELSEWHERE/a/b",
    "http://ELSEWHERE/GITHUB/a/b",
    "http://ELSEWHERE\\@GITHUB/a/b",
    "http://ELSEWHERE#@GITHUB/a/b",
    "//ELSEWHERE/a/b",
    "ELSEWHERE/a/b",
    "https://github.com/octocat/hello-world",
    "https://gist.GITHUB/octocat/hello-world",
    "http://169.254.169.254/latest/meta-data",
    "http://localhost/a/b",
    "file:///etc/passwd",
    "file://GITHUB/a/b",
    "ftp://GITHUB/a/b",
    "git@GITHUB:a/b",
    "https://g\u0456thub.com/a/b",
    "http://GITHUB/%2e%2e/user",
    "http://GITHUB/octocat/%2e%2e",
    "http://GITHUB/octocat/../../user",
    "http://GITHUB/octocat/hello-world/../../../user",
    "http://GITHUB/octocat/hello-world/tree/main",
    "http://GITHUB/octocat/hello-world?x",
    "http://GITHUB/octocat/hello-world#x",
    "octocat/..",
    "octocat/.",
    "../user",
    "octocat/../../user",
    "octocat/hello-world?x",
    "octocat/hello-world#x",
    "octocat/hello-world/contents",
    "octocat/hello\tworld",
    "octocat/hello\r\nworld",
    "octo\ncat/hello-world",
    "octocat/hello-world\0",
    "octocat/hello-world%00",
    "octocat",
    "",
    "a".repeat(10 * 1024),
    `octocat/${"b".repeat(10 * 1024)}`,
  ])("is refused as %j without a request to anybody", async (address) => {
    const refusal = await refusalOf(client, "getGithubReadme", { repositoryUrl: written(address) });

    expect(refusal).toBe(REFUSAL);
    expect(await server.github.requests()).toEqual([]);
    expect(elsewhere.visits).toEqual([]);
  });
});
