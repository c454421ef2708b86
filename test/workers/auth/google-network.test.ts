import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type GoogleEmulator, startGoogle } from "../../../emulator/google.ts";
import { callOnce, googleSettings } from "../../support/google.ts";
import { type NetworkServer, startNetworkServer } from "../../support/network-server.ts";

/** Far longer than it takes; a failure must not wait for the test's own end. */
const HANG = { timeout: 40_000 };

let google: GoogleEmulator;
let elsewhere: GoogleEmulator;
let server: NetworkServer;
beforeAll(async () => {
  [google, elsewhere] = await Promise.all([startGoogle(), startGoogle()]);
  server = await startNetworkServer(googleSettings(google));
});
afterAll(() => Promise.all([server.close(), google.close(), elsewhere.close()]));
beforeEach(() => google.clearFaults());

async function statusOf(token: string): Promise<number> {
  const response = await callOnce(server, token);
  await response.text();
  return response.status;
}

/** The answers until the Worker asks Google again, which it leaves alone for some seconds after a failure. */
async function answersUntilAsked(token: string): Promise<Set<number>> {
  const answers = new Set<number>();
  google.clearRequests();
  const asked = async () => {
    answers.add(await statusOf(token));
    return google.requests().length;
  };
  await expect.poll(asked, HANG).toBeGreaterThan(0);
  return answers;
}

describe("Google's keys over a real network", () => {
  it("are not taken from where their address redirects", async () => {
    const location = elsewhere.certsUrl;
    google.fault({ fault: { kind: "redirect", status: 307, location } });

    expect(await answersUntilAsked(elsewhere.mint())).toEqual(new Set([503]));
    expect(elsewhere.requests()).toEqual([]);
  });

  it.each([{ kind: "reset" }, { kind: "cut" }, { kind: "drip" }] as const)(
    "may be out of reach, and nobody is refused for that: %j",
    async (fault) => {
      google.fault({ fault });

      expect(await answersUntilAsked(google.mint())).toEqual(new Set([503]));
    },
  );

  it("are loaded when they are there again", async () => {
    await expect.poll(() => statusOf(google.mint()), HANG).toBe(200);
    expect(await statusOf(elsewhere.mint())).toBe(401);
  });
});
