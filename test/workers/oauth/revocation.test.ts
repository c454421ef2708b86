import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { INITIALIZE, send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { registerClient, type SignedIn, signIn, tokenRequest } from "../../support/sign-in.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const revoke = (clientId: string, token: string, more: object = {}) =>
  tokenRequest(server, { client_id: clientId, token, ...more });

/** What a client still gets: with its access token, and by refreshing. */
async function lifeOf(person: SignedIn) {
  const entrance = await send(server, { token: person.access_token, message: INITIALIZE });
  await entrance.body?.cancel();
  return { entrance: entrance.status, renewal: (await person.refresh()).status };
}

describe("revocation", () => {
  it.each([{}, { token_type_hint: "access_token" }, { token_type_hint: "refresh_token" }])(
    "of an access token ends that token and nothing else, with the hint %j",
    async (hint) => {
      const person = await signIn(server, "octocat");

      const response = await revoke(person.client.client_id, person.access_token, hint);

      expect(response.status).toBe(200);
      expect(await lifeOf(person)).toEqual({ entrance: 401, renewal: 200 });
    },
  );

  it("of a refresh token ends the whole grant", async () => {
    const person = await signIn(server, "octocat");

    const response = await revoke(person.client.client_id, person.refresh_token);

    expect(response.status).toBe(200);
    expect(await lifeOf(person)).toEqual({ entrance: 401, renewal: 400 });
  });

  it("of another client's tokens answers 200 and changes nothing", async () => {
    const person = await signIn(server, "octocat");
    const stranger = await registerClient(server, { client_name: "Another" });

    const answers = [
      await revoke(stranger.client_id, person.access_token),
      await revoke(stranger.client_id, person.refresh_token),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await lifeOf(person)).toEqual({ entrance: 200, renewal: 200 });
  });

  it.each(["nonsense", "1:2:3"])("of the unknown token %s answers 200", async (token) => {
    const { client_id } = await registerClient(server);

    const response = await revoke(client_id, token);

    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
  });
});
