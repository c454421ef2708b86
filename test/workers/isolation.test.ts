import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { callTool, ERAS, textOf } from "../support/connect.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { type SignedIn, signIn } from "../support/sign-in.ts";

const LOGINS = ["octocat", "hubot", "mona"];

let server: TestServer;
let signedIn: (SignedIn & { login: string })[];
beforeAll(async () => {
  server = await startServer();
  signedIn = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const login = LOGINS[index % LOGINS.length]!;
      return { login, ...(await signIn(server, login)) };
    }),
  );
});
afterAll(() => server.close());

const PRIVATE = { octocat: "octocat/private-notes", hubot: "hubot/robot-diary" };

describe.each(ERAS)("12 people at once over $era", ({ connect }) => {
  it("never see each other", async () => {
    const people = await Promise.all(
      signedIn.map(async ({ login, access_token }) => {
        return { login, client: await connect(server.url, access_token) };
      }),
    );

    const seen = await Promise.all(
      people.map(async ({ client }) => {
        const answers = await Promise.all([1, 2, 3].map(() => callTool(client, "userInfoOctokit")));
        return answers.map(({ structuredContent }) => structuredContent?.["login"]);
      }),
    );

    expect(seen).toEqual(people.map(({ login }) => [login, login, login]));
    await Promise.all(people.map(({ client }) => client.close()));
  });

  it("read private repositories of their own, and nobody else's", async () => {
    const [octocat, hubot] = await Promise.all(
      ["octocat", "hubot"].map(async (login) => {
        const { access_token } = await signIn(server, login, { ticks: ["github:private"] });
        return connect(server.url, access_token);
      }),
    );

    const read = async (client: typeof octocat, repositoryUrl: string) =>
      callTool(client!, "getGithubReadme", { repositoryUrl });
    const [own, foreign, hubotOwn, hubotForeign] = await Promise.all([
      read(octocat, PRIVATE.octocat),
      read(octocat, PRIVATE.hubot),
      read(hubot, PRIVATE.hubot),
      read(hubot, PRIVATE.octocat),
    ]);

    expect(textOf(own)).toContain("third palm tree");
    expect(textOf(hubotOwn)).toContain("squirrel");
    expect([foreign.isError, hubotForeign.isError]).toEqual([true, true]);
    expect(textOf(foreign) + textOf(hubotForeign)).not.toMatch(/palm tree|squirrel/);
    await Promise.all([octocat, hubot].map((client) => client!.close()));
  });
});
