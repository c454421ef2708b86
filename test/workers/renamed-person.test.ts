import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { callTool, type Connected, ERAS, textOf } from "../support/connect.ts";
import { accountRows } from "../support/object-rows.ts";
import { openSession, send, toolCall } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { type SignedIn, signIn, type Tokens } from "../support/sign-in.ts";

/** Logins change hands, GitHub's numeric ids do not. */
const HUBOT_ID = 480_938;
const MONA_ID = 1_024_025;

let server: TestServer;
const open: Connected[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(() => server.github.reset());
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close().catch(() => undefined)));
});

async function loginOf(client: Connected): Promise<unknown> {
  return (await callTool(client, "userInfoOctokit")).structuredContent?.["login"];
}

/** The person gives the login up, and somebody else takes it. */
async function handOver(): Promise<SignedIn> {
  await server.github.renamePerson("hubot", "hubot-renamed");
  await server.github.renamePerson("mona", "hubot");
  return signIn(server, "hubot", { ticks: ["github:private"] });
}

async function connectionsOf(id: number): Promise<number> {
  return (await accountRows(server, id, "SELECT grant_id FROM connections")).length;
}

describe.each(ERAS)("a person who was renamed, over $era", ({ connect }) => {
  it("goes on as the same person, before and after a refresh", async () => {
    const person = await signIn(server, "hubot");
    const client = await connect(server.url, person.access_token);
    open.push(client);
    await handOver();

    const before = await loginOf(client);
    const { access_token } = (await (await person.refresh()).json()) as Tokens;
    const again = await connect(server.url, access_token);
    open.push(again);

    expect([before, await loginOf(again)]).toEqual(["hubot-renamed", "hubot-renamed"]);
  });

  it("shows nothing to whoever took the login over", async () => {
    const person = await signIn(server, "hubot", { ticks: ["github:private"] });
    const taker = await handOver();
    const [owner, other] = await Promise.all(
      [person, taker].map(({ access_token }) => connect(server.url, access_token)),
    );
    open.push(owner!, other!);
    const diary = { repositoryUrl: "hubot-renamed/robot-diary" };

    const [own, foreign] = await Promise.all(
      [owner!, other!].map((client) => callTool(client, "getGithubReadme", diary)),
    );

    expect(textOf(own!)).toContain("squirrel");
    expect(foreign!.isError).toBe(true);
    expect(textOf(foreign!)).not.toContain("squirrel");
  });
});

describe("whoever takes a login over", () => {
  it("is let into no session that was opened under it", async () => {
    const person = await signIn(server, "hubot");
    const sessionId = await openSession(server, person.access_token);
    const { access_token: token } = await handOver();

    const response = await send(server, { token, sessionId, message: toolCall("add") });

    expect(response.status).toBe(404);
  });

  it("gets an account of their own", async () => {
    const [hubots, monas] = [await connectionsOf(HUBOT_ID), await connectionsOf(MONA_ID)];
    await signIn(server, "hubot");
    await handOver();

    expect(await connectionsOf(HUBOT_ID)).toBe(hubots + 1);
    expect(await connectionsOf(MONA_ID)).toBe(monas + 1);
  });

  it("ends nobody's sign-in but their own by revoking the app", async () => {
    const person = await signIn(server, "hubot");
    const taker = await handOver();
    await server.github.revokeTokens({ login: "hubot" });

    const [kept, ended] = await Promise.all([person.refresh(), taker.refresh()]);

    expect(kept.status).toBe(200);
    expect(ended.status).toBe(400);
    expect(await ended.json()).toMatchObject({ error: "invalid_grant" });
  });
});
