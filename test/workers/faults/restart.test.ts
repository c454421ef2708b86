import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Browser, handleOf, locationOf } from "../../support/browser.ts";
import { openEvents } from "../../support/events.ts";
import { HANG_MS } from "../../support/hang.ts";
import { entranceOf, messageOf, openSession, openSse, send, toolCall } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import {
  authorizeUrl,
  pkce,
  REDIRECT_URI,
  registerClient,
  signIn,
  tokenRequest,
} from "../../support/sign-in.ts";

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = (await signIn(server, "octocat")).access_token;
});
afterAll(() => server.close());

/** Fails for what neither goes on nor ends. A stream that breaks off has ended. */
async function ends(stream: Promise<unknown>): Promise<void> {
  const hang = AbortSignal.timeout(HANG_MS);
  const hung = new Promise((_resolve, reject) => {
    hang.addEventListener("abort", () => reject(new Error("It hangs.")));
  });
  await Promise.race([stream.catch(() => undefined), hung]);
}

const STAGES = ["the consent page", "the consent", "the way back from GitHub"] as const;

describe.each(STAGES)("a deploy after %s", (stage) => {
  it("lets the sign-in finish", async () => {
    const deployAfter = async (reached: string) => {
      if (reached === stage) await server.redeploy({});
    };
    const browser = new Browser();
    const { client_id } = await registerClient(server);
    const { verifier, challenge } = pkce();
    const page = await browser.fetch(
      authorizeUrl(server, { client_id, code_challenge: challenge }),
    );
    const handle = handleOf(await page.text());
    await deployAfter("the consent page");
    const allowed = await browser.submit(`${server.url}/authorize`, [
      ["handle", handle],
      ["decision", "allow"],
    ]);
    await deployAfter("the consent");
    const back = await server.github.pickAccount(locationOf(allowed).href, "octocat");
    const code = locationOf(await browser.fetch(back)).searchParams.get("code") ?? "";
    await deployAfter("the way back from GitHub");

    const answer = await tokenRequest(server, {
      grant_type: "authorization_code",
      client_id,
      redirect_uri: REDIRECT_URI,
      code,
      code_verifier: verifier,
    });

    expect(answer.status).toBe(200);
    const tokens = (await answer.json()) as { access_token: string };
    expect(await entranceOf(server, tokens.access_token)).toBe(200);
  });
});

describe("a deploy with streams open", () => {
  it("ends a session's stream, and the session goes on", async () => {
    const sessionId = await openSession(server, token);
    const stream = await openEvents(server, { method: "GET", token, sessionId });

    await server.redeploy({});

    await ends(stream.rest());
    const again = await openEvents(server, { method: "GET", token, sessionId });
    expect(again.status).toBe(200);
    const call = await send(server, { token, sessionId, message: toolCall("userInfoOctokit") });
    expect((await messageOf(call)).result.structuredContent.login).toBe("octocat");
    await again.cut();
  });

  it("ends a stream of 2024-11-05, whose client opens another", async () => {
    const stream = await openSse(server, token);

    await server.redeploy({});

    await ends(stream.next());
    const { status } = await send(server, {
      token,
      path: stream.endpoint,
      message: toolCall("add"),
    });
    expect(status).toBe(404);
    const again = await openSse(server, token);
    await send(server, { token, path: again.endpoint, message: toolCall("userInfoOctokit") });
    expect(await again.next()).toMatchObject({
      result: { structuredContent: { login: "octocat" } },
    });
    await again.close();
  });

  it("loses no client that waits for an answer", async () => {
    const sessionId = await openSession(server, token);
    await server.github.fault({
      match: { path: "/user$" },
      fault: { kind: "slow", delayMs: 2000 },
    });
    const headers = { "mcp-protocol-version": "2025-11-25" };
    const message = toolCall("userInfoOctokit");
    const waiting = await openEvents(server, { token, sessionId, message, headers });
    const first = await waiting.next();

    await server.redeploy({});

    await ends(waiting.rest());
    await server.github.clearFaults();
    const resumed = await openEvents(server, {
      method: "GET",
      token,
      sessionId,
      headers: { ...headers, "last-event-id": first?.id ?? "" },
    });
    const answer = await resumed.next();
    expect(JSON.parse(answer?.data ?? "null")).toMatchObject({ id: 2 });
    await resumed.cut();
  });
});
