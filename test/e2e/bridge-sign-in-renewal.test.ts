import { describe, expect, it } from "vitest";

import { leave, signInStage } from "../support/bridge/sign-in-stage.ts";

const endsInSeconds =
  (seconds: number) =>
  ({ tokens }: Record<string, any>): void => {
    tokens.expiresAt = Date.now() + seconds * 1000;
    tokens.issuedAt = tokens.expiresAt - 3_600_000;
  };

function signedInLongAgo({ tokens }: Record<string, any>): void {
  tokens.signedInAt -= 120_000;
}

describe("a token that ends", () => {
  it("is refreshed ahead of its end", async () => {
    const { server, home, start } = await signInStage();
    const first = start();
    await first.initialize();
    await leave(first);
    await home.change(endsInSeconds(50));
    const [old] = server.presented.splice(0).slice(-1);

    await start().initialize();

    expect(server.grants("refresh_token")).toBe(1);
    expect(server.tokenCalls.at(-1)?.get("resource")).toBe(server.url);
    expect(home.opened()).toHaveLength(1);
    expect(server.presented).not.toContain(old);
  });

  it("stays as it is until the margin that is chosen", async () => {
    const { server, home, start } = await signInStage();
    const first = start();
    await first.initialize();
    await leave(first);
    await home.change(endsInSeconds(50));

    await start(["--refresh-margin", "20"]).initialize();

    expect(server.grants("refresh_token")).toBe(0);
  });

  it("is refreshed when the server refuses it, and the call is made again", async () => {
    const { server, home, start } = await signInStage();
    const bridge = start();
    await bridge.initialize();
    server.endTokens();

    const answer = await bridge.ask("tools/list");

    expect(answer.result).toEqual({ tools: [] });
    expect(server.grants("refresh_token")).toBe(1);
    expect(home.opened()).toHaveLength(1);
  });

  it("is refreshed once for many calls at the same time", async () => {
    const { server, start } = await signInStage();
    const bridge = start();
    await bridge.initialize();
    server.endTokens();

    const answers = await Promise.all(Array.from({ length: 8 }, () => bridge.ask("tools/list")));

    expect(answers.every(({ result }) => result)).toBe(true);
    expect(server.grants("refresh_token")).toBe(1);
  });

  it.each([503, 500, 429])(
    "opens no window when the authorization server answers %d for a while",
    async (status) => {
      const { server, home, start } = await signInStage();
      const bridge = start();
      await bridge.initialize();
      server.endTokens();
      server.options = { token: () => ({ status, body: "down" }) };

      const refused = await bridge.ask("tools/list");
      server.options = {};
      const answer = await bridge.ask("tools/list");

      expect(refused.error?.message).toContain("The authorization server failed.");
      expect(answer.result).toEqual({ tools: [] });
      expect(home.opened()).toHaveLength(1);
    },
  );

  it("leads to a sign-in when it cannot be refreshed any more", async () => {
    const { server, home, start } = await signInStage();
    const first = start();
    await first.initialize();
    await leave(first);
    server.endTokens();
    server.endRefreshTokens();
    await home.change(signedInLongAgo);

    await start().initialize();

    expect(home.opened()).toHaveLength(2);
    expect(server.registrations).toHaveLength(1);
    expect(server.authorizations[0]?.get("redirect_uri")).toBe(
      server.authorizations[1]?.get("redirect_uri"),
    );
  });

  it("leads to one new registration when the client is not known any more", async () => {
    const { server, home, start } = await signInStage();
    const first = start();
    await first.initialize();
    await leave(first);
    server.endTokens();
    server.forgetClients();
    server.options = {
      token: (form) =>
        form.get("grant_type") === "refresh_token"
          ? { status: 401, body: { error: "invalid_client" } }
          : undefined,
    };
    await home.change(signedInLongAgo);

    await start().initialize();

    expect(server.registrations).toHaveLength(2);
    expect(home.opened()).toHaveLength(2);
  });

  it("leads to a sign-in even soon after the last, when there is nothing to refresh", async () => {
    const { home, start } = await signInStage({ lifetime: 1, refreshTokens: false });
    const bridge = start();
    await bridge.initialize();
    const { tokens } = await home.record();
    await expect.poll(() => Date.now()).toBeGreaterThan(tokens.expiresAt);

    expect((await bridge.ask("tools/list")).result).toEqual({ tools: [] });
    expect(home.opened()).toHaveLength(2);
  });

  it("leads to no second window when it was given a moment ago", async () => {
    const { server, home, start } = await signInStage({ refreshTokens: false });
    const bridge = start();
    await bridge.initialize();
    server.endTokens();

    const answer = await bridge.ask("tools/list");

    expect(answer.error?.message).toContain("refuses a token that was given a moment ago");
    expect(home.opened()).toHaveLength(1);
  });
});

describe("a call that needs more scopes", () => {
  const scopeFor = (method: string) => (method === "tools/list" ? "write" : "read");

  it("leads to a sign-in for those and the ones that were granted, and is made again", async () => {
    const { server, home, start } = await signInStage({ challengeScope: "read", scopeFor });
    const bridge = start();
    await bridge.initialize();

    const answer = await bridge.ask("tools/list");

    expect(answer.result).toEqual({ tools: [] });
    expect(server.authorizations.map((asked) => asked.get("scope"))).toEqual([
      "read",
      "read write",
    ]);
    expect(home.opened()).toHaveLength(2);
  });

  it("leads to one sign-in when it brings no more", async () => {
    const { home, start } = await signInStage({
      challengeScope: "read",
      scopeFor,
      granted: (scopes) => scopes.filter((scope) => scope !== "write"),
    });
    const bridge = start();
    await bridge.initialize();

    const answers = [await bridge.ask("tools/list")];
    // Not for want of patience alone.
    await home.change(({ attempt }) => void (attempt.at -= 60_000));
    answers.push(await bridge.ask("tools/list"));

    for (const { error } of answers) expect(error?.message).toContain("brings no more");
    expect(home.opened()).toHaveLength(2);
    expect((await bridge.ask("ping")).result).toEqual({});
  });

  it("leaves other calls, and other bridges, the token that they have meanwhile", async () => {
    const { server, home, start } = await signInStage({ challengeScope: "read", scopeFor });
    const bridge = start();
    await bridge.initialize();
    server.options = { scopeFor, page: () => ({ status: 200, body: "Do you allow it?" }) };
    bridge.send({ id: "more", method: "tools/list" });
    await expect.poll(() => home.opened()).toHaveLength(2);

    const answers = [await bridge.ask("ping"), await start().initialize()];

    expect(answers.every(({ result }) => result)).toBe(true);
  });

  it("leads to no other when the server asks for what was granted", async () => {
    const { server, home, start } = await signInStage({ challengeScope: "read write", scopeFor });
    const bridge = start();
    await bridge.initialize();
    server.options = { scopeFor: () => "write " };

    const answer = await bridge.ask("tools/list");

    expect(answer.error?.message).toContain("brings no more");
    expect(home.opened()).toHaveLength(1);
  });
});
