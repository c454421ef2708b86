import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { Browser } from "../support/browser.ts";
import { callTool, textOf } from "../support/connect.ts";
import { openRoads, ROADS, statelessHeaders, statelessMessage } from "../support/mcp-roads.ts";
import { OAuthMemory } from "../support/oauth-memory.ts";
import { toolCall } from "../support/rpc.ts";
import {
  connectFromNothing,
  isUnauthorized,
  reconnect,
  SDK_ROADS,
  type SdkConnection,
  type SdkRoad,
} from "../support/sdk-roads.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { allow, signIn } from "../support/sign-in.ts";

const TOOL = "readPrivateNotes";
const NOTES = { repositoryUrl: "octocat/private-notes" };
const PRIVATE = ["github:private"];

let server: TestServer;
const open: SdkConnection[] = [];

beforeAll(async () => {
  server = await startServer({ main: "test/support/entries/step-up.ts" });
});
afterAll(() => server.close());
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ client }) => client.close()));
});

function kept(connection: SdkConnection): SdkConnection {
  open.push(connection);
  return connection;
}

describe("a tool that needs more than the token has", () => {
  it.each(ROADS)("is refused at %s, with its scopes and where to ask for them", async (road) => {
    const { access_token } = await signIn(server, "octocat");
    const roads = await openRoads(server, access_token);
    await server.github.clearRequests();
    const call = { name: TOOL, arguments: NOTES };

    const response = await roads.post[road](
      road.endsWith("stateless")
        ? {
            message: statelessMessage("tools/call", call),
            headers: statelessHeaders("tools/call", TOOL),
          }
        : { message: toolCall(TOOL, NOTES) },
    );

    expect(response.status).toBe(403);
    const challenge = response.headers.get("www-authenticate");
    expect(challenge).toContain('error="insufficient_scope"');
    expect(challenge).toContain('scope="mcp:tools github:private"');
    const path = road.startsWith("/ ") ? "" : road.slice(0, 4);
    const metadata = `${server.url}/.well-known/oauth-protected-resource${path}`;
    expect(challenge).toContain(`resource_metadata="${metadata}"`);
    expect(await server.github.requests()).toEqual([]);
    await roads.close();
  });
});

/** A program that signs in, but does not care to stay signed in. */
class WithoutRefreshToken extends OAuthMemory {
  override saveTokens({
    refresh_token: _dropped,
    ...tokens
  }: Parameters<OAuthMemory["saveTokens"]>[0]) {
    super.saveTokens(tokens);
  }
}

/** The boxes of a consent page in words, and whether each is ticked before the person does anything. */
async function boxesOf(url: string): Promise<[words: string | undefined, isTicked: boolean][]> {
  const page = await (await new Browser().fetch(url)).text();
  const boxes = page.matchAll(/<input type="checkbox" id="([^"]+)"([^>]*)>/g);
  return Array.from(boxes, ([, id, rest]) => [
    new RegExp(`<label for="${id}">([^<]*)`).exec(page)?.[1],
    rest?.includes("checked") ?? false,
  ]);
}

/** Every road on which an SDK client can ask the person for more by itself. */
const STEPS_UP: readonly { name: string; road: SdkRoad; memory: () => OAuthMemory }[] =
  SDK_ROADS.flatMap((road) => {
    if (road.road.startsWith("SDK v2")) {
      return [{ name: road.road, road, memory: () => new OAuthMemory(road.road) }];
    }
    if (road.path === "/sse") return [];
    const name = `${road.road} without a refresh token`;
    return [{ name, road, memory: () => new WithoutRefreshToken(name) }];
  });

describe.each(STEPS_UP)("$name", ({ road, memory: remember }) => {
  /** Signed in with the baseline, and turned away from the tool that needs more. */
  async function turnedAway() {
    const memory = remember();
    const connection = kept(await connectFromNothing(server, road, { login: "octocat" }, memory));
    const refusal = await callTool(connection.client, TOOL, NOTES).catch((error: unknown) => error);
    return { connection, memory, refusal };
  }

  /** The person decides on the page that the client opened last; the client connects anew. */
  async function decide({ memory, finishAuth }: SdkConnection, ticks: string[]) {
    const page = memory.opened.at(-1)!;
    await finishAuth(await allow(server, page.href, { login: "octocat", ticks }));
    return kept(await reconnect(server, road, memory));
  }

  it("asks for nothing private at first, and comes back for it when a tool needs it", async () => {
    const { memory, refusal } = await turnedAway();
    const [first, second, ...more] = memory.opened;

    expect(refusal).toSatisfy(isUnauthorized);
    expect(more).toEqual([]);
    expect(await boxesOf(first!.href)).toEqual([["Read your private repositories", false]]);
    expect(await boxesOf(second!.href)).toEqual([["Read your private repositories", true]]);
    const asked = second!.searchParams.get("scope")?.split(" ");
    expect(asked).toEqual(expect.arrayContaining(["mcp:tools", "github:private"]));
  });

  it("makes the call once the person has allowed it", async () => {
    const { connection, memory } = await turnedAway();

    const { client } = await decide(connection, PRIVATE);
    const notes = await callTool(client, TOOL, NOTES);
    const profile = await callTool(client, "userInfoOctokit");

    expect(textOf(notes)).toContain("third palm tree");
    expect(profile.structuredContent).toMatchObject({ login: "octocat" });
    expect(memory.opened).toHaveLength(2);
  });

  it("keeps what it had when the person leaves the box empty, and asks once a call", async () => {
    const { connection, memory } = await turnedAway();

    const { client } = await decide(connection, []);
    const sum = await callTool(client, "add", { a: 1, b: 2 });
    const refusal = await callTool(client, TOOL, NOTES).catch((error: unknown) => error);

    expect(memory.tokens()?.scope).not.toContain("github:private");
    expect(sum.structuredContent).toEqual({ sum: 3 });
    expect(refusal).toSatisfy(isUnauthorized);
    expect(memory.opened).toHaveLength(3);
  });
});

/** With a refresh token, SDK v1 refreshes instead of asking the person, and on SSE it does not ask at all. */
const STUCK = SDK_ROADS.filter(({ road }) => road.startsWith("SDK v1"));

describe.each(STUCK)("$road with a refresh token", (road) => {
  it("gives up after one try, stays signed in, and gets there by a new sign-in", async () => {
    const { client, memory } = kept(await connectFromNothing(server, road, { login: "octocat" }));

    await expect(callTool(client, TOOL, NOTES)).rejects.toThrow("403");
    const sum = await callTool(client, "add", { a: 1, b: 2 });
    const allowance = { login: "octocat", ticks: PRIVATE };
    const again = kept(await connectFromNothing(server, road, allowance));
    const notes = await callTool(again.client, TOOL, NOTES);

    expect(memory.opened).toHaveLength(1);
    expect(sum.structuredContent).toEqual({ sum: 3 });
    expect(textOf(notes)).toContain("third palm tree");
  });
});
