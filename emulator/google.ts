import type { IncomingMessage, ServerResponse } from "node:http";

import { type Answer, json, send } from "./answer.ts";
import { faultAnswer } from "./fault-answers.ts";
import { type FaultRequest, type Faults, faultRegister } from "./faults.ts";
import { type AdcFiles, googleAccounts } from "./google-accounts.ts";
import { type IdTokenOptions, idTokens } from "./google-id-token.ts";
import { type GoogleKeys, googleKeys } from "./google-keys.ts";
import { BadInput, type Call, readBody } from "./input.ts";
import { closeServers, listenOnLoopback, portOf } from "./listen.ts";

const CERTS = "/oauth2/v3/certs";
const BODY_LIMIT_BYTES = 64 * 1024;

/**
 * As much of Google as callers with an ID token need, without Google: its public keys, its token
 * endpoint and `generateIdToken`. All of its hosts are one here; their paths do not meet.
 */
export interface GoogleEmulator {
  /** Such as http://localhost:43210, for every one of Google's hosts. */
  readonly url: string;
  /** Where the public keys are, for GOOGLE_CERTS_URL. */
  readonly certsUrl: string;
  /** Files of Application Default Credentials, whose tokens come from here. */
  readonly adc: AdcFiles;
  /** An ID token as Google would sign it, or as it never would. */
  mint(options?: IdTokenOptions): string;
  /** A new key signs; the one before stays published, the one before that goes. */
  rotateKeys(): void;
  /** What goes wrong from now on, such as at `match: { path: "/certs" }`. */
  fault(request: FaultRequest): void;
  clearFaults(): void;
  /** What was asked so far, such as `GET /oauth2/v3/certs`. */
  requests(): readonly string[];
  clearRequests(): void;
  close(): Promise<void>;
}

export async function startGoogle(): Promise<GoogleEmulator> {
  const closing = new AbortController();
  const keys = googleKeys();
  const mint = idTokens(keys);
  const accounts = googleAccounts(mint);
  const faults = faultRegister();
  let asked: string[] = [];

  async function usual(call: Call): Promise<Answer> {
    if (call.path === CERTS) return certs(keys);
    if (call.method === "POST" && call.path === "/token") return accounts.token(call);
    const answer = call.method === "POST" ? accounts.generateIdToken(call) : undefined;
    return answer ?? json(404, { error: { code: 404, message: "Not Found", status: "NOT_FOUND" } });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(request.url ?? "/", "http://localhost");
    const { method = "GET", headers } = request;
    asked.push(`${method} ${path}`);
    const body = await readBody(request, BODY_LIMIT_BYTES);
    const call = { method, path, query, headers, body };
    const answer = await struck(faults, closing.signal, call, () => answered(() => usual(call)));
    if (answer === "reset") response.socket?.resetAndDestroy();
    else await send(response, answer, method === "HEAD");
  }

  const servers = await listenOnLoopback(0, (request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  const url = `http://localhost:${portOf(servers)}`;
  return {
    url,
    certsUrl: `${url}${CERTS}`,
    adc: accounts.adc,
    mint,
    rotateKeys: () => keys.rotate(),
    fault: (request) => void faults.add(request),
    clearFaults: () => faults.clear(),
    requests: () => asked,
    clearRequests() {
      asked = [];
    },
    async close() {
      closing.abort();
      await closeServers(servers);
    },
  };
}

function certs(keys: GoogleKeys): Answer {
  return json(200, keys.jwks(), { "cache-control": "public, max-age=19800, must-revalidate" });
}

async function answered(usual: () => Promise<Answer>): Promise<Answer> {
  try {
    return await usual();
  } catch (error) {
    const { status, message } =
      error instanceof BadInput ? error : { status: 500, message: String(error) };
    return json(status, { error: { code: status, message, status: "INVALID_ARGUMENT" } });
  }
}

function struck(
  faults: Faults,
  closing: AbortSignal,
  { path, method }: Call,
  usual: () => Promise<Answer>,
): Promise<Answer | "reset"> {
  const fault = faults.take({ path, method, login: null });
  return fault ? faultAnswer(fault, { usual, closing, url: "http://localhost" }) : usual();
}
