import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { type GoogleEmulator, startGoogle } from "../../emulator/google.ts";
import { startTunnel } from "../support/bridge/doctor-tunnel.ts";
import { diagnose } from "../support/bridge/doctor.ts";
import {
  startSessionServer,
  startSseServer,
  startStatelessServer,
} from "../support/bridge/fixture-stock.ts";
import { startMetadataServer } from "../support/bridge/google-metadata-server.ts";
import {
  refuseAsIap,
  refuseBySignIn,
  startRunService,
} from "../support/bridge/google-run-service.ts";
import { type LoopbackSite, startSite } from "../support/bridge/loopback-site.ts";
import { openSignInHome } from "../support/bridge/sign-in-home.ts";
import { startSignInServer } from "../support/bridge/sign-in-server.ts";
import { stockServer } from "../support/bridge/stock-server.ts";
import { startTestStack, type TestStack } from "../support/stack.ts";
import { tokenCommand } from "../support/token-command.ts";

const MACHINE = "machine@octo-project.iam.gserviceaccount.com";
const IAP_CLIENT = "1234-abc.apps.googleusercontent.com";

const SIGN_IN_STEPS = ["resource metadata", "authorization server", "registration"];

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function opened<S extends Pick<LoopbackSite, "close">>(site: Promise<S>): Promise<S> {
  const started = await site;
  cleanups.push(started.close);
  return started;
}

describe("the doctor, at this server", () => {
  let stack: TestStack;
  let token: string;

  beforeAll(async () => {
    stack = await startTestStack();
    token = await tokenCommand(stack, "create", "--name", "doctor", "--by", "mona");
  });
  afterAll(() => stack.close());

  it("finds that all holds with a token from the environment, and tells what is there", async () => {
    const args = ["--url", `${stack.url}/mcp`, "--token-source", "env"];

    const found = await diagnose(args, { MCP_BRIDGE_TOKEN: token });

    expect(found.in("failed")).toEqual([]);
    expect(found.code).toBe(0);
    expect(found.step("challenge").facts["metadataUrl"]).toContain(
      "/.well-known/oauth-protected-resource/mcp",
    );
    expect(found.step("protocol").facts).toMatchObject({
      eras: ["stateless", "sessions"],
      revisions: ["2026-07-28", "2025-11-25"],
    });
    expect(found.step("tools").facts).toMatchObject({ count: 2, first: ["add", "whoami"] });
    const { min, median } = found.step("round trips").facts;
    expect(min).toBeGreaterThan(0);
    expect(median).toBeGreaterThanOrEqual(min);
    expect(found.stdout + found.stderr).not.toContain(token);
  });

  it("finds the way to the transport of 2024 by itself", async () => {
    const args = ["--url", `${stack.url}/sse`, "--token-source", "env"];

    const found = await diagnose(args, { MCP_BRIDGE_TOKEN: token });

    expect(found.in("failed")).toEqual([]);
    expect(found.step("authenticated request").facts).toMatchObject({ transport: "sse" });
    expect(found.step("protocol").facts).toMatchObject({ eras: ["sessions"] });
    expect(found.step("tools").facts).toMatchObject({ count: 2 });
  });

  it("finds nothing wrong in the sign-in that it offers", async () => {
    const found = await diagnose(["--url", `${stack.url}/mcp`, "--auth-timeout", "1"]);

    for (const step of ["challenge", ...SIGN_IN_STEPS])
      expect(found.step(step)).toMatchObject({ state: "ok", problems: [] });
    expect(found.step("registration").facts["ways"]).toEqual([
      "client metadata documents",
      "dynamic registration",
    ]);
  });
});

describe("the doctor, at a stock server", () => {
  it("finds that all holds where nobody has to sign in", async () => {
    const site = await opened(startSite(stockServer));

    const found = await diagnose(["--url", `${site.url}/mcp`, "--token-source", "none"]);

    expect(found.in("failed")).toEqual([]);
    expect(found.in("skipped")).toEqual(["tls", ...SIGN_IN_STEPS]);
    expect(found.code).toBe(0);
    expect(found.step("protocol").says).toBe("Stock 1.0.0 speaks 2025-11-25.");
    expect(found.step("tools").says).toBe("1: add");
  });
});

