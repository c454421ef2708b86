import type { RequestListener } from "node:http";

import { afterEach, describe, expect, it } from "vitest";

import { startCertifiedSite } from "../support/bridge/doctor-certificate.ts";
import { type DoctorSiteOptions, startDoctorSite } from "../support/bridge/doctor-site.ts";
import { diagnose, visitDoctor } from "../support/bridge/doctor.ts";
import { startSite } from "../support/bridge/loopback-site.ts";
import { stockServer } from "../support/bridge/stock-server.ts";

const AFTER_REACHABILITY = [
  "challenge",
  "resource metadata",
  "authorization server",
  "registration",
  "token",
  "authenticated request",
  "protocol",
  "tools",
  "round trips",
];

const NO_TOKEN = ["--token-source", "none"];

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function certified(...[listener, options]: Parameters<typeof startCertifiedSite>) {
  const site = await startCertifiedSite(listener, options);
  cleanups.push(site.close);
  return site;
}

async function answering(listener: RequestListener): Promise<string> {
  const site = await startSite(listener);
  cleanups.push(site.close);
  return `${site.url}/mcp`;
}

async function site(options: DoctorSiteOptions): Promise<string> {
  const started = await startDoctorSite(options);
  cleanups.push(started.close);
  return `${started.url}/mcp`;
}

const status = (code: number, headers: Record<string, string> = {}): RequestListener =>
  function answer(_request, response) {
    response.writeHead(code, headers).end();
  };

describe("the doctor, on the way to a server", () => {
  it("says that nothing listens, and skips what depends on it", async () => {
    const closed = await startSite(stockServer);
    await closed.close();

    const found = await diagnose(["--url", `${closed.url}/mcp`, ...NO_TOKEN]);

    expect(found.code).toBe(1);
    expect(found.ok).toBe(false);
    expect(found.in("failed")).toEqual(["reachability"]);
    expect(found.in("skipped")).toEqual(["tls", ...AFTER_REACHABILITY]);
    const [problem] = found.step("reachability").problems;
    expect(problem?.what).toContain("ECONNREFUSED");
    expect(problem?.advice).toContain("that the server runs");
  });

  it("says that a name stands for nothing", async () => {
    // Longer than a name's part may be, so that nobody is asked for it.
    const url = `https://${"a".repeat(64)}.example/mcp`;

    const found = await diagnose(["--url", url, ...NO_TOKEN]);

    expect(found.in("failed")).toEqual(["dns"]);
    expect(found.step("dns").problems[0]?.advice).toContain("Check the name in --url");
    expect(found.in("skipped")).toEqual(["tls", "reachability", ...AFTER_REACHABILITY]);
  });

  it("says that a server does not answer in time", async () => {
    const url = await answering(() => undefined);

    const found = await diagnose(["--url", url, ...NO_TOKEN]);

    expect(found.in("failed")).toEqual(["reachability"]);
    expect(found.step("reachability").problems[0]?.what).toBe("There was no answer in time.");
  });

  it.each([
    { code: 404, what: "Nothing speaks MCP at this address (HTTP 404)." },
    { code: 503, what: "The server is in trouble (HTTP 503)." },
    { code: 308, what: "The address leads to another one (HTTP 308)." },
  ])("says what HTTP $code means, and goes no further", async ({ code, what }) => {
    const url = await answering(status(code, { location: "https://elsewhere.example/" }));

    const found = await diagnose(["--url", url, ...NO_TOKEN]);

    expect(found.step("reachability").problems[0]?.what).toBe(what);
    expect(found.in("skipped")).toEqual(["tls", ...AFTER_REACHABILITY]);
    expect(found.code).toBe(1);
  });

  it("says so when the server speaks something else than MCP", async () => {
    const url = await answering((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<h1>hush</h1>");
    });

    const found = await diagnose(["--url", url, ...NO_TOKEN]);

    expect(found.in("failed")).toEqual(["protocol"]);
    expect(found.in("skipped")).toContain("tools");
    expect(found.stdout).not.toContain("hush");
  });
});

