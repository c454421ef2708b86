import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { type GoogleEmulator, startGoogle } from "../../emulator/google.ts";
import { diagnose, type Env, visitDoctor } from "../support/bridge/doctor.ts";
import { startMetadataServer } from "../support/bridge/google-metadata-server.ts";
import {
  type RunService,
  type RunServiceOptions,
  startRunService,
} from "../support/bridge/google-run-service.ts";
import { startGoogleFront } from "../support/google-front.ts";

const ROBOT = "robot@octo-project.iam.gserviceaccount.com";
const MACHINE = "machine@octo-project.iam.gserviceaccount.com";
const OTHER = "other@octo-project.iam.gserviceaccount.com";

let google: GoogleEmulator;
let folder: string;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  google = await startGoogle();
  folder = await mkdtemp(join(tmpdir(), "github-mcp-worker-adc-"));
});
afterAll(async () => {
  await google.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function service(options: RunServiceOptions): Promise<RunService> {
  const started = await startRunService(google, options);
  cleanups.push(started.close);
  return started;
}

async function metadataServer(email: string) {
  const started = await startMetadataServer(google, email);
  cleanups.push(started.close);
  return started;
}

/** The environment of a program with a file of credentials, which reaches the local Google alone. */
async function withCredentials(kind: "serviceAccount" | "authorizedUser") {
  const front = await startGoogleFront(google.url);
  cleanups.push(front.close);
  const file = join(folder, `${kind}.json`);
  await writeFile(file, JSON.stringify(google.adc[kind]));
  const env: Env = { ...front.env, GOOGLE_APPLICATION_CREDENTIALS: file };
  return { env, front };
}

function toServer({ url }: RunService, ...more: string[]): string[] {
  return ["--url", `${url}/mcp`, "--token-source", "google-auth", ...more];
}

describe("--token-source google-auth", () => {
  it("gets in with a service account's key, for the server's origin", async () => {
    const site = await service({ invoker: ROBOT });
    const { env, front } = await withCredentials("serviceAccount");

    const { ok, step, code } = await diagnose(toServer(site), env);

    expect(ok).toBe(true);
    expect(code).toBe(0);
    expect(step("token").facts).toMatchObject({
      source: "a service account's key",
      account: ROBOT,
      audience: site.url,
      expiresAt: expect.any(Number),
    });
    expect(front.asked).toEqual(["POST oauth2.googleapis.com/token"]);
    expect(front.refused).toEqual([]);
  });

  it("gets in with the metadata server, which needs no proxy", async () => {
    const site = await service({ invoker: MACHINE });
    const machine = await metadataServer(MACHINE);
    const front = await startGoogleFront(google.url);
    cleanups.push(front.close);
    const env = { ...front.env, NO_PROXY: new URL(site.url).host, ...machine.env };

    const { ok, step } = await diagnose(toServer(site), env);

    expect(ok).toBe(true);
    expect(step("token").facts).toMatchObject({
      source: "the metadata server",
      account: MACHINE,
      audience: site.url,
    });
    expect(machine.issued).toHaveLength(1);
    expect(front.refused).toEqual([]);
  });

  it("asks for the audience that --audience gives, whatever characters it has", async () => {
    const audience = "1234-abc.apps.googleusercontent.com/a?b=c&format=standard";
    const site = await service({ invoker: MACHINE, audience });
    const machine = await metadataServer(MACHINE);

    const { ok } = await diagnose(toServer(site, "--audience", audience), machine.env);

    expect(ok).toBe(true);
    expect(machine.audiences).toEqual([audience]);
  });

  it.each(["serviceAccount", "authorizedUser"] as const)(
    "speaks as the account that --impersonate names, on the credentials of a %s",
    async (kind) => {
      const site = await service({ invoker: OTHER });
      const { env, front } = await withCredentials(kind);

      const { ok, step } = await diagnose(toServer(site, "--impersonate", OTHER), env);

      expect(ok).toBe(true);
      expect(step("token").facts).toMatchObject({ account: OTHER, audience: site.url });
      expect(front.asked).toEqual([
        "POST oauth2.googleapis.com/token",
        `POST iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${OTHER}:generateIdToken`,
      ]);
    },
  );

  it("says that a person's credentials get no ID token, and what does", async () => {
    const site = await service({ invoker: OTHER });
    const { env, front } = await withCredentials("authorizedUser");

    const { step, code } = await diagnose(toServer(site), env);

    const [problem] = step("token").problems;
    expect(problem?.what).toContain("a person's credentials");
    expect(problem?.advice).toContain("--impersonate");
    expect(code).toBe(1);
    expect(front.asked).toEqual([]);
  });

  it.each(["no account", "x@y.example/../../other:generateIdToken"])(
    "refuses to impersonate %s, and asks nobody",
    async (account) => {
      const site = await service({ invoker: OTHER });
      const { env, front } = await withCredentials("serviceAccount");

      const { step } = await diagnose(toServer(site, "--impersonate", account), env);

      expect(step("token").problems[0]?.what).toBe("--impersonate is no service account.");
      expect(front.asked).toEqual([]);
    },
  );

  it("says which role is missing when Google refuses the impersonation", async () => {
    const site = await service({ invoker: OTHER });
    const { env } = await withCredentials("serviceAccount");
    google.fault({
      fault: { kind: "status", status: 403, body: { error: { message: "Permission of hush" } } },
      match: { path: ":generateIdToken" },
    });
    cleanups.push(async () => google.clearFaults());

    const { step, stdout } = await diagnose(toServer(site, "--impersonate", OTHER), env);

    const [problem] = step("token").problems;
    expect(problem?.what).toContain("(HTTP 403)");
    expect(problem?.advice).toContain("roles/iam.serviceAccountTokenCreator");
    expect(stdout).not.toContain("hush");
  });

  it("says how to get credentials when there are none", async () => {
    const site = await service({ invoker: ROBOT });

    const { step, code } = await diagnose(toServer(site));

    expect(step("token").problems[0]).toMatchObject({
      what: "There are no Google credentials here.",
      advice: expect.stringContaining("GOOGLE_APPLICATION_CREDENTIALS"),
    });
    expect(code).toBe(1);
  });

  it("says which file cannot be read, and nothing of what is in it", async () => {
    const site = await service({ invoker: ROBOT });
    const file = join(folder, "broken.json");
    await writeFile(file, "hush-hush-hush");

    const { step, stdout, stderr } = await diagnose(toServer(site), {
      GOOGLE_APPLICATION_CREDENTIALS: file,
    });

    expect(step("token").problems[0]?.what).toContain("GOOGLE_APPLICATION_CREDENTIALS");
    expect(stdout + stderr).not.toContain("hush");
  });

  it("says whose the token is and for whom, when a renewed one is refused too", async () => {
    const site = await service({ invoker: ROBOT });
    const machine = await metadataServer(MACHINE);

    const { step, code } = await diagnose(toServer(site), machine.env);

    const [problem] = step("authenticated request").problems;
    expect(problem?.what).toBe("The server refused a renewed token too (HTTP 403).");
    for (const word of [MACHINE, site.url, "--audience", "roles/run.invoker"])
      expect(problem?.advice).toContain(word);
    expect(machine.issued).toHaveLength(2);
    expect(code).toBe(1);
  });

  it.each([401, 403] as const)(
    "renews a token at once that is refused with %i, and goes on",
    async (status) => {
      const site = await service({ invoker: MACHINE });
      const machine = await metadataServer(MACHINE);
      site.refuseNext(1, status);

      const { ok } = await diagnose(toServer(site), machine.env);

      expect(ok).toBe(true);
      expect(machine.issued).toHaveLength(2);
      expect(site.taken).toEqual([machine.issued[1]]);
    },
  );

  it("says so when what comes in Google's place is no token", async () => {
    const site = await service({ invoker: OTHER });
    const { env } = await withCredentials("serviceAccount");
    google.fault({
      fault: { kind: "status", status: 200, body: {} },
      match: { path: ":generate" },
    });
    cleanups.push(async () => google.clearFaults());

    const { step } = await diagnose(toServer(site, "--impersonate", OTHER), env);

    expect(step("token").problems[0]?.what).toMatch(/^What came from .+ is no ID token\.$/);
  });

  it("follows no redirect on the way to a token", async () => {
    const site = await service({ invoker: MACHINE });
    const [machine, elsewhere] = [await metadataServer(MACHINE), await metadataServer(MACHINE)];
    machine.redirectTo(
      `${elsewhere.url}/computeMetadata/v1/instance/service-accounts/default/identity?audience=a`,
    );

    const { step } = await diagnose(toServer(site), machine.env);

    expect(step("token").problems[0]?.what).toContain("No ID token was issued");
    expect(elsewhere.issued).toEqual([]);
  });

  it("never writes a token, even when Google's libraries are told to write all", async () => {
    const site = await service({ invoker: OTHER });
    const { env } = await withCredentials("authorizedUser");
    const talkative = { GOOGLE_SDK_NODE_LOGGING: "all", DEBUG_AUTH: "1", NODE_DEBUG: "" };

    const { code, stdout, stderr } = await visitDoctor(
      toServer(site, "--impersonate", OTHER, "--log-level", "debug"),
      { ...env, ...talkative },
    );

    expect(code).toBe(0);
    const [token = ""] = site.taken;
    const secrets = [token, token.split(".")[1] ?? "", "ya29.", "an emulated client secret"];
    for (const secret of [...secrets, google.adc.authorizedUser["refresh_token"] ?? ""]) {
      expect(secret).not.toBe("");
      expect(stdout + stderr).not.toContain(secret);
    }
  });
});
