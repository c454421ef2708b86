import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { accountRows, userIdOf } from "../support/object-rows.ts";
import { startServer, type TestServer } from "../support/server.ts";
import {
  allow,
  authorizeUrl,
  pkce,
  registerClient,
  type SignedIn,
  signIn,
} from "../support/sign-in.ts";

/** Longer than a sign-in may stay unfinished, and than a superseded token stays. */
const ELEVEN_MINUTES_MS = 11 * 60_000;
const TOKEN_API = "/api/v3/applications/";
const WIDE = { ticks: ["github:private"] };

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(() => server.github.reset());

function inAccount({ access_token }: SignedIn, sql: string) {
  return accountRows(server, userIdOf(access_token), sql);
}

/** Lets eleven minutes pass for all of a person's tokens; the next write wakes the object's alarm. */
async function waitElevenMinutes(person: SignedIn): Promise<void> {
  await inAccount(
    person,
    `UPDATE upstream_tokens SET added_at = added_at - ${ELEVEN_MINUTES_MS},
      delete_at = delete_at - ${ELEVEN_MINUTES_MS}`,
  );
}

async function liveScopes(login: string): Promise<string[]> {
  const tokens = await server.github.tokens(login);
  return tokens.map(({ scopes }) => scopes.join(" ")).toSorted();
}

async function deletions(): Promise<number> {
  const requests = await server.github.requests();
  const isDeletion = ({ method, path }: { method: string; path: string }) =>
    method === "DELETE" && path.startsWith(TOKEN_API);
  return requests.filter(isDeletion).length;
}

/** Picks an account, and leaves the code that comes back unused. */
async function abandonSignIn(login: string, ticks: string[]): Promise<void> {
  const client = await registerClient(server);
  const url = authorizeUrl(server, {
    client_id: client.client_id,
    code_challenge: pkce().challenge,
  });
  await allow(server, url, { login, ticks });
}

describe("a GitHub token", () => {
  it("is deleted at GitHub when no client claims it within ten minutes", async () => {
    await abandonSignIn("octocat", WIDE.ticks);
    const person = await signIn(server, "octocat");
    expect(await liveScopes("octocat")).toEqual(["read:user", "read:user repo"]);
    await waitElevenMinutes(person);

    await signIn(server, "octocat");

    await expect.poll(() => liveScopes("octocat")).toEqual(["read:user", "read:user"]);
  });

  it("is deleted at GitHub when its last client is gone, and not before", async () => {
    const [one, other] = [await signIn(server, "hubot", WIDE), await signIn(server, "hubot", WIDE)];
    await signIn(server, "hubot");
    await waitElevenMinutes(one);

    await one.revoke();
    await expect.poll(() => liveScopes("hubot")).toEqual(["read:user", "read:user repo"]);
    await other.revoke();

    await expect.poll(() => liveScopes("hubot")).toEqual(["read:user"]);
  });

  it("is deleted at GitHub later when GitHub was down at the time", async () => {
    const person = await signIn(server, "mona");
    await signIn(server, "mona");
    const fault = { kind: "status", status: 503 } as const;
    await server.github.clearRequests();
    await server.github.fault({ match: { path: TOKEN_API }, fault, times: 1 });
    await waitElevenMinutes(person);
    await signIn(server, "mona", WIDE);
    await expect.poll(deletions).toBe(1);
    expect(await liveScopes("mona")).toEqual(["read:user", "read:user", "read:user repo"]);

    await waitElevenMinutes(person);
    await signIn(server, "mona", WIDE);

    await expect
      .poll(() => liveScopes("mona"))
      .toEqual(["read:user", "read:user repo", "read:user repo"]);
  });

  it("rests sealed: the person's object does not have it in clear", async () => {
    const person = await signIn(server, "codercat");
    const [live] = await server.github.tokens("codercat");

    const rows = await inAccount(person, "SELECT * FROM upstream_tokens");

    expect(rows).toEqual([expect.objectContaining({ sealed: expect.stringMatching(/^v1\./) })]);
    expect(JSON.stringify(rows)).not.toContain(live?.token);
  });
});