describe("the doctor, on a certificate", () => {
  it("tells protocol, authority and end of one that --ca makes known", async () => {
    const { url, file } = await certified(stockServer);

    const found = await diagnose(["--url", `${url}/mcp`, "--ca", file, ...NO_TOKEN]);

    expect(found.ok).toBe(true);
    const { facts } = found.step("tls");
    expect(facts).toMatchObject({ protocol: "TLSv1.3", issuer: "An authority of this test alone" });
    expect(Date.parse(facts["validUntil"])).toBeGreaterThan(Date.now());
  });

  it.each([
    {
      kind: "that is signed by itself",
      options: {},
      isKnown: false,
      what: "The certificate is signed by itself.",
      advice: "--ca",
    },
    {
      kind: "that has expired",
      options: { ended: new Date(Date.now() - 86_400_000) },
      isKnown: true,
      what: "The certificate has expired.",
      advice: "Renew",
    },
    {
      kind: "for another name",
      options: { name: "elsewhere.example" },
      isKnown: true,
      what: "The certificate is for another name.",
      advice: "made out to it",
    },
  ])("says what to do about one $kind, and sends nothing", async (example) => {
    let requests = 0;
    const { url, file } = await certified((request, response) => {
      requests += 1;
      stockServer(request, response);
    }, example.options);
    const known = example.isKnown ? ["--ca", file] : [];

    const found = await diagnose(["--url", `${url}/mcp`, ...known, ...NO_TOKEN]);

    expect(found.in("failed")).toEqual(["tls"]);
    const [problem] = found.step("tls").problems;
    expect(problem?.what).toBe(example.what);
    expect(problem?.advice).toContain(example.advice);
    expect(requests).toBe(0);
    expect(found.code).toBe(1);
  });
});

describe("the doctor, on a refusal", () => {
  it.each([
    {
      refusal: "401 without a challenge",
      mcp: status(401),
      what: "The refusal has no WWW-Authenticate header.",
    },
    {
      refusal: "a challenge for a password",
      mcp: status(401, { "www-authenticate": 'Basic realm="x"' }),
      what: "The challenge is of another kind than Bearer.",
    },
    {
      refusal: "403",
      mcp: status(403),
      what: "The server answers 403 to a request without a token.",
    },
  ])("says what is wrong with $refusal", async ({ mcp, what }) => {
    const url = await site({ mcp });

    const found = await diagnose(["--url", url, "--auth-timeout", "1"]);

    expect(found.step("challenge").state).toBe("failed");
    expect(found.step("challenge").problems[0]?.what).toBe(what);
    expect(found.code).toBe(1);
  });

  it("says that there is no token where the server wants one", async () => {
    const url = await site({});

    const found = await diagnose(["--url", url, ...NO_TOKEN]);

    expect(found.in("failed")).toEqual(["token"]);
    expect(found.step("token").problems[0]?.advice).toContain("--token-source");
  });
});

