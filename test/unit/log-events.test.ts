import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

const CALL = /\b(?:log\(\s*"(?:info|warn|error)",\s*|logCrash\(\s*)"([a-z_.]+)"/g;

describe("docs/audit.md", () => {
  it("explains every event of the log, and no other", () => {
    const sources = globSync(`${root}src/**/*.{ts,tsx}`).map((file) => readFileSync(file, "utf8"));
    const logged = new Set(
      sources.flatMap((text) => Array.from(text.matchAll(CALL), ([, event]) => event)),
    );
    const page = readFileSync(`${root}docs/audit.md`, "utf8");
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    const cells = rows.map((row) => row.split("|")[1] ?? "").join(" ");
    const explained = new Set(
      Array.from(
        cells.matchAll(/`([a-z_]+\.[a-z_]+|misconfigured|crashed)`/g),
        ([, event]) => event,
      ),
    );

    expect(explained).toEqual(logged);
    expect(logged.size).toBeGreaterThan(30);
  });
});
