import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Fault } from "../../../emulator/faults.ts";
import { addFault, clearFaults } from "../../support/faults.ts";
import { from, untilRefused } from "../../support/flood.ts";
import { callOnce, checkOf, type GoogleServer, startGoogleServer } from "../../support/google.ts";
import { kvOf } from "../../support/kv.ts";
import { logLines } from "../../support/log-lines.ts";

/** Far longer than it takes; a failure must not wait for the test's own end. */
const HANG = { timeout: 15_000 };
const KEY = "google:jwks";
const HOUR_MS = 60 * 60 * 1000;

let server: GoogleServer;
beforeAll(async () => {
  server = await startGoogleServer({ main: "test/support/entries/forgetful.ts" });
});
afterAll(() => server.close());
beforeEach(async () => {
  server.google.clearFaults();
  await clearFaults(server);
});

async function statusOf(token: string): Promise<number> {
  const response = await callOnce(server, token);
  await response.text();
  return response.status;
}

interface Copy {
  url: string;
  at: number;
  keys: unknown[];
}

/** What KV has, once the Worker has put it there. */
async function storedCopy(): Promise<Copy> {
  const kv = await kvOf(server);
  await expect.poll(() => kv.get(KEY), HANG).not.toBeNull();
  return JSON.parse((await kv.get(KEY)) ?? "") as Copy;
}

/** Another isolate: it knows nothing but what is stored. */
async function newIsolate({ age, copy }: { age?: number; copy?: string | null } = {}) {
  const kv = await kvOf(server);
  if (copy === null) await kv.delete(KEY);
  else if (copy !== undefined) await kv.put(KEY, copy);
  else if (age !== undefined) {
    const last = await storedCopy();
    await kv.put(KEY, JSON.stringify({ ...last, at: Date.now() - age }));
  }
  await fetch(`${server.url}/_forget`, { method: "POST" });
  server.google.clearRequests();
  server.harness.clearLogs();
}

/** A copy in KV that is as new as Google. */
async function freshCopy(): Promise<void> {
  await newIsolate({ copy: null });
  expect(await statusOf(server.google.mint())).toBe(200);
  await storedCopy();
}

describe("Google's keys", () => {
  it("are asked for once, and then kept in the isolate", async () => {
    await newIsolate({ copy: null });

    const first = await statusOf(server.google.mint());
    const more = Array.from({ length: 20 }, () => statusOf(server.google.mint()));

    expect([first, ...(await Promise.all(more))]).toEqual(Array.from({ length: 21 }, () => 200));
    expect(server.google.requests()).toEqual(["GET /oauth2/v3/certs"]);
  });

  it("are there for twenty callers who come at once", async () => {
    await newIsolate({ copy: null });

    const all = Array.from({ length: 20 }, () => statusOf(server.google.mint()));

    expect(new Set(await Promise.all(all))).toEqual(new Set([200]));
  });

  it("are kept in KV, so that a new isolate asks nobody", async () => {
    await freshCopy();
    await newIsolate();

    expect(await statusOf(server.google.mint())).toBe(200);
    expect(server.google.requests()).toEqual([]);
  });

  it("are asked for again when they are an hour old", async () => {
    await freshCopy();
    await newIsolate({ age: HOUR_MS + 1000 });

    expect(await statusOf(server.google.mint())).toBe(200);
    expect(server.google.requests()).toHaveLength(1);
    const isNew = async () => Date.now() - (await storedCopy()).at < HOUR_MS;
    await expect.poll(isNew, HANG).toBe(true);
  });

  it("rotate: the new key is good at once, and so is the one before", async () => {
    await freshCopy();
    await newIsolate();
    const before = server.google.mint();
    server.google.rotateKeys();

    expect(await statusOf(server.google.mint())).toBe(200);
    expect(await statusOf(before)).toBe(200);
    expect(server.google.requests()).toHaveLength(1);
  });

  it("are good no longer when Google has withdrawn them for an hour", async () => {
    await freshCopy();
    const withdrawn = server.google.mint();
    server.google.rotateKeys();
    server.google.rotateKeys();
    await newIsolate({ age: HOUR_MS + 1000 });

    const response = await callOnce(server, withdrawn);

    expect(response.status).toBe(401);
    expect(checkOf(server, response)).toBe("key");
  });

  it("of names that nobody knows cost Google one request in half a minute", async () => {
    await freshCopy();
    await newIsolate();

    for (let tries = 0; tries < 10; tries++) {
      expect(await statusOf(server.google.mint({ signedBy: "stranger" }))).toBe(401);
    }

    expect(server.google.requests()).toHaveLength(1);
    expect(await statusOf(server.google.mint())).toBe(200);
  });

  it("take the place of a copy that is damaged, or of another Google", async () => {
    await freshCopy();
    const copy = await storedCopy();
    const copies = [
      "no JSON",
      "[]",
      JSON.stringify({ ...copy, keys: [] }),
      JSON.stringify({ ...copy, keys: [{ kty: "RSA", kid: "x" }] }),
      JSON.stringify({ ...copy, url: "https://elsewhere.example/certs" }),
    ];
    for (const each of copies) {
      await newIsolate({ copy: each });

      expect(await statusOf(server.google.mint())).toBe(200);
      expect(server.google.requests()).toHaveLength(1);
    }
  });

  it("are asked for when storage does not answer", async () => {
    await newIsolate({ copy: null });
    await addFault(server, { at: "kv", prefix: KEY, fault: { kind: "throws" } });

    expect(await statusOf(server.google.mint())).toBe(200);
    await expect.poll(() => logLines(server, "google.keys_not_kept"), HANG).toHaveLength(1);
  });
});