describe("the doctor, on metadata", () => {
  it("finds nothing wrong in documents as they should be", async () => {
    const url = await site({});

    const found = await diagnose(["--url", url, "--auth-timeout", "1"]);

    for (const step of ["challenge", "resource metadata", "authorization server", "registration"])
      expect(found.step(step)).toMatchObject({ state: "ok", problems: [] });
    expect(found.step("challenge").facts).toMatchObject({ scope: "mcp:tools" });
    expect(found.step("resource metadata").facts).toMatchObject({ resource: url });
    expect(found.step("registration").facts["ways"]).toEqual(["dynamic registration"]);
  });

  it.each<{ step: string; flaw: string; site: DoctorSiteOptions; what: string }>([
    {
      step: "resource metadata",
      flaw: "no document",
      site: { resource: null },
      what: "The server says nowhere who issues its tokens.",
    },
    {
      step: "resource metadata",
      flaw: "another resource",
      site: { resource: { resource: "https://elsewhere.example/mcp" } },
      what: "resource is https://elsewhere.example/mcp, which is not this address.",
    },
    {
      step: "resource metadata",
      flaw: "no resource",
      site: { resource: { resource: undefined } },
      what: "resource is missing, or no address.",
    },
    {
      step: "resource metadata",
      flaw: "no authorization server",
      site: { resource: { authorization_servers: [] } },
      what: "authorization_servers is missing or empty.",
    },
    {
      step: "resource metadata",
      flaw: "an authorization server without https",
      site: { resource: { authorization_servers: ["http://elsewhere.example"] } },
      what: "authorization_servers names http://elsewhere.example, which is not https.",
    },
    {
      step: "resource metadata",
      flaw: "tokens that go elsewhere than into the header",
      site: { resource: { bearer_methods_supported: ["body"] } },
      what: 'bearer_methods_supported lacks "header".',
    },
    {
      step: "authorization server",
      flaw: "no document",
      site: { server: null },
      what: "has no metadata.",
    },
    {
      step: "authorization server",
      flaw: "another issuer",
      site: { server: { issuer: "https://elsewhere.example" } },
      what: "issuer is https://elsewhere.example, where",
    },
    {
      step: "authorization server",
      flaw: "a dangerous endpoint",
      site: { server: { authorization_endpoint: "javascript:alert(1)" } },
      what: "authorization_endpoint is not https.",
    },
    {
      step: "authorization server",
      flaw: "a token endpoint without https",
      site: { server: { token_endpoint: "http://elsewhere.example/token" } },
      what: "token_endpoint is not https.",
    },
    {
      step: "authorization server",
      flaw: "no token endpoint",
      site: { server: { token_endpoint: undefined } },
      what: "token_endpoint is missing.",
    },
    {
      step: "authorization server",
      flaw: "no PKCE",
      site: { server: { code_challenge_methods_supported: undefined } },
      what: "code_challenge_methods_supported is missing.",
    },
    {
      step: "authorization server",
      flaw: "weak PKCE",
      site: { server: { code_challenge_methods_supported: ["plain"] } },
      what: 'code_challenge_methods_supported lacks "S256".',
    },
    {
      step: "authorization server",
      flaw: "no response types",
      site: { server: { response_types_supported: undefined } },
      what: "response_types_supported is missing.",
    },
    {
      step: "authorization server",
      flaw: "no grant by code",
      site: { server: { grant_types_supported: ["client_credentials"] } },
      what: 'grant_types_supported lacks "authorization_code".',
    },
    {
      step: "registration",
      flaw: "no way to register",
      site: { server: { registration_endpoint: undefined } },
      what: "There is no way to register a client.",
    },
  ])("says what is wrong in $step: $flaw", async ({ step, site: options, what }) => {
    const url = await site(options);

    const found = await diagnose(["--url", url, "--auth-timeout", "1"]);

    expect(found.step(step).state).toBe("failed");
    expect(found.step(step).problems).toEqual([
      { what: expect.stringContaining(what), advice: expect.any(String) },
    ]);
    expect(found.code).toBe(1);
  });

  it.each([
    { way: "documents", server: { client_id_metadata_document_supported: true }, args: [] },
    { way: "a given client", server: {}, args: ["--client-id", "desktop"] },
  ])("is content with registration by $way alone", async ({ server, args }) => {
    const url = await site({ server: { registration_endpoint: undefined, ...server } });

    const found = await diagnose(["--url", url, "--auth-timeout", "1", ...args]);

    expect(found.step("registration").state).toBe("ok");
  });
});

describe("what the doctor prints", () => {
  it("has a tick or a cross for each step, and what to do", async () => {
    const url = await answering(status(404));

    const { stdout, code } = await visitDoctor(["--url", url, ...NO_TOKEN]);

    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^✔ dns /);
    expect(lines[1]).toMatch(/^– tls /);
    expect(lines[2]).toMatch(/^✘ reachability +\d+ ms/);
    expect(lines[3]).toBe("    Nothing speaks MCP at this address (HTTP 404).");
    expect(lines[4]).toMatch(/^ {4}→ Check the path/);
    expect(lines.at(-2)).toBe("Not all holds.");
    expect(code).toBe(1);
  });

  it("moves no cursor, whatever a server names", async () => {
    const url = await site({ resource: { resource: "https://x.example/\u001B[2J\u0007" } });

    const { stdout } = await visitDoctor(["--url", url, "--auth-timeout", "1"]);

    expect(stdout).toContain("which is not this address");
    expect(stdout.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });

  it("sends --header to the server alone, and never writes its value", async () => {
    const seen: (string | undefined)[] = [];
    const listener: RequestListener = (request, response) => {
      seen.push(request.headers["x-team"] as string | undefined);
      stockServer(request, response);
    };
    const url = await answering(listener);

    const { stdout, stderr } = await visitDoctor(
      ["--url", url, ...NO_TOKEN, "--header", "X-Team: ${TEAM}", "--log-level", "debug"],
      { TEAM: "hush-hush-hush" },
    );

    expect(new Set(seen)).toEqual(new Set(["hush-hush-hush"]));
    expect(stdout + stderr).not.toContain("hush");
  });
});
