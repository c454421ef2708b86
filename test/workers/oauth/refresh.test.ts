import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inGrantObject } from "../../support/grant-object.ts";
import { send, toolCall } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { registerClient, signIn } from "../../support/sign-in.ts";
import { refresh as refreshAt } from "../../support/token-answer.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const refresh = (clientId: string, token: string, more?: Record<string, string>) =>
  refreshAt(server, clientId, token, more);

describe("a refresh token", () => {
  it("is good once more after its first use, for a client that lost the answer", async () => {
    const { client, refresh_token: first } = await signIn(server, "octocat");
    const lost = await refresh(client.client_id, first);
    // The answer is kept for a minute; who comes later gets another one.
    await inGrantObject(server, first, "UPDATE answers SET given_at = given_at - 60000");

    const again = await refresh(client.client_id, first);

    expect(again.status).toBe(200);
    expect(again.body.refresh_token).not.toBe(lost.body.refresh_token);
    const { access_token: token } = again.body;
    expect((await send(server, { token, method: "GET" })).status).toBe(400);
    expect((await refresh(client.client_id, again.body.refresh_token)).status).toBe(200);
  });

  it("is refused once its successor was used", async () => {
    const { client, refresh_token: first } = await signIn(server, "octocat");
    const { body } = await refresh(client.client_id, first);
    await refresh(client.client_id, body.refresh_token);

    const replayed = await refresh(client.client_id, first);

    expect(replayed).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(replayed.body.access_token).toBeUndefined();
  });

  it("is refused to another client", async () => {
    const { refresh_token: token } = await signIn(server, "octocat");
    const thief = await registerClient(server, { client_name: "Another" });

    const stolen = await refresh(thief.client_id, token);

    expect(stolen).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(stolen.body.access_token).toBeUndefined();
  });

  it("gives no scope beyond the person's grant", async () => {
    const { client, refresh_token: token } = await signIn(server, "octocat");

    const wider = await refresh(client.client_id, token, { scope: "mcp:tools github:private" });

    expect(wider).toMatchObject({ status: 200, body: { scope: "mcp:tools" } });
  });

  it("is refused for a resource elsewhere", async () => {
    const { client, refresh_token: token } = await signIn(server, "octocat");

    const answer = await refresh(client.client_id, token, { resource: "https://evil.example" });

    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_target" } });
  });

  it("is no access token, and an access token does not refresh", async () => {
    const { client, access_token, refresh_token } = await signIn(server, "octocat");

    const entrance = await send(server, { token: refresh_token, message: toolCall("add") });
    const renewal = await refresh(client.client_id, access_token);

    expect(entrance.status).toBe(401);
    expect(renewal).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });
});
