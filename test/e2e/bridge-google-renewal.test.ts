import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { type GoogleEmulator, startGoogle } from "../../emulator/google.ts";
import {
  type MetadataServer,
  startMetadataServer,
} from "../support/bridge/google-metadata-server.ts";
import {
  type RunService,
  type RunServiceOptions,
  startRunService,
} from "../support/bridge/google-run-service.ts";
import { endBridge, startBridge } from "../support/bridge/start-bridge.ts";

const MACHINE = "machine@octo-project.iam.gserviceaccount.com";

let google: GoogleEmulator;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  google = await startGoogle();
});
afterAll(() => google.close());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function places(options: Partial<RunServiceOptions> = {}) {
  const site = await startRunService(google, { invoker: MACHINE, ...options });
  const machine = await startMetadataServer(google, MACHINE);
  cleanups.push(site.close, machine.close);
  return { site, machine };
}

function bridgeTo(site: RunService, machine: MetadataServer, ...more: string[]) {
  const args = ["--token-source", "google-auth", ...more];
  const bridge = startBridge(`${site.url}/mcp`, args, machine.env);
  cleanups.push(() => endBridge(bridge));
  return bridge;
}

describe("a bridge with Google's tokens", () => {
  it("renews a token --refresh-margin seconds before its end, before any is refused", async () => {
    const { site, machine } = await places();
    // Ends in a minute and two seconds, and is renewed in two.
    machine.liveFor(62);
    const bridge = bridgeTo(site, machine, "--refresh-margin", "60");
    await bridge.initialize();

    await expect
      .poll(async () => {
        const { result } = await bridge.ask("tools/list");
        return [result.tools.length, site.taken.length];
      })
      .toEqual([1, 2]);

    expect(site.taken).toEqual(machine.issued);
    expect(site.refused).toBe(0);
  });

  it("uses a token to its end that cannot be renewed, and says so", async () => {
    const { site, machine } = await places();
    machine.liveFor(62);
    const bridge = bridgeTo(site, machine);
    await bridge.initialize();
    machine.failWith(404);

    await expect
      .poll(async () => {
        const { result } = await bridge.ask("tools/list");
        return result.tools.length === 1 && bridge.stderr();
      })
      .toContain("The token was not renewed, and serves to its end.");

    expect(site.taken).toHaveLength(1);
    expect(site.refused).toBe(0);
  });

  it("keeps a token that is not about to end", async () => {
    const { site, machine } = await places();
    const bridge = bridgeTo(site, machine);
    await bridge.initialize();

    for (let call = 0; call < 10; call += 1) await bridge.ask("tools/list");

    expect(machine.issued).toHaveLength(1);
  });

  it("uses a token for a while that is younger than the margin from the start", async () => {
    const { site, machine } = await places();
    machine.liveFor(50);
    const bridge = bridgeTo(site, machine, "--refresh-margin", "60");
    await bridge.initialize();

    for (let call = 0; call < 10; call += 1) await bridge.ask("tools/list");

    expect(machine.issued).toHaveLength(1);
  });

  it("renews once for ten requests that are refused at the same time, and answers all", async () => {
    const { site, machine } = await places();
    const bridge = bridgeTo(site, machine);
    await bridge.initialize();
    await bridge.ask("tools/list");
    site.revokeTaken(10);

    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => bridge.ask("tools/list")),
    );

    expect(answers.map(({ result }) => result?.tools.length)).toEqual(Array(10).fill(1));
    expect(site.refused).toBe(10);
    expect(machine.issued).toHaveLength(2);
  });

  it("answers with what to check when the renewed token is refused too", async () => {
    const { site, machine } = await places({ invoker: "nobody@octo-project.example" });
    const bridge = bridgeTo(site, machine);

    const { error } = await bridge.initialize();

    for (const word of [MACHINE, site.url, "roles/run.invoker"])
      expect(error?.message).toContain(word);
    expect(machine.issued).toHaveLength(2);
    for (const token of machine.issued) {
      expect(bridge.stderr()).not.toContain(token);
      expect(bridge.lines.join("")).not.toContain(token);
    }
  });
});
