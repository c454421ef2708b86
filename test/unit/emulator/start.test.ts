import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { emulatorControl } from "../../../emulator/control-client.ts";
import { type GitHubEmulatorOptions, startGitHub } from "../../../emulator/github.ts";
import { EMULATED_GITHUB_APP } from "../../../emulator/seed.ts";

let folder: string;
let ends: (() => Promise<void>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "emulator-"));
});
afterEach(async () => {
  await Promise.all(ends.map((end) => end()));
  ends = [];
  rmSync(folder, { recursive: true });
});

async function start(options?: GitHubEmulatorOptions) {
  const github = await startGitHub(options);
  ends.push(github.close);
  return { ...github, control: emulatorControl(github.url) };
}

const statusOf = async (url: string, token: string) =>
  (await fetch(`${url}/api/v3/user`, { headers: { authorization: `Bearer ${token}` } })).status;

describe("startGitHub", () => {
  it("listens on every loopback address of this machine", async () => {
    const { url } = await start();
    const { port } = new URL(url);

    for (const host of ["localhost", "127.0.0.1", "[::1]"]) {
      expect((await fetch(`http://${host}:${port}/`)).status).toBe(200);
    }
  });

  it("rejects a port that is taken", async () => {
    const { url } = await start();

    await expect(start({ port: Number(new URL(url).port) })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });

  it("rejects a port that is taken on the other loopback address, and leaves none open", async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, "::1", () => resolve((taken.address() as { port: number }).port));
    });

    await expect(start({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await new Promise((resolve) => taken.close(resolve));
    await expect(start({ port })).resolves.toBeDefined();
  });

  it("may be closed twice", async () => {
    const { close } = await start();

    await expect(Promise.all([close(), close()])).resolves.toBeDefined();
  });

  it("keeps two emulators apart", async () => {
    const [one, two] = [await start(), await start()];
    const { access_token } = await one.control.mintToken({ login: "octocat" });

    expect(await statusOf(one.url, access_token)).toBe(200);
    expect(await statusOf(two.url, access_token)).toBe(401);
  });
});

describe("the state file", () => {
  it("keeps tokens, refresh tokens and revocations over a restart", async () => {
    const stateFile = join(folder, "deep", "state.json");
    const before = await start({ stateFile });
    const kept = await before.control.mintToken({ login: "octocat", app: "github-app" });
    const revoked = await before.control.mintToken({ login: "octocat" });
    await before.control.revokeTokens({ token: revoked.access_token });
    await before.control.registerRedirectOrigin("https://worker.example");
    await before.close();

    const after = await start({ stateFile });

    expect(await statusOf(after.url, kept.access_token)).toBe(200);
    expect(await statusOf(after.url, revoked.access_token)).toBe(401);
    const refreshed = await fetch(`${after.url}/login/oauth/access_token`, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams({
        client_id: EMULATED_GITHUB_APP.clientId,
        client_secret: EMULATED_GITHUB_APP.clientSecret,
        grant_type: "refresh_token",
        refresh_token: kept.refresh_token ?? "",
      }),
    });
    expect(await refreshed.json()).toHaveProperty("access_token");
    expect(await statusOf(after.url, kept.access_token)).toBe(401);
  });

  it("is readable by its owner only, and leaves no draft behind", async () => {
    const stateFile = join(folder, "state.json");
    const { control } = await start({ stateFile });
    await control.mintToken({ login: "octocat" });

    expect(statSync(stateFile).mode & 0o777).toBe(0o600);
    expect(existsSync(`${stateFile}.${process.pid}.tmp`)).toBe(false);
  });

  it.each(["", "not json", "[]", '{"tokens":7}', '{"tokens":[{"token":"gho_x"},null]}'])(
    "starts without tokens when it holds %j",
    async (text) => {
      const stateFile = join(folder, "state.json");
      writeFileSync(stateFile, text);

      const { control } = await start({ stateFile });

      expect(await control.tokens()).toEqual([]);
      const { access_token } = await control.mintToken({ login: "octocat" });
      expect(readFileSync(stateFile, "utf8")).toContain(access_token);
    },
  );

  it("forgets its tokens with a reset", async () => {
    const stateFile = join(folder, "state.json");
    const { control } = await start({ stateFile });
    const { access_token } = await control.mintToken({ login: "octocat" });

    await control.reset();

    expect(readFileSync(stateFile, "utf8")).not.toContain(access_token);
  });
});
