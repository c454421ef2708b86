import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { Fault } from "../../../emulator/faults.ts";
import { callTool, type Connected, ERAS, textOf } from "../../support/connect.ts";
import { HANG_MS } from "../../support/hang.ts";
import { INITIALIZE, send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { type SignedIn, signIn } from "../../support/sign-in.ts";

const SIGNED_OUT =
  "GitHub no longer accepts this sign-in. Sign in again: reconnect this server in your MCP client.";
const NOT_NOW =
  "GitHub did not accept this sign-in just now, but has not ended it. Try again in a minute; if it stays so, sign in again.";
const DENIED: Fault = { kind: "status", status: 401 };
const TOKEN_CHECK = "^/api/v3/applications/";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
afterEach(() => server.github.clearFaults());

describe.each(ERAS)("a sign-in over $era", ({ connect }) => {
  async function connected(login: string): Promise<{ person: SignedIn; client: Connected }> {
    const person = await signIn(server, login);
    return { person, client: await connect(server.url, person.access_token) };
  }

  /** What the person's client meets next: at the entrance, and when it renews its token. */
  async function nextStatuses({ access_token: token, refresh }: SignedIn) {
    const entrance = await send(server, { token, message: INITIALIZE });
    await entrance.body?.cancel();
    const renewal = await refresh();
    return { entrance: entrance.status, renewal: renewal.status, body: await renewal.json() };
  }

  it("ends when GitHub denies the token, by its own check as well", async () => {
    const { person, client } = await connected("octocat");
    const other = await signIn(server, "hubot");
    await server.github.revokeTokens({ login: "octocat" });

    const result = await callTool(client, "userInfoOctokit");

    expect(result).toMatchObject({ isError: true, content: [{ type: "text", text: SIGNED_OUT }] });
    expect(await nextStatuses(person)).toMatchObject({
      entrance: 401,
      renewal: 400,
      body: { error: "invalid_grant" },
    });
    await expect(callTool(client, "add", { a: 1, b: 1 })).rejects.toThrow("POSTing to endpoint");
    expect(await nextStatuses(other)).toMatchObject({ entrance: 200, renewal: 200 });
    await client.close().catch(() => undefined);
  });

  it("ends for the one client whose token is denied, not for the person's others", async () => {
    const { person, client } = await connected("octocat");
    const [own] = (await server.github.tokens("octocat")).toReversed();
    const other = await signIn(server, "octocat", { ticks: ["github:private"] });
    await server.github.revokeTokens({ token: own?.token ?? "" });

    await callTool(client, "getGithubReadme", { repositoryUrl: "octocat/hello-world" });

    expect((await nextStatuses(person)).entrance).toBe(401);
    expect((await nextStatuses(other)).entrance).toBe(200);
    await client.close().catch(() => undefined);
  });

  it.each<{ what: string; check?: Fault }>([
    { what: "confirms the token" },
    { what: "is out of order", check: { kind: "status", status: 503 } },
    { what: "denies this server itself", check: DENIED },
    { what: "is not understood", check: { kind: "wrong-type" } },
  ])("goes on when GitHub answers 401 once but its check $what", async ({ check }) => {
    const { person, client } = await connected("octocat");
    await server.github.fault({ match: { path: "/api/v3/user$" }, fault: DENIED, times: 1 });
    if (check) {
      await server.github.fault({ match: { path: TOKEN_CHECK }, fault: check, times: 1 });
    }

    const result = await callTool(client, "userInfoOctokit");

    expect(result).toMatchObject({ isError: true, content: [{ type: "text", text: NOT_NOW }] });
    expect(textOf(await callTool(client, "userInfoOctokit"))).toContain("login: octocat");
    expect(await nextStatuses(person)).toMatchObject({ entrance: 200, renewal: 200 });
    await client.close();
  });

  it("asks GitHub to check a token once, and only after a 401", async () => {
    const { client } = await connected("octocat");
    await server.github.clearRequests();

    await server.github.fault({
      match: { path: "/api/v3/user$" },
      fault: { kind: "status", status: 403 },
      times: 1,
    });
    await callTool(client, "userInfoOctokit");
    await server.github.fault({ match: { path: "/api/v3/user$" }, fault: DENIED, times: 1 });
    await callTool(client, "userInfoOctokit");

    const paths = (await server.github.requests()).map(({ path }) => path.split("/")[3]);
    expect(paths).toEqual(["user", "user", "applications"]);
    await client.close();
  });
});

describe("a token check that never ends", () => {
  it("ends in time, and costs no sign-in", async () => {
    const people = await Promise.all(ERAS.map(() => signIn(server, "mona")));
    const clients = await Promise.all(
      ERAS.map(({ connect }, index) => connect(server.url, people[index]?.access_token ?? "")),
    );
    await server.github.fault({ match: { path: "/api/v3/user$" }, fault: DENIED });
    const never: Fault = { kind: "slow", delayMs: 600_000 };
    await server.github.fault({ match: { path: TOKEN_CHECK }, fault: never });
    const startedAt = Date.now();

    const results = await Promise.all(clients.map((client) => callTool(client, "userInfoOctokit")));

    expect(Date.now() - startedAt).toBeLessThan(HANG_MS);
    expect(results.map(textOf)).toEqual(ERAS.map(() => NOT_NOW));
    await server.github.clearFaults();
    for (const client of clients) {
      expect(textOf(await callTool(client, "userInfoOctokit"))).toContain("login: mona");
      await client.close();
    }
  });
});
