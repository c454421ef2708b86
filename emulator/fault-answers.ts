import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { createGzip } from "node:zlib";

import { type Answer, NO_BODY, apiError, bytesOf, json } from "./answer.ts";
import type { Fault } from "./faults.ts";

export interface FaultContext {
  /** What would be answered without the fault. */
  usual: () => Promise<Answer>;
  closing: AbortSignal;
  url: string;
}

const JSON_TYPE = "application/json; charset=utf-8";
const DRIP_INTERVAL_MS = 1000;
/** Long enough for what was written before to leave. */
const CUT_AFTER_MS = 30;
const CHUNK_BYTES = 64 * 1024;

export async function faultAnswer(fault: Fault, context: FaultContext): Promise<Answer | "reset"> {
  switch (fault.kind) {
    case "status":
      return statusAnswer(fault);
    case "sso": {
      const url = fault.url ?? `${context.url}/orgs/octo-org/sso?authorization_request=A0B1C2`;
      const message =
        "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.";
      return apiError(403, message, { "x-github-sso": `required; url=${url}` });
    }
    case "rate-limit":
      return primaryLimit(fault.status ?? 403, fault.resetInSeconds ?? 1800);
    case "secondary-rate-limit":
      return secondaryLimit(fault.status ?? 403, fault.retryAfterSeconds);
    case "slow":
      await delay(fault.delayMs, undefined, { signal: context.closing }).catch(() => undefined);
      return context.usual();
    case "drip":
      return paced(await context.usual(), (bytes) => drip(bytes, context.closing));
    case "cut":
      return paced(await context.usual(), cut);
    case "reset":
      return "reset";
    case "wrong-type":
      return {
        ...json(200, null),
        ...page("<!doctype html><title>Unicorn!</title><h1>Unicorn!</h1>"),
      };
    case "bad-json":
      return { ...json(200, null), body: Buffer.from('{"login": "octocat", "id": ') };
    case "huge":
      return { status: 200, headers: typed(fault.contentType), body: filler(fault.bytes) };
    case "gzip-bomb": {
      const headers = { ...typed(fault.contentType), "content-encoding": "gzip" };
      return { status: 200, headers, body: gzipped(filler(fault.bytes)) };
    }
    case "redirect":
      break;
  }
  return { status: fault.status, headers: { location: fault.location }, body: NO_BODY };
}

const typed = (contentType = JSON_TYPE) => ({ "content-type": contentType });

const page = (text: string) => ({
  headers: typed("text/html; charset=utf-8"),
  body: Buffer.from(text),
});

function statusAnswer({ status, headers, body }: Extract<Fault, { kind: "status" }>): Answer {
  if (body === undefined) return apiError(status, `Emulated status ${status}`, headers);
  if (typeof body !== "string") return json(status, body, headers);
  return { status, headers: { ...typed(), ...headers }, body: Buffer.from(body) };
}

function primaryLimit(status: number, resetInSeconds: number): Answer {
  return apiError(status, "API rate limit exceeded for user ID 583231.", {
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-used": "5000",
    "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + resetInSeconds),
    "x-ratelimit-resource": "core",
  });
}

function secondaryLimit(status: number, retryAfterSeconds: number | undefined): Answer {
  const message =
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  return apiError(status, message, headers);
}

/** The usual answer with its length announced, and its body at another pace. */
function paced(answer: Answer, pace: (bytes: Uint8Array) => AsyncIterable<Uint8Array>): Answer {
  const bytes = bytesOf(answer.body);
  // An announced length above what comes makes the cut visible even when the usual body is empty.
  const headers = { ...answer.headers, "content-length": String(Math.max(bytes.byteLength, 1)) };
  return { ...answer, headers, body: pace(bytes) };
}

async function* drip(bytes: Uint8Array, closing: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at++) {
    yield bytes.subarray(at, at + 1);
    await delay(DRIP_INTERVAL_MS, undefined, { signal: closing });
  }
}

async function* cut(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const half = bytes.subarray(0, Math.floor(bytes.byteLength / 2));
  if (half.byteLength > 0) yield half;
  await delay(CUT_AFTER_MS);
  throw new Error("The fault cuts here.");
}

/** Valid JSON of exactly so many bytes, when there is room for its brackets. */
async function* filler(bytes: number): AsyncGenerator<Uint8Array> {
  const [start, end] = ['{"message":"', '"}'];
  const padding = Math.max(0, bytes - start.length - end.length);
  const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, padding), "a");
  yield Buffer.from(start);
  for (let sent = 0; sent < padding; sent += chunk.length) {
    yield chunk.subarray(0, Math.min(chunk.length, padding - sent));
  }
  yield Buffer.from(end);
}

async function* gzipped(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip({ level: 9 });
  // A caller who leaves early ends the feeding by destroying what it feeds.
  const feeding = pipeline(plain, gzip).catch(() => undefined);
  try {
    yield* gzip as AsyncIterable<Uint8Array>;
  } finally {
    gzip.destroy();
    await feeding;
  }
}
