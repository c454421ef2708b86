import type { EmulatorControl } from "../emulator/control-client.ts";
import type { GoogleEmulator } from "../emulator/google.ts";
import { newServiceToken } from "../scripts/service-token.ts";
import type { RunningWorker } from "./workers/run.ts";

const AUDIENCE = "https://bench.example";
const SERVICE_ACCOUNT = "bench@octo-project.iam.gserviceaccount.com";

/** What callers without a browser present to our Worker. */
export type Credentials = Readonly<Record<"service" | "github" | "google", string>>;

/** What lets our Worker take them. */
export function credentialSettings({ certsUrl }: GoogleEmulator): Record<string, string> {
  return {
    ALLOW_GITHUB_TOKENS: "true",
    GOOGLE_AUDIENCES: AUDIENCE,
    GOOGLE_PRINCIPALS: `serviceAccount:${SERVICE_ACCOUNT}`,
    GOOGLE_CERTS_URL: certsUrl,
  };
}

/** Leaves a service token with a running Worker, as `npm run token` does. */
async function serviceTokenFor(worker: RunningWorker): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const { token, entry } = await newServiceToken({
    name: "bench",
    scopes: ["mcp:tools"],
    createdBy: "bench",
    createdAt: now,
    expiresAt: now + 3600,
  });
  const { key, value, ...options } = entry;
  await worker.putInKv(key, value, options);
  return token;
}

export async function credentialsFor(
  worker: RunningWorker,
  github: EmulatorControl,
  google: GoogleEmulator,
): Promise<Credentials> {
  return {
    service: await serviceTokenFor(worker),
    github: (await github.mintToken({ login: "octocat", app: "classic" })).access_token,
    google: google.mint({ claims: { aud: AUDIENCE, email: SERVICE_ACCOUNT } }),
  };
}
