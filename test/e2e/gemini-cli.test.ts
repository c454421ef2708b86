import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type GoogleEmulator, startGoogle } from "../../emulator/google.ts";
import { type GeminiCli, geminiCli, type GeminiServer } from "../support/gemini-cli.ts";
import { type GoogleFront, startGoogleFront } from "../support/google-front.ts";
import { signInAtOpenedPage } from "../support/opened-page.ts";
import { openShell, type Shell } from "../support/shell.ts";
import { tokenRequest } from "../support/sign-in.ts";
import { startTestStack, type TestStack } from "../support/stack.ts";
import { tokenCommand } from "../support/token-command.ts";

/** The Worker's log comes through wrangler. */
const LOG_PATIENCE_MS = 15_000;

const AUDIENCE = "https://github-mcp-worker.example.workers.dev";
const CALLER = "gemini@octo-project.iam.gserviceaccount.com";

let google: GoogleEmulator;
let front: GoogleFront;
let stack: TestStack;
let serviceToken: string;
let logStart: number;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  google = await startGoogle();
  front = await startGoogleFront(google.url);
  stack = await startTestStack({
    ALLOW_GITHUB_TOKENS: "true",
    GOOGLE_AUDIENCES: AUDIENCE,
    GOOGLE_PRINCIPALS: `serviceAccount:${CALLER}`,
    GOOGLE_CERTS_URL: google.certsUrl,
  });
  serviceToken = await tokenCommand(stack, "create", "--name", "nightly", "--by", "mona");
});
afterAll(async () => {
  await stack.close();
  await front.close();
  await google.close();
});
beforeEach(() => {
  logStart = stack.log.length;
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const connected = () => [`✓ github: ${stack.url}/mcp (http) - Connected`];
const disconnected = () => [`✗ github: ${stack.url}/mcp (http) - Disconnected`];

/** Gemini CLI that knows the server under the name `github`, and nobody beyond this machine. */
async function gemini(
  server: GeminiServer,
  env: Record<string, string> = {},
): Promise<GeminiCli & { shell: Shell }> {
  const shell = await openShell();
  cleanups.push(shell.remove);
  const servers = { github: { httpUrl: `${stack.url}/mcp`, trust: true, ...server } };
  return { shell, ...(await geminiCli(shell, servers, { ...front.env, ...env })) };
}

/** Expects that the Worker refused a token in this test, and why: a server that is down looks the same. */
async function expectRefusal(facts: { way: string; check: string }): Promise<void> {
  const lines = () => stack.log.slice(logStart).filter((line) => line.startsWith("{"));
  await expect
    .poll(() => lines().map((line) => JSON.parse(line) as unknown), { timeout: LOG_PATIENCE_MS })
    .toContainEqual(expect.objectContaining({ event: "token.refused", ...facts }));
}

describe("Gemini CLI with a bearer header", () => {
  const server = { headers: { Authorization: "Bearer $GITHUB_MCP_TOKEN" } };

  it("is connected and calls whoami with a service token", async () => {
    const { list, call } = await gemini(server, { GITHUB_MCP_TOKEN: serviceToken });

    expect(await list()).toEqual(connected());
    expect((await call("whoami")).text).toContain("nightly (service:token:");
  });

  it("is disconnected when the service token was cut off", async () => {
    const cutOff = serviceToken.slice(0, -1);
    const { list } = await gemini(server, { GITHUB_MCP_TOKEN: cutOff });

    expect(await list()).toEqual(disconnected());
    await expectRefusal({ way: "service_token", check: "checksum" });
  });

  it("is connected and asks GitHub under a personal access token", async () => {
    const { access_token } = await stack.github.mintToken({ login: "mona", app: "classic" });
    const { list, call } = await gemini(server, { GITHUB_MCP_TOKEN: access_token });

    expect(await list()).toEqual(connected());
    expect((await call("userInfoOctokit")).text).toContain("mona");
  });

  it("is disconnected when GitHub does not know the token", async () => {
    const { list } = await gemini(server, { GITHUB_MCP_TOKEN: `ghp_${"0".repeat(36)}` });

    expect(await list()).toEqual(disconnected());
    await expectRefusal({ way: "github_token", check: "refused by GitHub" });
  });
});

describe("Gemini CLI with OAuth credentials", () => {
  it("is connected once somebody has signed in, until that person ends it", async () => {
    const { prompt, list, credentials, shell } = await gemini({ oauth: { enabled: true } });
    const first = prompt();
    await signInAtOpenedPage(stack, shell, first, { login: "hubot" });
    await first;

    expect(await list()).toEqual(connected());

    const [kept] = await credentials();
    await tokenRequest(stack, { token: kept!.token.refreshToken!, client_id: kept!.clientId });
    expect(await list()).toEqual(disconnected());
  });

  it("is disconnected until somebody has signed in", async () => {
    const { list } = await gemini({ oauth: { enabled: true } });

    expect(await list()).toEqual(disconnected());
  });
});

describe("Gemini CLI that impersonates a service account", () => {
  /** As it is after `gcloud auth application-default login`. */
  async function impersonating({ audience = AUDIENCE, account = CALLER } = {}) {
    const server = {
      authProviderType: "service_account_impersonation",
      targetAudience: audience,
      targetServiceAccount: account,
    };
    // Without a project's name, Google's library looks for a metadata server.
    const cli = await gemini(server, { GOOGLE_CLOUD_PROJECT: "octo-project" });
    const folder = join(cli.shell.home, ".config", "gcloud");
    await mkdir(folder, { recursive: true });
    const file = join(folder, "application_default_credentials.json");
    await writeFile(file, JSON.stringify(google.adc.authorizedUser));
    return cli;
  }

  it("is connected, calls whoami, and asks nobody but Google", async () => {
    const { list, call } = await impersonating();

    expect(await list()).toEqual(connected());
    expect((await call("whoami")).text).toContain(CALLER);
    expect(front.refused).toEqual([]);
    expect(front.asked).toContain(
      `POST iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${encodeURIComponent(CALLER)}:generateIdToken`,
    );
  });

  it("is disconnected when its token is for another audience", async () => {
    const { list } = await impersonating({ audience: "https://elsewhere.example" });

    expect(await list()).toEqual(disconnected());
    await expectRefusal({ way: "google_id_token", check: "audience" });
  });

  it("is disconnected when nobody has listed the account", async () => {
    const { list } = await impersonating({
      account: "stranger@octo-project.iam.gserviceaccount.com",
    });

    expect(await list()).toEqual(disconnected());
    await expectRefusal({ way: "google_id_token", check: "not listed" });
  });
});
