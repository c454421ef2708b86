import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { SignInHome } from "../support/bridge/sign-in-home.ts";
import type { SignInServer } from "../support/bridge/sign-in-server.ts";
import { leave, signInStage } from "../support/bridge/sign-in-stage.ts";
import { A_SECOND_HERE, cleanEnv } from "../support/bridge/start-bridge.ts";
import { BRIDGE } from "../support/built-bridge.ts";
import { NODE } from "../support/shell.ts";

const DOCUMENT = "https://client.example/client.json";

/** Runs `mcp-bridge logout`; resolves with its exit code and what it said. */
async function logout({ url }: Pick<SignInServer, "url">, home: SignInHome) {
  const args = [BRIDGE, "logout", "--url", url];
  const child = spawn(NODE, args, { env: cleanEnv(home.env) });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, said };
}

describe("mcp-bridge run with a sign-in", () => {
  it("signs in with a client that it registers, and relays", async () => {
    const { server, home, start } = await signInStage();
    const bridge = start();

    const answer = await bridge.initialize();

    expect(answer.result.serverInfo.name).toBe("sign-in");
    expect(home.opened()).toHaveLength(1);
    expect(server.registrations).toEqual([
      {
        client_name: "mcp-bridge",
        redirect_uris: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/)],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "none",
        application_type: "native",
      },
    ]);
    const [asked] = server.authorizations;
    expect(asked?.get("code_challenge_method")).toBe("S256");
    expect(asked?.get("resource")).toBe(server.url);
    expect(asked?.get("state")).toMatch(/^[\w-]{43}$/);
    expect(server.tokenCalls[0]?.get("resource")).toBe(server.url);
  });

  it("shows a page of its own afterwards, without scripts and secrets", async () => {
    const { home, start } = await signInStage();
    await start().initialize();

    await expect.poll(() => home.shown()).toHaveLength(1);
    const [page] = home.shown();

    expect(page?.status).toBe(200);
    expect(page?.body).toContain("You can close this window.");
    expect(page?.body).not.toMatch(/<script|code-/);
    expect(page?.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(page?.headers["cache-control"]).toBe("no-store");
    expect(page?.headers["referrer-policy"]).toBe("no-referrer");
  });

  it("keeps tokens in a file that only its owner may read", async () => {
    const { home, start } = await signInStage();
    await start().initialize();

    const [name] = await readdir(home.folder);
    const modes = await Promise.all(
      [home.folder, join(home.folder, name ?? "")].map(async (path) => (await stat(path)).mode),
    );

    expect(modes.map((mode) => (mode & 0o777).toString(8))).toEqual(["700", "600"]);
  });

  it("writes no secret to stderr, and the page's address for those without a browser", async () => {
    const { server, start } = await signInStage();
    const bridge = start([], { BROWSER: "/nonexistent/browser" });

    const opening = bridge.initialize();
    await expect.poll(() => bridge.stderr()).toMatch(/No browser could be opened/);
    const address = /http:\/\/127\.0\.0\.1:\d+\/authorize\S*/.exec(bridge.stderr())?.[0] ?? "";
    await fetch(address);
    await opening;
    await leave(bridge);

    expect(server.secrets.length).toBeGreaterThan(2);
    for (const secret of server.secrets) expect(bridge.stderr()).not.toContain(secret);
    expect(bridge.stderr()).not.toContain(server.tokenCalls[0]?.get("code_verifier"));
  });

  it("asks nobody to sign in when it is started again", async () => {
    const { server, home, start } = await signInStage();
    const first = start();
    await first.initialize();
    await leave(first);

    await start().initialize();

    expect(home.opened()).toHaveLength(1);
    expect(server.grants("authorization_code")).toBe(1);
  });

  it("sets a file aside that it cannot read, says so, and signs in", async () => {
    const { home, start } = await signInStage();
    const first = start();
    await first.initialize();
    await leave(first);
    const [name] = await home.records();
    await writeFile(join(home.folder, name ?? ""), "{ not json");

    const second = start();
    await second.initialize();

    expect(home.opened()).toHaveLength(2);
    expect(await readdir(home.folder)).toContain(`${name}.unreadable`);
    expect(second.stderr().match(/was set aside/g)).toHaveLength(1);
  });

  it("speaks as the client of its metadata document", async () => {
    const { server, start } = await signInStage();
    await start(["--client-metadata-url", DOCUMENT]).initialize();

    expect(server.registrations).toEqual([]);
    expect(server.authorizations[0]?.get("client_id")).toBe(DOCUMENT);
    expect(server.tokenCalls[0]?.get("client_id")).toBe(DOCUMENT);
  });

  it("registers where the authorization server reads no metadata documents", async () => {
    const { server, start } = await signInStage({
      metadata: (document) => ({ ...document, client_id_metadata_document_supported: false }),
    });
    await start(["--client-metadata-url", DOCUMENT]).initialize();

    expect(server.registrations).toHaveLength(1);
  });

  it("speaks as the client that it is given, with its secret", async () => {
    const { server, start } = await signInStage();
    const env = { MCP_BRIDGE_CLIENT_SECRET: "given-secret" };
    const bridge = start(["--client-id", "given"], env);
    await bridge.initialize();

    expect(server.registrations).toEqual([]);
    expect(server.authorizations[0]?.get("client_id")).toBe("given");
    expect(server.tokenAuthorizations).toEqual([`Basic ${btoa("given:given-secret")}`]);
    expect(bridge.stderr()).not.toContain("given-secret");
  });

  it("asks for the resource and the scopes that it is told", async () => {
    const { server, start } = await signInStage({ challengeScope: "named" });
    const args = ["--resource", "https://other.example", "--scope", "a b"];
    await start(args).initialize();

    const [asked] = server.authorizations;
    expect(asked?.get("resource")).toBe("https://other.example");
    expect(asked?.get("scope")).toBe("a b");
    expect(server.tokenCalls[0]?.get("resource")).toBe("https://other.example");
  });

  it("asks for the scopes that the server names", async () => {
    const { server, start } = await signInStage({ challengeScope: "named" });
    await start().initialize();

    expect(server.authorizations[0]?.get("scope")).toBe("named");
  });

  it("ends in order on a signal, after a sign-in too", async () => {
    const { start } = await signInStage();
    const bridge = start();
    await bridge.initialize();

    const { code, took } = await bridge.ended(() => bridge.process.kill("SIGTERM"));

    expect(code).toBe(0);
    expect(took).toBeLessThan(A_SECOND_HERE);
  });

  it("refuses a metadata document that is not on the web", async () => {
    const { start } = await signInStage();
    const bridge = start(["--client-metadata-url", "http://client.example/c.json"]);

    expect((await bridge.ended()).code).toBe(1);
    expect(bridge.stderr()).toContain("Give an https address with a path");
  });
});

describe("mcp-bridge logout", () => {
  it("revokes what was granted, and forgets it", async () => {
    const { server, home, start } = await signInStage();
    const bridge = start();
    await bridge.initialize();
    await leave(bridge);
    const { tokens } = await home.record();

    const { code, said } = await logout(server, home);

    expect(code).toBe(0);
    expect(said).toContain("Logged out");
    expect(server.revocations.map((form) => form.get("token"))).toEqual([
      tokens.refresh_token,
      tokens.access_token,
    ]);
    expect(await home.records()).toEqual([]);
    for (const secret of server.secrets) expect(said).not.toContain(secret);
  });

  it("says that there is nothing to forget", async () => {
    const { server, home } = await signInStage();

    expect(await logout(server, home)).toEqual({
      code: 0,
      said: expect.stringContaining("There was no sign-in to forget."),
    });
  });

  it("leaves the sign-ins to other servers alone", async () => {
    const { server, home, start } = await signInStage();
    await start().initialize();

    await logout({ url: `${server.origin}/other` }, home);

    expect(await home.records()).toHaveLength(1);
    expect(server.revocations).toEqual([]);
  });
});
