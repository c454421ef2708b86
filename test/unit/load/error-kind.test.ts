import { describe, expect, it } from "vitest";

import { errorKind } from "../../load/error-kind.ts";

describe("the kind of a failure", () => {
  it("is the system's code, where there is one", () => {
    const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });

    expect(errorKind(reset)).toBe("ECONNRESET");
  });

  it("is the same for two failures that differ in their numbers", () => {
    expect(errorKind(new Error("Wrong answer to 7: 12345"))).toBe(
      errorKind(new Error("Wrong answer to 8: 67890")),
    );
  });

  it("tells two statuses of HTTP apart", () => {
    expect(errorKind(new Error("/sse answered 429."))).not.toBe(
      errorKind(new Error("/sse answered 500.")),
    );
  });

  it("stays short when the message is long", () => {
    expect(errorKind(new Error("x".repeat(500))).length).toBeLessThan(100);
  });

  it("takes what is thrown without being an error", () => {
    expect(errorKind("gone")).toBe("gone");
  });
});
