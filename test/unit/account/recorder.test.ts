import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { ToolCall } from "../../../src/account/account-object.ts";
import { recordCall } from "../../../src/account/recorder.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const OCTOCAT = { kind: "person", id: 1, login: "octocat" } as const;
const HUBOT = { kind: "person", id: 2, login: "hubot" } as const;

function call(tool: string): ToolCall {
  return { at: Date.now(), grantId: "grant", tool, outcome: "ok", durationMs: 1 };
}

/** A binding that writes down who was told of which calls, and fails if it is asked to. */
function accounts({ fails = false } = {}) {
  const told: [person: string, tools: string[]][] = [];
  const getByName = (person: string) => ({
    async record(calls: readonly ToolCall[]) {
      if (fails) throw new Error("no such object");
      told.push([person, calls.map(({ tool }) => tool)]);
    },
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of it as is used
  return {
    env: { ACCOUNT_OBJECT: { getByName } } as unknown as Parameters<typeof recordCall>[0],
    told,
  };
}

/** Work that outlives the answer, and that ends with an isolate that is thrown away. */
function context({ isCutOff = false } = {}) {
  const works: Promise<unknown>[] = [];
  return { waitUntil: (work: Promise<unknown>) => void (isCutOff || works.push(work)), works };
}

describe("recording tool calls", () => {
  it("tells a person's object once of calls in quick succession, and each person apart", async () => {
    const { env, told } = accounts();
    const ctx = context();

    for (const tool of ["one", "two"]) recordCall(env, ctx, OCTOCAT, call(tool));
    recordCall(env, ctx, HUBOT, call("other"));
    await vi.advanceTimersByTimeAsync(1000);
    recordCall(env, ctx, OCTOCAT, call("three"));
    await vi.advanceTimersByTimeAsync(1000);

    expect(told).toEqual([
      ["person:1", ["one", "two"]],
      ["person:2", ["other"]],
      ["person:1", ["three"]],
    ]);
    expect(ctx.works).toHaveLength(3);
  });

  it("keeps the newest 200 calls when more come at once", async () => {
    const { env, told } = accounts();
    const ctx = context();

    for (let each = 1; each <= 250; each += 1) recordCall(env, ctx, OCTOCAT, call(String(each)));
    await vi.advanceTimersByTimeAsync(1000);

    const [[, tools] = ["", []]] = told;
    expect(tools).toHaveLength(200);
    expect([tools.at(0), tools.at(-1)]).toEqual(["51", "250"]);
  });

  it("tells what was gathered by a request that was cut off with the next call after it", async () => {
    const { env, told } = accounts();
    const frozen = vi.spyOn(globalThis, "setTimeout").mockImplementationOnce(() => 0 as never);
    recordCall(env, context({ isCutOff: true }), OCTOCAT, call("lost"));
    frozen.mockRestore();
    await vi.advanceTimersByTimeAsync(11_000);

    recordCall(env, context(), OCTOCAT, call("next"));
    await vi.advanceTimersByTimeAsync(1000);

    expect(told).toEqual([["person:1", ["lost", "next"]]]);
  });

  it("goes on when the object cannot be told", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const { env } = accounts({ fails: true });
    const ctx = context();

    recordCall(env, ctx, OCTOCAT, call("one"));
    await vi.advanceTimersByTimeAsync(1000);

    await expect(Promise.all(ctx.works)).resolves.toHaveLength(1);
  });
});