describe("the doctor, at servers of the SDK", () => {
  it.each([
    { kind: "with sessions", start: startSessionServer, revisions: ["2025-11-25"] },
    { kind: "without sessions", start: startStatelessServer, revisions: ["2026-07-28"] },
    { kind: "of the transport of 2024", start: startSseServer, revisions: ["2025-11-25"] },
  ])("finds that all holds at one $kind", async ({ start, revisions }) => {
    const server = await opened(start());

    const found = await diagnose(["--url", server.url, "--token-source", "none"]);

    expect(found.in("failed")).toEqual([]);
    expect(found.code).toBe(0);
    expect(found.step("protocol").facts["revisions"]).toEqual(revisions);
    expect(found.step("tools").facts).toMatchObject({ count: 4 });
  });

  it("leaves name and certificate to a proxy that is in between", async () => {
    const server = await opened(startSessionServer());
    const proxy = await opened(startTunnel(server.url));
    const url = "http://mcp.example/mcp";

    const found = await diagnose(["--url", url, "--allow-http", "--token-source", "none"], {
      HTTP_PROXY: proxy.url,
    });

    expect(found.in("failed")).toEqual([]);
    expect(found.step("dns").says).toBe("A proxy resolves the name.");
    expect(found.step("tls").says).toBe("A proxy is in between.");
    expect(new Set(proxy.led)).toEqual(new Set(["mcp.example:80"]));
  });

  it.each([
    { exception: "this machine", url: (own: string) => own, env: { NO_PROXY: "" } },
    {
      exception: "what NO_PROXY names",
      url: (own: string) => own.replace("127.0.0.1", "127.0.0.2"),
      env: { NO_PROXY: "elsewhere.example, 127.0.0.2" },
    },
  ])("looks at $exception itself, proxy or not", async ({ url, env }) => {
    const server = await opened(startSessionServer());
    const proxy = await opened(startTunnel(server.url));

    const found = await diagnose(
      ["--url", url(server.url), "--allow-http", "--token-source", "none"],
      { HTTP_PROXY: proxy.url, ...env },
    );

    expect(found.step("dns").state).toBe("ok");
    expect(proxy.led).toEqual([]);
  });
});

describe("the doctor, at a server that people sign in to", () => {
  it("has the person sign in once, and tells all of the token but itself", async () => {
    const server = await opened(startSignInServer());
    const home = await openSignInHome();
    cleanups.push(home.remove);

    const first = await diagnose(["--url", server.url], home.env);
    const again = await diagnose(["--url", server.url], home.env);

    expect(first.in("failed")).toEqual([]);
    expect(first.in("skipped")).toEqual(["tls"]);
    expect(first.code).toBe(0);
    expect(again.in("failed")).toEqual([]);
    expect(home.opened()).toHaveLength(1);
    const { facts } = again.step("token");
    expect(facts["source"]).toEqual(expect.any(String));
    expect(facts["expiresAt"]).toBeGreaterThan(Date.now());
    expect(server.secrets).not.toEqual([]);
    for (const secret of server.secrets)
      expect(first.stdout + first.stderr + again.stdout + again.stderr).not.toContain(secret);
  });

  it("says that nobody signed in when the person is away", async () => {
    const server = await opened(startSignInServer());
    const home = await openSignInHome("is away");
    cleanups.push(home.remove);

    const found = await diagnose(["--url", server.url, "--auth-timeout", "1"], home.env);

    expect(found.in("failed")).toEqual(["token"]);
    expect(found.step("token").problems).toHaveLength(1);
    expect(found.code).toBe(1);
  });
});

describe("the doctor, at an address of Google's", () => {
  let google: GoogleEmulator;

  beforeAll(async () => {
    google = await startGoogle();
  });
  afterAll(() => google.close());

  it.each(["oauth", "none"])(
    "knows Cloud Run by its answer, and says what to use instead of %s",
    async (source) => {
      const site = await opened(startRunService(google, { invoker: MACHINE }));

      const found = await diagnose(["--url", `${site.url}/mcp`, "--token-source", source]);

      expect(found.in("failed")).toEqual(["challenge"]);
      expect(found.step("reachability").facts["door"]).toBe("Cloud Run");
      const [problem] = found.step("challenge").problems;
      expect(problem?.advice).toContain("--token-source google-auth");
      expect(problem?.advice).toContain("roles/run.invoker");
      expect(found.code).toBe(1);
    },
  );

  it("finds that all holds at Cloud Run with Google's credentials", async () => {
    const site = await opened(startRunService(google, { invoker: MACHINE }));
    const machine = await opened(startMetadataServer(google, MACHINE));
    const args = ["--url", `${site.url}/mcp`, "--token-source", "google-auth"];

    const found = await diagnose(args, machine.env);

    expect(found.in("failed")).toEqual([]);
    expect(found.in("skipped")).toEqual(["tls", ...SIGN_IN_STEPS]);
    expect(found.step("challenge").facts["door"]).toBe("Cloud Run");
  });

  it.each([
    { answer: "page", refuse: refuseAsIap },
    { answer: "sign-in", refuse: refuseBySignIn },
  ])("knows Identity-Aware Proxy by its $answer, and says what to use", async ({ refuse }) => {
    const site = await opened(startRunService(google, { invoker: MACHINE, refuse }));

    const found = await diagnose(["--url", `${site.url}/mcp`]);

    expect(found.in("failed")).toEqual(["challenge"]);
    expect(found.step("reachability").facts["door"]).toBe("Identity-Aware Proxy");
    expect(found.step("challenge").problems[0]?.advice).toContain("OAuth client ID");
    expect(found.code).toBe(1);
  });

  it("finds that all holds at Identity-Aware Proxy with a token for its client", async () => {
    const options = { invoker: MACHINE, audience: IAP_CLIENT, refuse: refuseAsIap };
    const site = await opened(startRunService(google, options));
    const machine = await opened(startMetadataServer(google, MACHINE));
    const source = ["--token-source", "google-auth", "--audience", IAP_CLIENT];

    const found = await diagnose(["--url", `${site.url}/mcp`, ...source], machine.env);

    expect(found.in("failed")).toEqual([]);
    expect(found.step("token").facts).toMatchObject({ audience: IAP_CLIENT });
  });
});
