import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";

import { describe, expect, it } from "vitest";

import { signInStage } from "../support/bridge/sign-in-stage.ts";
import type { Bridge } from "../support/bridge/start-bridge.ts";

/** What the client hears of a sign-in that came to nothing: nothing that a server wrote. */
async function failureOf(bridge: Bridge): Promise<string> {
  bridge.send({
    id: "open",
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "raw", version: "1.0.0" },
    },
  });
  const { error } = await bridge.next(({ id }) => id === "open");
  return error?.message ?? "";
}

/** The address that a page to sign in at leads back to. */
async function callbackOf(bridge: Bridge): Promise<URL> {
  await expect.poll(() => bridge.stderr()).toMatch(/\/authorize\?/);
  const page = new URL(/http:\S+\/authorize\?\S+/.exec(bridge.stderr())?.[0] ?? "");
  const back = new URL(page.searchParams.get("redirect_uri") ?? "");
  back.searchParams.set("state", page.searchParams.get("state") ?? "");
  return back;
}

describe("a hostile authorization server", () => {
  it.each([
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://remote.example/authorize",
    "$(calc)",
    "--flag",
    "a:$(x)?",
  ])("opens nothing, registers nothing, when its page is %s", async (page) => {
    const { server, home, start } = await signInStage({
      metadata: (document) => ({ ...document, authorization_endpoint: page }),
    });

    const message = await failureOf(start());

    expect(message).toMatch(/not an https address|is malformed/);
    expect(home.opened()).toEqual([]);
    expect(server.registrations).toEqual([]);
  });

  it.each(["token_endpoint", "registration_endpoint"])(
    "is sent nothing when its %s is plain http elsewhere",
    async (endpoint) => {
      const { home, start } = await signInStage({
        metadata: (document) => ({ ...document, [endpoint]: "http://remote.example/x" }),
      });

      expect(await failureOf(start())).toContain("not an https address");
      expect(home.opened()).toEqual([]);
    },
  );

  it("gives the browser one argument, whatever the page's address holds", async () => {
    const { server, home, start } = await signInStage({
      metadata: (document) => ({
        ...document,
        authorization_endpoint: `${String(document["authorization_endpoint"])}?$(touch x)&--flag=';\`id\``,
      }),
    });
    await start().initialize();

    expect(home.opened()).toEqual([[expect.stringMatching(/^http:[^\s"'`;$()]+$/)]]);
    expect(home.opened()[0]?.[0]).toContain(`${server.origin}/authorize?`);
  });

  it("is not signed in at when its metadata is another issuer's", async () => {
    const { server, home, start } = await signInStage({
      metadata: (document) => ({ ...document, issuer: "https://other.example" }),
    });

    expect(await failureOf(start())).toContain("not from the authorization server that was asked");
    expect(home.opened()).toEqual([]);
    expect(server.tokenCalls).toEqual([]);
  });

  it("is not signed in at for another resource", async () => {
    const { server, home, start } = await signInStage({
      resourceMetadata: (document) => ({ ...document, resource: "https://other.example/mcp" }),
    });

    expect(await failureOf(start())).toContain("metadata is for another resource");
    expect(home.opened()).toEqual([]);
    expect(server.registrations).toEqual([]);
  });

  it.each([
    [
      "another issuer",
      (right: Record<string, string>) => ({ ...right, iss: "https://other.example" }),
    ],
    [
      "its issuer with a slash",
      (right: Record<string, string>) => ({ ...right, iss: `${right["iss"]}/` }),
    ],
    ["no issuer", ({ state = "", code = "" }: Record<string, string>) => ({ state, code })],
    [
      "another issuer with an error",
      ({ state = "" }: Record<string, string>) => ({
        state,
        iss: "https://other.example",
        error: "access_denied",
      }),
    ],
  ])("gets no token call when the browser brings %s", async (_name, callback) => {
    const { server, home, start } = await signInStage({ callback });
    const bridge = start();

    expect(await failureOf(bridge)).toContain("not from the authorization server that was asked");
    expect(server.tokenCalls).toEqual([]);
    await expect.poll(() => home.shown()).toMatchObject([{ status: 400 }]);
    expect(bridge.stderr()).not.toContain("other.example");
  });

  it.each(["token_endpoint", "registration_endpoint"])(
    "is not followed when its %s redirects",
    async (endpoint) => {
      const { server, start } = await signInStage();
      const elsewhere = { status: 307, headers: { location: `${server.origin}/elsewhere` } };
      server.options = { token: () => elsewhere };
      if (endpoint === "registration_endpoint") server.options = { register: () => elsewhere };

      expect(await failureOf(start())).toContain("redirects a request that carries credentials");
      expect(server.seen).not.toContain("POST /elsewhere");
    },
  );

  it("has its words quoted on stderr only, shortened and without control characters", async () => {
    const words = `<script>\u001B[31m\n${"x".repeat(300)}`;
    const { home, start } = await signInStage({
      callback: ({ state = "", iss = "" }) => ({
        state,
        iss,
        error: words,
        error_description: words,
      }),
    });
    const bridge = start();

    const message = await failureOf(bridge);

    expect(message).toContain("refused, with an error of its own");
    expect(message).not.toContain("script");
    await expect.poll(() => home.shown()).toHaveLength(1);
    expect(home.shown()[0]?.body).not.toContain("script");
    expect(bridge.stderr()).toMatch(/words="<script> \[31m x{100,190}"\n/);
    expect(bridge.stderr().match(/script/g)).toHaveLength(1);
  });

  it("is told apart by the codes of its errors", async () => {
    const { start } = await signInStage({
      callback: ({ state = "", iss = "" }) => ({ state, iss, error: "access_denied" }),
    });

    expect(await failureOf(start())).toContain("Access was denied at the sign-in.");
  });

  it("cannot exhaust the memory with an endless answer", async () => {
    const { start } = await signInStage({
      token: () => ({ status: 200, body: "x".repeat(2 * 1024 * 1024) }),
    });

    expect(await failureOf(start())).toContain("answer is too long");
  });
});

describe("the address that a sign-in comes back to", () => {
  it("turns away what does not belong to the sign-in, and goes on waiting", async () => {
    const { server, start } = await signInStage({}, "is away");
    const bridge = start();
    const opening = bridge.initialize();
    const back = await callbackOf(bridge);
    const right = back.searchParams.get("state") ?? "";
    const call = async (path: string, init?: RequestInit) =>
      (await fetch(new URL(path, back), init)).status;

    expect(await call(`/other?code=x&state=${right}`)).toBe(404);
    expect(await call(`/callback?code=x`)).toBe(400);
    expect(await call(`/callback?code=x&state=wrong`)).toBe(400);
    expect(await call(`/callback?code=x&state=${"x".repeat(right.length)}`)).toBe(400);
    expect(await call(`/callback?code=x&code=y&state=${right}`)).toBe(400);
    expect(await call(`/callback?state=${right}`)).toBe(400);
    expect(await call(`/callback?code=x&state=${right}`, { method: "POST" })).toBe(400);
    expect(server.tokenCalls).toEqual([]);

    const [page] = /http:\S+\/authorize\?\S+/.exec(bridge.stderr()) ?? [""];
    await fetch(page);
    expect((await opening).result.serverInfo.name).toBe("sign-in");
  });

  it("survives a request for what is no address", async () => {
    const { start } = await signInStage({}, "is away");
    const bridge = start();
    bridge.send({ id: 1, method: "initialize", params: {} });
    const { port } = await callbackOf(bridge);

    const asked = get({ host: "127.0.0.1", port, path: "//" });
    const [answer] = (await once(asked, "response")) as [IncomingMessage];

    expect(answer.statusCode).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  });

  it("is on this machine alone", async () => {
    const { start } = await signInStage({}, "is away");
    const bridge = start();
    bridge.send({ id: 1, method: "initialize", params: {} });
    const { port } = await callbackOf(bridge);

    await expect(fetch(`http://127.0.0.2:${port}/callback`)).rejects.toThrow("fetch failed");
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  });
});
