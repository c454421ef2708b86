import { describe, expect, it } from "vitest";

import { leave, signInStage } from "../support/bridge/sign-in-stage.ts";
import { A_SECOND_HERE, type Bridge, endBridge } from "../support/bridge/start-bridge.ts";

const TEN = { length: 10 };

/** Asks a server to begin, and does not wait for its answer. */
function begin(bridge: Bridge): Promise<unknown> {
  const opening = bridge.initialize();
  opening.catch(() => undefined);
  return opening;
}

async function failureOf(bridge: Bridge): Promise<string> {
  const { error } = await bridge.initialize();
  return error?.message ?? "";
}

describe("bridges to the same server", () => {
  it("open one window, register once and all connect, ten at once", async () => {
    const { server, home, start } = await signInStage();

    const answers = await Promise.all(Array.from(TEN, () => start().initialize()));

    expect(answers.map(({ result }) => result.serverInfo.name)).toEqual(Array(10).fill("sign-in"));
    expect(home.opened()).toHaveLength(1);
    expect(server.registrations).toHaveLength(1);
    expect(server.grants("authorization_code")).toBe(1);
  });

  it.each(["expired", "refused"])("refresh once when the token is %s, ten at once", async (how) => {
    const { server, home, start } = await signInStage();
    const first = start();
    await first.initialize();
    await leave(first);
    server.endTokens();
    if (how === "expired") await home.change(({ tokens }) => void (tokens.expiresAt = 1));

    const answers = await Promise.all(Array.from(TEN, () => start().initialize()));

    expect(answers.every(({ result }) => result)).toBe(true);
    expect(server.grants("refresh_token")).toBe(1);
    expect(home.opened()).toHaveLength(1);
  });

  it("have exactly one of them take over when the one that shows the page is killed", async () => {
    const { server, home, start } = await signInStage({}, "is away");
    const bridges = Array.from({ length: 5 }, () => start());
    const openings = bridges.map(begin);
    await expect.poll(() => home.opened()).toHaveLength(1);
    // The others are up and wait, since before the page was opened.
    await expect.poll(() => server.presented.length).toBe(5);
    await home.change(({ attempt }) => void (attempt.at = Date.now()));
    const holder = bridges.find((bridge) => bridge.stderr().includes("/authorize?"));
    if (!holder) throw new Error("Nobody shows the page.");

    await endBridge(holder);
    await expect.poll(() => home.opened().length, { timeout: 40_000 }).toBe(2);
    await fetch(home.opened()[1]?.[0] ?? "");
    const others = openings.filter((_, index) => bridges[index] !== holder);
    await Promise.all(others);

    expect(home.opened()).toHaveLength(2);
  });
});

describe("a page that nobody opens", () => {
  it("ends in one clear message, with one window in the run", async () => {
    const { home, start } = await signInStage({}, "is away");
    const bridge = start(["--auth-timeout", "1"]);

    const message = await failureOf(bridge);
    await home.change(({ attempt }) => void (attempt.at -= 60_000));
    const again = await bridge.ask("initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "raw", version: "1" },
    });

    expect(message).toContain("Nobody finished the sign-in in the browser within 1 seconds.");
    expect(again.error?.message).toContain("Nobody finished the sign-in");
    expect(home.opened()).toHaveLength(1);
  });

  it("keeps other runs from opening one for a minute, and says so at once", async () => {
    const { home, start } = await signInStage({}, "is away");
    await failureOf(start(["--auth-timeout", "1"]));

    const message = await failureOf(start(["--auth-timeout", "1"]));

    expect(message).toContain("A sign-in to this server failed a moment ago");
    expect(message).toMatch(/in (5\d|60) seconds/);
    expect(home.opened()).toHaveLength(1);
  });

  it("lets another run try after that, with a client that is registered anew", async () => {
    const { server, home, start } = await signInStage({}, "is away");
    await failureOf(start(["--auth-timeout", "1"]));
    await home.change(({ attempt }) => void (attempt.at -= 60_000));

    await failureOf(start(["--auth-timeout", "1"]));

    expect(home.opened()).toHaveLength(2);
    expect(server.registrations).toHaveLength(2);
  });

  it("makes a run that comes after its end wait, and not open another at once", async () => {
    const { home, start } = await signInStage({}, "is away");
    const first = start();
    void begin(first);
    await expect.poll(() => home.opened()).toHaveLength(1);
    await first.ended(() => first.process.stdin.end());

    const second = start();
    void begin(second);

    await expect.poll(() => second.stderr()).toContain("waiting before there is another");
    expect(home.opened()).toHaveLength(1);
    const { took } = await second.ended(() => second.process.stdin.end());
    expect(took).toBeLessThan(A_SECOND_HERE);
  });
});
