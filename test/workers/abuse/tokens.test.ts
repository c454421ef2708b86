import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { from, untilRefused } from "../../support/flood.ts";
import { INITIALIZE, send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { type SignedIn, signIn } from "../../support/sign-in.ts";

let server: TestServer;
let person: SignedIn;
beforeAll(async () => {
  server = await startServer({ limits: { limit: 40, period: 10 } });
  person = await signIn(server, "octocat");
});
afterAll(() => server.close());

const ADDRESS = from("192.0.2.1");

let guesses = 0;

const guess = () =>
  send(server, {
    token: `583231:AbCdEfGhIjKlMnOp:${(guesses += 1)}`,
    message: INITIALIZE,
    headers: ADDRESS,
  });

describe("a client that refreshes in a loop", () => {
  it("is told to wait, keeps its sign-in, and refreshes when the time is over", async () => {
    const client = await signIn(server, "hubot");
    const refused = await untilRefused(() => client.refresh());
    expect(refused.headers.get("retry-after")).toBe("60");
    expect(await refused.json()).toMatchObject({ error: "temporarily_unavailable" });

    await expect
      .poll(async () => (await client.refresh()).status, { timeout: 15_000, interval: 500 })
      .toBe(200);
  });

  it("does not use up what other grants of its person may do", async () => {
    const [one, other] = [await signIn(server, "mona"), await signIn(server, "mona")];
    await untilRefused(() => one.refresh());

    expect((await other.refresh()).status).toBe(200);
  });
});

describe("a client that guesses", () => {
  it("tokens is told to wait, while the tokens of the same address go on working", async () => {
    const statuses = new Set<number>();
    const refused = await untilRefused(async () => {
      const answer = await guess();
      statuses.add(answer.status);
      return answer;
    });

    expect(statuses).toEqual(new Set([401, 429]));
    expect(refused.headers.get("retry-after")).toBe("60");
    const { status } = await send(server, {
      token: person.access_token,
      message: INITIALIZE,
      headers: ADDRESS,
    });
    expect(status).toBe(200);
  });

  it("nothing is challenged as ever, so that it can sign in", async () => {
    await untilRefused(guess);

    const response = await send(server, { message: INITIALIZE, headers: ADDRESS });

    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain("resource_metadata");
  });

  it("codes is told to wait", async () => {
    const refused = await untilRefused(() =>
      fetch(`${server.url}/token`, {
        method: "POST",
        headers: ADDRESS,
        body: new URLSearchParams({
          grant_type: "authorization_code",
          client_id: "nobody",
          code: `583231:AbCdEfGhIjKlMnOp:${(guesses += 1)}`,
        }),
      }),
    );

    expect(refused.headers.get("retry-after")).toBe("60");
  });
});
