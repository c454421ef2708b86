import { describe, expect, it } from "vitest";

import { packageOf, sizesByPackage } from "../../../bench/bundle-by-package.ts";

describe("packageOf", () => {
  it.each([
    ["node_modules/zod/v4/core/util.js", "zod"],
    ["../../node_modules/@octokit/core/dist/index.js", "@octokit/core"],
    ["node_modules/wrangler/node_modules/undici/index.js", "undici"],
    ["src/mcp/era.ts", "(the Worker's own code)"],
    ["src/pages/layout.tsx", "(the Worker's own code)"],
    ["node-built-in-modules:path", "(added by Wrangler)"],
    [".wrangler/tmp/bundle-x/middleware-loader.entry.ts", "(added by Wrangler)"],
  ])("finds where %s comes from", (input, name) => {
    expect(packageOf(input)).toBe(name);
  });
});

describe("sizesByPackage", () => {
  it("adds up the files of a package and puts the largest first", () => {
    const inputs = {
      "src/index.ts": { bytesInOutput: 30 },
      "node_modules/zod/a.js": { bytesInOutput: 20 },
      "node_modules/zod/b.js": { bytesInOutput: 25 },
    };

    expect(sizesByPackage({ outputs: { "index.js": { inputs } } })).toEqual([
      { name: "zod", bytes: 45 },
      { name: "(the Worker's own code)", bytes: 30 },
    ]);
  });
});
