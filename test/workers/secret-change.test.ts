import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { messageOf, openSession, send, toolCall } from "../support/rpc.ts";
import { SERVER_SECRET, startServer, type TestServer } from "../support/server.ts";
import { type SignedIn, signIn, tokenRequest, type Tokens } from "../support/sign-in.ts";

const NEXT_SECRET = "another secret of more than thirty-two characters";
const THIRD_SECRET = "a third secret of more than thirty-two characters";
const ROTATION = { SERVER_SECRET: NEXT_SECRET, PREVIOUS_SERVER_SECRETS: SERVER_SECRET };

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

async function whoami(token: string, sessionId: string): Promise<unknown> {
  const response = await send(server, { token, sessionId, message: toolCall("userInfoOctokit") });
  return response.ok
    ? (await messageOf(response)).result.structuredContent?.login
    : response.status;
}

function refresh({ client }: SignedIn, refreshToken: string): Promise<Response> {
  return tokenRequest(server, {
    grant_type: "refresh_token",
    client_id: client.client_id,
    refresh_token: refreshToken,
  });
}

describe("another SERVER_SECRET beside the former one", () => {
  let person: SignedIn;
  let another: SignedIn;
  let stranger: SignedIn;
  let sessionId: string;
  beforeAll(async () => {
    person = await signIn(server, "octocat");
    another = await signIn(server, "mona");
    stranger = await signIn(server, "hubot");
    sessionId = await openSession(server, person.access_token);
    await server.redeploy(ROTATION);
  });

  it("keeps the former one's sessions for their owner alone", async () => {
    expect(await whoami(stranger.access_token, sessionId)).toBe(404);
    expect(await whoami(person.access_token, sessionId)).toBe("octocat");
  });

  it("disturbs nobody: access token, session and refresh token go on", async () => {
    const during = await whoami(person.access_token, sessionId);
    const tokens = (await (await person.refresh()).json()) as Tokens;
    const refreshed = await whoami(tokens.access_token, sessionId);

    expect([during, refreshed]).toEqual(["octocat", "octocat"]);
  });

  it("can stand alone once a client has refreshed", async () => {
    const tokens = (await (await another.refresh()).json()) as Tokens;
    const newSession = await openSession(server, tokens.access_token);
    await server.redeploy({ SERVER_SECRET: NEXT_SECRET });

    const login = await whoami(tokens.access_token, newSession);
    const again = await refresh(another, tokens.refresh_token);
    const { access_token } = (await again.json()) as Tokens;

    expect(login).toBe("mona");
    expect(again.status).toBe(200);
    expect(await whoami(access_token, newSession)).toBe("mona");
  });
});

describe("another SERVER_SECRET", () => {
  it("ends old sessions, and asks everyone to sign in again instead of failing for ever", async () => {
    const person = await signIn(server, "octocat");
    const other = await signIn(server, "octocat");
    const oldSession = await openSession(server, person.access_token);
    await server.redeploy({ SERVER_SECRET: THIRD_SECRET });

    const old = await send(server, {
      token: person.access_token,
      sessionId: oldSession,
      message: toolCall("add"),
    });
    const sessionId = await openSession(server, person.access_token);
    const call = { token: person.access_token, sessionId, message: toolCall("userInfoOctokit") };
    const answer = (await messageOf(await send(server, call))).result;
    const next = await send(server, call);
    const refused = await refresh(other, other.refresh_token);

    expect(old.status).toBe(404);
    expect(answer.isError).toBe(true);
    expect(answer.content[0].text).toContain("Sign in again");
    expect(next.status).toBe(401);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: "invalid_grant" });
  });
});
