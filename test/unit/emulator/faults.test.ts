import { type IncomingMessage, request } from "node:http";
import { gunzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import type { Fault } from "../../../emulator/faults.ts";
import { startGitHub } from "../../../emulator/github.ts";
import { EMULATED_OAUTH_APP } from "../../../emulator/seed.ts";
import { emulatedGitHub } from "./emulated.ts";

const github = emulatedGitHub();
const README = "/repos/octocat/hello-world/readme";

const inject = (fault: Fault) => github.control().fault({ match: { path: "/readme" }, fault });

/** Without the comforts of fetch: headers and bytes as they come. */
function plainGet(path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { "user-agent": "test" };
    request(`${github.url()}${path}`, { headers }, resolve).on("error", reject).end();
  });
}

async function received(message: IncomingMessage): Promise<{ bytes: Buffer; broken: boolean }> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer);
    return { bytes: Buffer.concat(chunks), broken: false };
  } catch {
    return { bytes: Buffer.concat(chunks), broken: true };
  }
}

describe("a fault in the answer", () => {
  it("is a status with headers and a body", async () => {
    await inject({ kind: "status", status: 451, headers: { "x-why": "law" }, body: { no: "way" } });

    const response = await github.api(README);

    expect(response.status).toBe(451);
    expect(response.headers.get("x-why")).toBe("law");
    expect(await response.json()).toEqual({ no: "way" });
  });

  it("is the single sign-on of an organisation", async () => {
    await inject({ kind: "sso" });

    const response = await github.api(README);

    expect(response.status).toBe(403);
    expect(response.headers.get("x-github-sso")).toMatch(/^required; url=http/);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining("SAML") });
  });

  it("is the primary rate limit", async () => {
    await inject({ kind: "rate-limit", resetInSeconds: 60 });

    const response = await github.api(README);

    expect(response.status).toBe(403);
    expect(response.headers.get("x-ratelimit-remaining")).toBe("0");
    const reset = Number(response.headers.get("x-ratelimit-reset")) - Date.now() / 1000;
    expect(reset).toBeGreaterThan(55);
    expect(reset).toBeLessThanOrEqual(60);
  });

  it.each([
    [{ kind: "secondary-rate-limit" }, 403, null],
    [{ kind: "secondary-rate-limit", status: 429, retryAfterSeconds: 7 }, 429, "7"],
  ] as const)("is a secondary rate limit: %j", async (fault, status, retryAfter) => {
    await inject(fault);

    const response = await github.api(README);

    expect(response.status).toBe(status);
    expect(response.headers.get("retry-after")).toBe(retryAfter);
    expect(await response.text()).toContain("secondary rate limit");
  });

  it("is a web page", async () => {
    await inject({ kind: "wrong-type" });

    const response = await github.api(README);

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/html");
  });

  it("is broken JSON", async () => {
    await inject({ kind: "bad-json" });

    const response = await github.api(README);

    expect(response.headers.get("content-type")).toContain("application/json");
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  it("is a redirect to anywhere", async () => {
    await inject({ kind: "redirect", status: 307, location: "https://evil.example/steal" });

    const response = await github.api(README);

    expect(response.status).toBe(307);
    expect(response.headers.get("location")).toBe("https://evil.example/steal");
  });

  it("is exactly as huge as asked, and valid JSON", async () => {
    await inject({ kind: "huge", bytes: 3_000_001 });

    const text = await (await github.api(README)).text();

    expect(text).toHaveLength(3_000_001);
    expect(JSON.parse(text)).toHaveProperty("message");
  });

  it("is small on the wire and huge when unpacked", async () => {
    await inject({ kind: "gzip-bomb", bytes: 50_000_000, contentType: "text/plain" });

    const message = await plainGet(`/api/v3${README}`);
    const { bytes } = await received(message);

    expect(message.headers["content-encoding"]).toBe("gzip");
    expect(message.headers["content-type"]).toBe("text/plain");
    expect(bytes.length).toBeLessThan(100_000);
    expect(gunzipSync(bytes)).toHaveLength(50_000_000);
  });
});

