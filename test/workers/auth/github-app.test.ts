import { generateKeyPairSync } from "node:crypto";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { EMULATED_INSTALLATION } from "../../../emulator/seed.ts";
import { callTool, ERAS, textOf } from "../../support/connect.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { issueServiceToken } from "../../support/service-token.ts";

const SCOPES = ["mcp:tools", "github:read", "github:private"];

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  ({ token } = await issueServiceToken(server, { scopes: SCOPES }));
});
afterAll(() => server.close());
beforeEach(() => server.github.clearFaults());

const toolsSeen = async (connect: (typeof ERAS)[number]["connect"]) => {
  const client = await connect(server.url, token);
  const { tools } = await client.listTools();
  await client.close();
  return tools.map(({ name }) => name);
};

async function readme(repositoryUrl: string, bearer = token) {
  const [{ connect }] = ERAS.slice(-1) as [(typeof ERAS)[number]];
  const client = await connect(server.url, bearer);
  const result = await callTool(client, "getGithubReadme", { repositoryUrl });
  await client.close();
  return result;
}

describe("a service of a server without a GitHub App", () => {
  it.each(ERAS)("sees the tools that need no GitHub, and no other: $era", async ({ connect }) => {
    expect(await toolsSeen(connect)).toEqual(["add", "whoami"]);
  });

  it("has no call of a GitHub tool answered", async () => {
    await expect(readme("octocat/hello-world")).rejects.toThrow(/not found|unknown/i);
  });
});

describe("a service of a server with a GitHub App", () => {
  beforeAll(async () =>
    server.redeploy({
      GITHUB_APP_ID: String(EMULATED_INSTALLATION.appId),
      GITHUB_APP_INSTALLATION_ID: String(EMULATED_INSTALLATION.id),
      // As `.dev.vars` and most stores of secrets have it.
      GITHUB_APP_PRIVATE_KEY: (await server.github.appPrivateKey()).replaceAll("\n", "\\n"),
    }),
  );

  it.each(ERAS)("sees the tools that need no person: $era", async ({ connect }) => {
    expect(await toolsSeen(connect)).toEqual(["add", "getGithubReadme", "whoami"]);
  });

  it("reads what the App is installed for, also where it is private", async () => {
    const answers = await Promise.all(
      ["octocat/hello-world", "octocat/private-notes"].map((name) => readme(name)),
    );

    expect(answers.map((answer) => textOf(answer))).toEqual([
      expect.stringContaining("My first repository"),
      expect.stringContaining("third palm tree"),
    ]);
  });

  it("does not read what belongs to others", async () => {
    const answer = await readme("hubot/robot-diary");

    expect(answer.isError).toBe(true);
    expect(textOf(answer)).not.toContain("squirrel");
  });

  it("reads nothing private without the scope for it", async () => {
    const scopes = ["mcp:tools", "github:read"];
    const publicOnly = await issueServiceToken(server, { name: "public only", scopes });
    const answer = await readme("octocat/private-notes", publicOnly.token);

    expect(answer.isError).toBe(true);
    expect(textOf(answer)).not.toContain("palm tree");
  });

  it("asks for no other token while it has one, however many calls come at once", async () => {
    await readme("octocat/hello-world");
    await server.github.clearRequests();
    await Promise.all(Array.from({ length: 8 }, () => readme("octocat/hello-world")));
    const asked = (await server.github.requests()).filter(({ path }) => path.includes("/app/"));

    expect(asked).toEqual([]);
  });

  it("goes on under another token when GitHub has ended the one before", async () => {
    await readme("octocat/hello-world");
    await server.github.revokeTokens({ login: EMULATED_INSTALLATION.login });

    expect(textOf(await readme("octocat/hello-world"))).toContain("My first repository");
  });

  it("is told to try again while GitHub gives no token", async () => {
    await server.github.revokeTokens({ login: EMULATED_INSTALLATION.login });
    await server.github.fault({
      match: { path: "/app/installations/" },
      fault: { kind: "status", status: 503 },
    });

    expect(textOf(await readme("octocat/hello-world"))).toContain("Try again in a minute");
  });

  it("says whom to tell when GitHub does not accept the App's key", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    await server.redeploy({
      GITHUB_APP_ID: String(EMULATED_INSTALLATION.appId),
      GITHUB_APP_INSTALLATION_ID: String(EMULATED_INSTALLATION.id),
      GITHUB_APP_PRIVATE_KEY: pem,
    });

    expect(textOf(await readme("octocat/hello-world"))).toContain("Tell the server's operator");
  });
});