const JSON_TYPE = { "content-type": "application/json" };

const OUTAGES: Fault[] = [
  { kind: "status", status: 500 },
  { kind: "status", status: 404 },
  { kind: "status", status: 200, body: { keys: [] } },
  { kind: "status", status: 200, body: { keys: "none" } },
  { kind: "status", status: 200, body: { keys: [{ kty: "EC", kid: "1", alg: "ES256" }] } },
  { kind: "status", status: 200, headers: JSON_TYPE, body: "[]" },
  { kind: "reset" },
  { kind: "cut" },
  { kind: "bad-json" },
  { kind: "wrong-type" },
  { kind: "slow", delayMs: 60_000 },
  { kind: "drip" },
  { kind: "huge", bytes: 1_000_000 },
  { kind: "gzip-bomb", bytes: 1_000_000 },
];

describe("an outage of Google", () => {
  it.each(OUTAGES)("is survived with a copy that is two hours old: %j", async (fault) => {
    server.google.clearFaults();
    await freshCopy();
    await newIsolate({ age: 2 * HOUR_MS });
    server.google.fault({ fault });

    expect(await statusOf(server.google.mint())).toBe(200);
    // The first one has waited for all.
    expect(await statusOf(server.google.mint())).toBe(200);
    expect(server.google.requests()).toHaveLength(1);
    await expect.poll(() => logLines(server, "google.keys_not_loaded")).toHaveLength(1);
    const [line] = logLines(server, "google.keys_not_loaded");
    expect(line).toMatchObject({ error: expect.any(String), copyAgeSeconds: expect.any(Number) });
    expect(line?.["copyAgeSeconds"]).toBeGreaterThanOrEqual(7200);
  });

  it("is survived for a day, and no longer", async () => {
    await freshCopy();
    server.google.fault({ fault: { kind: "reset" } });
    await newIsolate({ age: 24 * HOUR_MS - 60_000 });
    expect(await statusOf(server.google.mint())).toBe(200);

    await newIsolate({ age: 24 * HOUR_MS + 1000 });
    expect(await statusOf(server.google.mint())).toBe(503);
  });

  it("refuses nobody for good: without a copy the answer is 503 and Retry-After", async () => {
    await newIsolate({ copy: null });
    server.google.fault({ fault: { kind: "status", status: 500 } });

    const response = await callOnce(server, server.google.mint());

    expect(response.status).toBe(503);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(logLines(server, "token.refused")).toEqual([]);
    await expect.poll(() => logLines(server, "google.keys_not_loaded")).toHaveLength(1);
    // Google is left alone for a few seconds.
    expect(await statusOf(server.google.mint())).toBe(503);
    expect(server.google.requests()).toHaveLength(1);

    server.google.clearFaults();
    await expect.poll(() => statusOf(server.google.mint()), HANG).toBe(200);
  });

  it("leaves open whether a key of another name is good", async () => {
    await freshCopy();
    await newIsolate({ age: 2 * HOUR_MS });
    server.google.fault({ fault: { kind: "reset" } });

    expect(await statusOf(server.google.mint({ signedBy: "stranger" }))).toBe(503);
    expect(await statusOf(server.google.mint())).toBe(200);
  });
});

// The last one here: what its first caller asked for may still be put into KV when it is over.
describe("Google's keys, in the middle of being loaded,", () => {
  it("are loaded for others while who asked for them first has gone", async () => {
    await newIsolate({ copy: null });
    server.google.fault({ fault: { kind: "slow", delayMs: 2000 }, times: 1 });
    const gone = new AbortController();
    const first = fetch(`${server.url}/mcp`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.google.mint()}` },
      signal: gone.signal,
    }).catch(() => undefined);
    await expect.poll(() => server.google.requests(), HANG).toHaveLength(1);
    const second = statusOf(server.google.mint());
    await expect.poll(() => server.google.requests(), HANG).toHaveLength(2);
    gone.abort();
    await first;

    expect(await second).toBe(200);
    expect(await statusOf(server.google.mint())).toBe(200);
  });
});

describe("a flood of tokens with invented key names", () => {
  let limited: GoogleServer;
  beforeAll(async () => {
    limited = await startGoogleServer({ limits: "deployed" });
  });
  afterAll(() => limited.close());

  it("is answered with 429 when one address has sent too many, and Google is not asked", async () => {
    const headers = from("203.0.113.9");
    const beyond = async () => {
      limited.google.clearRequests();
      await untilRefused(() => callOnce(limited, "mcpw_mistyped", { headers }));
      const invented = limited.google.mint({ signedBy: "stranger" });
      const { status, headers: said } = await callOnce(limited, invented, { headers });
      const asked = limited.google.requests().length;
      return { status, retryAfter: said.get("retry-after"), asked };
    };

    // Once more, where a minute began in between.
    await expect.poll(beyond, HANG).toEqual({ status: 429, retryAfter: "60", asked: 0 });
    const checks = () => logLines(limited, "token.refused").map(({ check }) => check);
    await expect.poll(checks).toContain("asked too often");
    const others = { headers: from("203.0.113.10") };
    const ours = async () => (await callOnce(limited, limited.google.mint(), others)).status;
    await expect.poll(ours, HANG).toBe(200);
  });
});
