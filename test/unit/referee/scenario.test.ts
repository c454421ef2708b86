import { describe, expect, it } from "vitest";

import { type Check, complaintsOf, type Scenario } from "../../referee/scenario.ts";

const PASSED: Check = { id: "served", status: "SUCCESS" };

function scenario(checks: Check[], standing = "required"): Scenario {
  return { name: "ping", standing, checks };
}

describe("a scenario of the referee", () => {
  it.each(["required", "pending", "added-after-release"])(
    "is clean when all that applies has passed: %s",
    (standing) => {
      const checks: Check[] = [PASSED, { id: "other", status: "SKIPPED" }];

      expect(complaintsOf(scenario(checks, standing))).toEqual([]);
    },
  );

  it.each(["FAILURE", "WARNING"] as const)("is not clean with a %s", (status) => {
    const bad: Check = { id: "speed", status, errorMessage: "too late" };

    expect(complaintsOf(scenario([PASSED, bad], "pending"))).toEqual([
      `${status} ping speed: too late`,
    ]);
  });

  it.each([[[]], [[{ id: "request", status: "INFO" } as const]]])(
    "is not clean when it checked nothing",
    (checks) => {
      expect(complaintsOf(scenario(checks))).toEqual(["ping: checked nothing"]);
    },
  );

  it("is not clean when the referee left out the answer that waits for its client", () => {
    const leftOut: Check = { id: "server-sse-disconnect-resume", status: "INFO" };

    expect(complaintsOf(scenario([PASSED, leftOut]))).toHaveLength(1);
  });

  it("does not count when it is of an extension", () => {
    const bad: Check = { id: "speed", status: "FAILURE" };

    expect(complaintsOf(scenario([bad], "extension"))).toEqual([]);
  });
});
