import { describe, expect, it } from "vitest";

import { strayAliases } from "../../../bench/bundle-aliases.ts";

const importing = (original: string) => ({ imports: [{ original }] });

describe("strayAliases", () => {
  it("says nothing of an alias that one package imports", () => {
    const inputs = {
      "node_modules/zod/v4/core/index.js": importing("../locales/index.js"),
      "node_modules/zod/v4/mini/index.js": importing("../locales/index.js"),
    };

    expect(strayAliases(["../locales/index.js"], { inputs, outputs: {} })).toEqual([]);
  });

  it("names an alias that nobody imports", () => {
    expect(strayAliases(["mimetext"], { inputs: {}, outputs: {} })).toEqual([
      "the alias of mimetext replaces nothing",
    ]);
  });

  it("names an alias that two packages import", () => {
    const inputs = {
      "node_modules/zod/v4/core/index.js": importing("../locales/index.js"),
      "node_modules/other/index.js": importing("../locales/index.js"),
    };

    expect(strayAliases(["../locales/index.js"], { inputs, outputs: {} })).toEqual([
      "the alias of ../locales/index.js replaces an import of zod, of other",
    ]);
  });
});
