import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { callTool, textOf } from "../support/connect.ts";
import { connectFromNothing, SDK_ROADS, type SdkConnection } from "../support/sdk-roads.ts";
import { REDIRECT_URI } from "../support/sign-in.ts";
import { startTestStack, type TestStack } from "../support/stack.ts";

let stack: TestStack;
const open: SdkConnection[] = [];

beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());
beforeEach(() => stack.github.clearRequests());
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ client }) => client.close()));
});

function kept(connection: SdkConnection): SdkConnection {
  open.push(connection);
  return connection;
}

describe.each(SDK_ROADS)("$road", (road) => {
  const signInAs = async (login: string) => kept(await connectFromNothing(stack, road, { login }));

  it("asks to sign in for the address that it was given, and speaks the revision of its road", async () => {
    const { memory, revision } = await signInAs("octocat");

    expect(revision()).toBe(road.revision);
    expect(asked(memory.opened[0])).toEqual({
      resource: `${stack.url}${road.path}`,
      redirect_uri: REDIRECT_URI,
      response_type: "code",
      code_challenge_method: "S256",
    });
  });

  it("refreshes by itself, in the same session, when its access token is no longer valid", async () => {
    const { client, memory, sessionId } = await signInAs("hubot");
    const before = { tokens: memory.tokens(), session: sessionId() };
    memory.spoilAccessToken();

    const profile = await callTool(client, "userInfoOctokit");

    expect(profile.structuredContent).toMatchObject({ login: "hubot" });
    expect(memory.tokens()?.access_token).not.toBe(before.tokens?.access_token);
    expect(memory.tokens()?.refresh_token).not.toBe(before.tokens?.refresh_token);
    expect(sessionId()).toBe(before.session);
    expect(memory.opened).toHaveLength(1);
  });
});

describe("two people", () => {
  const signInAs = async (login: string) =>
    kept(await connectFromNothing(stack, SDK_ROADS[0]!, { login, ticks: ["github:private"] }));

  it("see only what is theirs when they are connected at the same time", async () => {
    const [octocat, hubot] = await Promise.all([signInAs("octocat"), signInAs("hubot")]);
    const tokens = await ownersOfTokens();
    await stack.github.clearRequests();
    const readme = (connection: SdkConnection, repositoryUrl: string) =>
      callTool(connection.client, "getGithubReadme", { repositoryUrl });

    const [octocatIs, hubotIs, notes, diary, foreignNotes, foreignDiary] = await Promise.all([
      callTool(octocat.client, "userInfoOctokit"),
      callTool(hubot.client, "userInfoOctokit"),
      readme(octocat, "octocat/private-notes"),
      readme(hubot, "hubot/robot-diary"),
      readme(hubot, "octocat/private-notes"),
      readme(octocat, "hubot/robot-diary"),
    ]);

    expect(octocatIs.structuredContent).toMatchObject({ login: "octocat" });
    expect(hubotIs.structuredContent).toMatchObject({ login: "hubot" });
    expect(textOf(notes)).toContain("third palm tree");
    expect(textOf(diary)).toContain("shipped a squirrel");
    expect([foreignNotes.isError, foreignDiary.isError]).toEqual([true, true]);
    const seen = await stack.github.requests();
    const whoAsked = seen.map(({ token, path }) => `${tokens.get(token ?? "")} ${path}`);
    expect(whoAsked.toSorted()).toEqual([
      "hubot /api/v3/repos/hubot/robot-diary/readme",
      "hubot /api/v3/repos/octocat/private-notes/readme",
      "hubot /api/v3/user",
      "octocat /api/v3/repos/hubot/robot-diary/readme",
      "octocat /api/v3/repos/octocat/private-notes/readme",
      "octocat /api/v3/user",
    ]);
  });
});

/** The parts of an authorization request that say what was asked for. */
function asked(page: URL | undefined): Record<string, string> {
  const told = ["resource", "redirect_uri", "response_type", "code_challenge_method"];
  const all = [...(page?.searchParams ?? [])];
  return Object.fromEntries(all.filter(([name]) => told.includes(name)));
}

async function ownersOfTokens(): Promise<Map<string, string>> {
  const live = await stack.github.tokens();
  return new Map(live.map(({ token, login }) => [token, login]));
}
