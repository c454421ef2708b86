import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { type GoogleEmulator, startGoogle } from "../../emulator/google.ts";
import { diagnose } from "../support/bridge/doctor.ts";
import { type Gcloud, writeGcloud } from "../support/bridge/google-gcloud.ts";
import { type RunService, startRunService } from "../support/bridge/google-run-service.ts";

const ADA = "ada@octo.example";

/** For whom gcloud's tokens are, whatever it is told. */
const GCLOUD_AUDIENCE = "32555940559.apps.googleusercontent.com";

let google: GoogleEmulator;
let site: RunService;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  google = await startGoogle();
  site = await startRunService(google, { invoker: ADA, audience: GCLOUD_AUDIENCE });
});
afterAll(async () => {
  await site.close();
  await google.close();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const adasToken = () => google.mint({ claims: { email: ADA, aud: GCLOUD_AUDIENCE } });

async function gcloud(body: string): Promise<Gcloud> {
  const program = await writeGcloud(body);
  cleanups.push(program.remove);
  return program;
}

function toServer(source: "gcloud" | "env", ...more: string[]): string[] {
  return ["--url", `${site.url}/mcp`, "--token-source", source, ...more];
}

describe("--token-source gcloud", () => {
  it("gets in with what gcloud prints, and says once that the audience is gcloud's own", async () => {
    const program = await gcloud(`echo '${adasToken()}'`);

    const { ok, step, stderr } = await diagnose(
      toServer("gcloud", "--audience", "https://wanted.example"),
      program.env,
    );

    expect(ok).toBe(true);
    expect(step("token").facts).toMatchObject({
      source: "gcloud",
      account: ADA,
      audience: GCLOUD_AUDIENCE,
    });
    expect(program.calls()).toEqual(["auth print-identity-token"]);
    expect(stderr.match(/an audience is ignored/g)).toHaveLength(1);
    expect(stderr).toContain("https://wanted.example");
  });

  it("asks gcloud once more when the server refuses the token", async () => {
    const program = await gcloud(`echo '${adasToken()}'`);
    site.refuseNext(1);

    const { ok } = await diagnose(toServer("gcloud"), program.env);

    expect(ok).toBe(true);
    expect(program.calls()).toHaveLength(2);
  });

  it("says what to install when there is no gcloud", async () => {
    const empty = await mkdtemp(join(tmpdir(), "github-mcp-worker-empty-"));
    cleanups.push(() => rm(empty, { recursive: true }));

    const { step, code } = await diagnose(toServer("gcloud"), { PATH: empty });

    expect(step("token").problems).toEqual([
      {
        what: "gcloud is nowhere in PATH.",
        advice: "Install the Google Cloud CLI, or use --token-source google-auth.",
      },
    ]);
    expect(code).toBe(1);
  });

  it("runs no gcloud that a relative entry of PATH leads to", async () => {
    const program = await gcloud(`echo '${adasToken()}'`);
    const entry = join("..", "..", "..", "..", "..", "..", "..", program.folder);

    const { step } = await diagnose(toServer("gcloud"), { PATH: entry });

    expect(step("token").problems[0]?.what).toBe("gcloud is nowhere in PATH.");
    expect(program.calls()).toEqual([]);
  });

  it.each([
    { gcloud: "fails", body: "echo 'ERROR: hush' >&2; exit 1", what: "(exit code 1)" },
    { gcloud: "prints something else", body: "echo 'hush: sign in'", what: "no ID token" },
    { gcloud: "is no program", body: "exec /nowhere/at/all", what: "(exit code 127)" },
  ])("says what to try when gcloud $gcloud, and not what it wrote", async ({ body, what }) => {
    const program = await gcloud(body);

    const { step, stdout, stderr } = await diagnose(toServer("gcloud"), program.env);

    const [problem] = step("token").problems;
    expect(problem?.what).toContain(what);
    expect(problem?.advice).toContain("gcloud auth login");
    expect(stdout + stderr).not.toContain("hush");
  });

  it("ends a gcloud that takes too long, with what it started", async () => {
    const program = await gcloud(`exec 3> "$(dirname "$0")/alive"; sleep 3600 & wait`);
    const alive = join(program.folder, "alive");
    execFileSync("mkfifo", [alive]);
    // Read to its end once nobody holds it any more.
    const allEnded = readFile(alive, "utf8");

    const { step } = await diagnose(toServer("gcloud"), program.env);

    expect(step("token").problems[0]?.what).toBe("gcloud printed no token in time.");
    expect(await allEnded).toBe("");
  });
});

describe("--token-source env", () => {
  it("gets in with the token in MCP_BRIDGE_TOKEN, and tells all of it but the token", async () => {
    const token = adasToken();

    const { ok, step, stdout, stderr } = await diagnose(toServer("env"), {
      MCP_BRIDGE_TOKEN: token,
    });

    expect(ok).toBe(true);
    expect(step("token").facts).toMatchObject({ source: "MCP_BRIDGE_TOKEN", account: ADA });
    expect(stdout + stderr).not.toContain(token.split(".")[1]);
  });

  it.each([
    { given: "nothing", env: { MCP_BRIDGE_TOKEN: "" }, what: "MCP_BRIDGE_TOKEN is not set." },
    { given: "blanks", env: { MCP_BRIDGE_TOKEN: " " }, what: "MCP_BRIDGE_TOKEN is not set." },
    {
      given: "two lines",
      env: { MCP_BRIDGE_TOKEN: "hush-hush\nhush-hush" },
      what: "MCP_BRIDGE_TOKEN holds what is no token.",
    },
  ])("says what to put into MCP_BRIDGE_TOKEN when it holds $given", async ({ env, what }) => {
    const { step, code, stdout, stderr } = await diagnose(toServer("env"), env);

    expect(step("token").problems[0]?.what).toBe(what);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toContain("hush");
  });

  it.each([
    { token: "an expired one", exp: 1_000_000_000, why: "It has expired." },
    { token: "a valid one", exp: 4_000_000_000, why: "or be for another server" },
  ])("says why $token is refused, and sends it once", async ({ exp, why }) => {
    const before = site.attempts;
    const token = google.mint({ claims: { email: ADA, aud: "https://elsewhere.example", exp } });

    const { step } = await diagnose(toServer("env"), { MCP_BRIDGE_TOKEN: token });

    const [problem] = step("authenticated request").problems;
    expect(problem?.what).toContain("refused the token in MCP_BRIDGE_TOKEN (HTTP 401)");
    expect(problem?.what).toContain(why);
    expect(site.attempts - before).toBe(1);
  });
});
