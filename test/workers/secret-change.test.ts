import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { messageOf, openSession, send, toolCall } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { signIn } from "../support/sign-in.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe("another SERVER_SECRET", () => {
  it("ends old sessions, and asks everyone to sign in again instead of failing for ever", async () => {
    const person = await signIn(server, "octocat");
    const other = await signIn(server, "octocat");
    const oldSession = await openSession(server, person.access_token);
    await server.redeploy({ SERVER_SECRET: "another secret of more than thirty-two characters" });

    const old = await send(server, {
      token: person.access_token,
      sessionId: oldSession,
      message: toolCall("add"),
    });
    const sessionId = await openSession(server, person.access_token);
    const call = { token: person.access_token, sessionId, message: toolCall("userInfoOctokit") };
    const answer = (await messageOf(await send(server, call))).result;
    const next = await send(server, call);
    const refresh = await fetch(`${server.url}/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "refresh_token",
        client_id: other.client.client_id,
        refresh_token: other.refresh_token,
      }),
    });

    expect(old.status).toBe(404);
    expect(answer.isError).toBe(true);
    expect(answer.content[0].text).toContain("Sign in again");
    expect(next.status).toBe(401);
    expect(refresh.status).toBe(400);
    expect(await refresh.json()).toMatchObject({ error: "invalid_grant" });
  });
});