describe("a fault on the wire", () => {
  it("is an answer that comes late", async () => {
    await inject({ kind: "slow", delayMs: 300 });
    const begun = performance.now();

    const response = await github.api(README);

    expect(performance.now() - begun).toBeGreaterThan(290);
    expect(response.status).toBe(200);
  });

  it("is one byte a second", async () => {
    await inject({ kind: "drip" });
    const begun = performance.now();

    const message = await plainGet(`/api/v3${README}`);
    const sizes: number[] = [];
    for await (const chunk of message) {
      sizes.push((chunk as Buffer).length);
      if (sizes.length === 3) break;
    }

    expect(message.statusCode).toBe(200);
    expect(Number(message.headers["content-length"])).toBeGreaterThan(100);
    expect(sizes).toEqual([1, 1, 1]);
    expect(performance.now() - begun).toBeGreaterThan(1900);
  });

  it("is a connection that ends before any header", async () => {
    await inject({ kind: "reset" });

    await expect(plainGet(`/api/v3${README}`)).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  it("is a connection that ends in the middle of the body", async () => {
    await inject({ kind: "cut" });

    const message = await plainGet(`/api/v3${README}`);
    const announced = Number(message.headers["content-length"]);
    const { bytes, broken } = await received(message);

    expect(message.statusCode).toBe(200);
    expect(broken).toBe(true);
    expect(bytes).toHaveLength(Math.floor(announced / 2));
  });

  it("stays in the log with the status that left", async () => {
    await inject({ kind: "reset" });
    await plainGet(`/api/v3${README}`).catch(() => undefined);
    await github.control().clearFaults();
    await inject({ kind: "status", status: 502 });
    await github.api(README);

    const statuses = (await github.control().requests()).map((entry) => entry.status);

    expect(statuses).toEqual([0, 502]);
  });
});

describe("a fault's match", () => {
  const OUTAGE: Fault = { kind: "status", status: 503 };

  it("narrows it to a part of the path, a method and a person", async () => {
    const match = { path: "/user", method: "get", login: "octocat" };
    await github.control().fault({ match, fault: OUTAGE });

    expect((await github.api("/user", await github.token("octocat"))).status).toBe(503);
    expect((await github.api("/user", await github.token("hubot"))).status).toBe(200);
    expect((await github.api(README, await github.token("octocat"))).status).toBe(200);
    const patch = { method: "PATCH", body: "{}" };
    expect((await github.api("/user", await github.token("octocat", "repo"), patch)).status).toBe(
      200,
    );
  });

  it("may be a regular expression", async () => {
    await github.control().fault({ match: { path: "/user$" }, fault: OUTAGE });
    const own = await github.token("octocat");

    expect((await github.api("/user", own)).status).toBe(503);
    expect((await github.api("/user/repos", own)).status).toBe(200);
  });

  it("strikes as often as asked", async () => {
    await github.control().fault({ match: {}, fault: OUTAGE, times: 2 });

    const statuses = [];
    for (let count = 0; count < 3; count++) statuses.push((await github.api(README)).status);

    expect(statuses).toEqual([503, 503, 200]);
  });

  it("strikes until the faults are cleared otherwise", async () => {
    await inject(OUTAGE);
    expect((await github.api(README)).status).toBe(503);
    expect((await github.api(README)).status).toBe(503);

    await github.control().clearFaults();

    expect((await github.api(README)).status).toBe(200);
  });

  it("reaches the token endpoint, and names who signs in there", async () => {
    const query = new URLSearchParams({
      client_id: EMULATED_OAUTH_APP.clientId,
      redirect_uri: "http://localhost/callback",
    });
    const page = `${github.url()}/login/oauth/authorize?${query}`;
    await github.control().fault({ match: { login: "hubot" }, fault: OUTAGE });
    const statusFor = async (login: string) => {
      const code = new URL(await github.control().pickAccount(page, login)).searchParams.get(
        "code",
      );
      const body = JSON.stringify({ code });
      const headers = { "content-type": "application/json" };
      const init = { method: "POST", headers, body };
      return (await github.send("/login/oauth/access_token", init)).status;
    };

    expect(await statusFor("hubot")).toBe(503);
    expect(await statusFor("octocat")).toBe(200);
  });

  it("never reaches the control API", async () => {
    await github.control().fault({ fault: { kind: "reset" } });

    await expect(github.control().requests()).resolves.toEqual([]);
  });

  it.each([
    {},
    { fault: "slow" },
    { fault: { kind: "unheard-of" } },
    { fault: { kind: "slow" } },
    { fault: { kind: "status", status: 99 } },
    { fault: { kind: "status", status: 500, headers: { a: 1 } } },
    { fault: { kind: "huge", bytes: -1 } },
    { fault: { kind: "redirect", status: 200, location: "/" } },
    { fault: { kind: "drip" }, times: 0 },
    { fault: { kind: "drip" }, match: { path: 7 } },
    { fault: { kind: "drip" }, match: "all" },
  ])("is refused when it makes no sense: %j", async (body) => {
    await expect(github.control().fault(body as never)).rejects.toThrow("400");
  });
});

describe("close", () => {
  it("ends at once with slow and dripping answers under way", async () => {
    const own = await startGitHub();
    const add = (path: string, fault: Fault) =>
      fetch(`${own.url}/_emulator/faults`, {
        method: "POST",
        body: JSON.stringify({ match: { path }, fault }),
      });
    await add("/slow", { kind: "slow", delayMs: 60_000 });
    await add("/readme", { kind: "drip" });
    const slow = Array.from({ length: 15 }, () =>
      fetch(`${own.url}/api/v3/slow`).catch(() => "ended"),
    );
    const drip = await fetch(`${own.url}/api/v3${README}`);
    const begun = performance.now();

    await own.close();

    expect(performance.now() - begun).toBeLessThan(500);
    expect(await Promise.all(slow)).toEqual(slow.map(() => "ended"));
    await expect(drip.text()).rejects.toThrow("terminated");
  });
});
