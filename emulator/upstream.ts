import { type Emulator, createEmulator } from "emulate";

import { errorCode } from "./error-code.ts";
import { closeServers, listenOnLoopback, portOf } from "./listen.ts";
import { SEED_ORGANISATIONS, SEED_PEOPLE, SEED_REPOSITORIES } from "./seed.ts";

/** A request to the package behind us, in the name of one of its accounts. */
interface UpstreamCall {
  home: string;
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: Uint8Array | string;
}

interface UpstreamAnswer {
  status: number;
  headers: Headers;
  body: Buffer;
}

export interface Upstream {
  origin: string;
  ask(call: UpstreamCall): Promise<UpstreamAnswer>;
  reset(): void;
  close(): Promise<void>;
}

/** Reads for callers who did not sign in: an account of the package that owns nothing. */
export const NOBODY = "ghost";

/** The package stops a token after 5,000 requests in an hour; ours is renewed long before. */
const RENEW_BELOW_REMAINING = 1000;
const PORT_ATTEMPTS = 5;
const REMEMBERED_READS = 500;

/** The package `emulate`, on a loopback port of its own. */
export async function startUpstream(baseUrl: string): Promise<Upstream> {
  const { emulator, origin } = await startPackage(baseUrl);
  const tokens = new Map<string, Promise<string>>();

  /** Reads are remembered until something is written: a benchmark asks the same things all day. */
  const remembered = new Map<string, UpstreamAnswer>();
  let generation = 0;

  function forget() {
    generation++;
    remembered.clear();
  }

  async function tokenFor(home: string): Promise<string> {
    const token = tokens.get(home) ?? mintToken(origin, home);
    tokens.set(home, token);
    try {
      return await token;
    } catch (error) {
      tokens.delete(home);
      throw error;
    }
  }

  async function asked({ home, path, method = "GET", headers = {}, body }: UpstreamCall) {
    const token = await tokenFor(home);
    const response = await fetch(origin + path, {
      method,
      headers: { ...headers, authorization: `Bearer ${token}` },
      redirect: "manual",
      ...(body !== undefined && { body: body as BodyInit }),
    });
    const remaining = Number(response.headers.get("x-ratelimit-remaining") ?? Infinity);
    if (remaining < RENEW_BELOW_REMAINING) tokens.delete(home);
    const answer = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, body: answer };
  }

  return {
    origin,
    async ask(call) {
      const isRead = (call.method ?? "GET") === "GET";
      const key = JSON.stringify([call.home, call.path, call.headers]);
      const known = isRead ? remembered.get(key) : undefined;
      if (known) return known;
      if (!isRead) forget();
      const begun = generation;
      const answer = await asked(call);
      if (!isRead || remembered.size >= REMEMBERED_READS) forget();
      // A read that a write overtook may hold what was before it.
      if (isRead && begun === generation && answer.status < 500) remembered.set(key, answer);
      return answer;
    },
    reset() {
      forget();
      emulator.reset();
    },
    close: () => emulator.close(),
  };
}

/** The package names its port only in a base URL that is not ours, so the port is chosen for it. */
async function startPackage(baseUrl: string, attempt = 1) {
  const port = await freePort();
  const options = { service: "github", hostname: "127.0.0.1", port, baseUrl } as const;
  try {
    const emulator: Emulator = await createEmulator({
      ...options,
      seed: { github: packageSeed() },
    });
    return { emulator, origin: `http://127.0.0.1:${port}` };
  } catch (error) {
    if (errorCode(error) !== "EADDRINUSE" || attempt >= PORT_ATTEMPTS) throw error;
    return startPackage(baseUrl, attempt + 1);
  }
}

async function freePort(): Promise<number> {
  const servers = await listenOnLoopback(0, () => undefined);
  const port = portOf(servers);
  await closeServers(servers);
  return port;
}

function packageSeed() {
  return {
    // The package takes an unknown token for its first account, which therefore must be nobody.
    users: [{ login: NOBODY }, ...SEED_PEOPLE],
    orgs: SEED_ORGANISATIONS,
    repos: SEED_REPOSITORIES,
  };
}

/** Through the package's own sign-in, the only door that makes a token while it runs. */
async function mintToken(origin: string, login: string): Promise<string> {
  const scope = "repo user admin:org delete_repo";
  const picked = await fetch(`${origin}/login/oauth/callback`, {
    method: "POST",
    body: new URLSearchParams({ login, scope, redirect_uri: "http://localhost/" }),
    redirect: "manual",
  });
  const code = new URL(picked.headers.get("location") ?? "").searchParams.get("code") ?? "";
  const exchanged = await fetch(`${origin}/login/oauth/access_token`, {
    method: "POST",
    body: new URLSearchParams({ code }),
  });
  const { access_token: token } = (await exchanged.json()) as { access_token?: string };
  if (!token) throw new Error(`The package "emulate" gave no token for ${login}.`);
  return token;
}
