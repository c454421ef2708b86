import type { IncomingMessage, ServerResponse } from "node:http";

import { createRemoteJWKSet, jwtVerify } from "jose";

import type { GoogleEmulator } from "../../../emulator/google.ts";
import { type LoopbackSite, startSite } from "./loopback-site.ts";
import { stockServer } from "./stock-server.ts";

/** An MCP server behind a front door of Google's, which lets one account's ID tokens in. */
export interface RunService extends LoopbackSite {
  /** Refuses this many requests from now on, whatever token they carry. */
  refuseNext(count: number, status?: 401 | 403): void;
  /**
   * Refuses the tokens that it has taken so far, once so many requests have come with one: all of
   * these are refused at the same time.
   */
  revokeTaken(requests: number): void;
  /** The tokens of the requests that were let in, each once, in order. */
  readonly taken: readonly string[];
  /** How many requests carried a token. */
  readonly attempts: number;
  /** How many of these were refused. */
  readonly refused: number;
}

export interface RunServiceOptions {
  /** Who may call. */
  readonly invoker: string;
  /** For whom tokens have to be, if not for its own origin. */
  readonly audience?: string;
  /** How it refuses, if not as Cloud Run. */
  readonly refuse?: Refuse;
}

type Refuse = (response: ServerResponse, status: 401 | 403) => void;

/** What Google's front end sends, shortened. */
const refuseAsCloudRun: Refuse = (response, status) => {
  response.writeHead(status, {
    "content-type": "text/html; charset=UTF-8",
    server: "Google Frontend",
    ...(status === 401 && {
      "www-authenticate":
        'Bearer error="invalid_token" error_description="The access token could not be verified"',
    }),
  });
  response.end(`<html><head><title>${status}</title></head><body><h1>Error</h1></body></html>`);
};

/** What Identity-Aware Proxy sends to programs. */
export const refuseAsIap: Refuse = (response) => {
  response.writeHead(401, { "x-goog-iap-generated-response": "true" });
  response.end("Invalid IAP credentials: empty token");
};

/** What Identity-Aware Proxy sends to what it takes for a browser. */
export const refuseBySignIn: Refuse = (response) => {
  const location = "https://accounts.google.com/o/oauth2/v2/auth?client_id=1";
  response.writeHead(302, { location }).end();
};

export async function startRunService(
  google: GoogleEmulator,
  { invoker, audience, refuse = refuseAsCloudRun }: RunServiceOptions,
): Promise<RunService> {
  const keys = createRemoteJWKSet(new URL(google.certsUrl));
  const taken: string[] = [];
  let [refusals, attempts, refused] = [0, 0, 0];
  let refusal: 401 | 403 = 401;
  const revoked = new Set<string>();
  const held: (() => void)[] = [];
  let expected = 0;

  /** Resolves once as many are waiting as are expected. */
  function together(): Promise<void> {
    return new Promise((resolve) => {
      held.push(resolve);
      if (held.length < expected) return;
      for (const release of held.splice(0)) release();
    });
  }

  async function statusOf(token: string): Promise<200 | 401 | 403> {
    try {
      const { payload } = await jwtVerify(token, keys, { audience: audience ?? site.url });
      return payload["email"] === invoker ? 200 : 403;
    } catch {
      return 401;
    }
  }

  function refuseToken(response: ServerResponse, status: 401 | 403): void {
    refused += 1;
    refuse(response, status);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined) return refuse(response, 403);
    attempts += 1;
    if (refusals > 0) {
      refusals -= 1;
      return refuseToken(response, refusal);
    }
    if (revoked.has(token)) {
      await together();
      return refuseToken(response, 401);
    }
    const status = await statusOf(token);
    if (status !== 200) return refuseToken(response, status);
    if (!taken.includes(token)) taken.push(token);
    stockServer(request, response);
  }

  const site = await startSite((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  return {
    ...site,
    taken,
    get attempts() {
      return attempts;
    },
    get refused() {
      return refused;
    },
    revokeTaken(requests) {
      for (const token of taken) revoked.add(token);
      expected = requests;
    },
    refuseNext(count, status = 401) {
      [refusals, refusal] = [count, status];
    },
  };
}
