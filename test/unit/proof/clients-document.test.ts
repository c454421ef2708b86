import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { clientsText } from "../../proof/clients-document.ts";
import type { ClientsFound } from "../../proof/clients-found.ts";
import { readResults, type StageResult } from "../../proof/results.ts";

const PASSED = { state: "passed" } as const;

const FOUND: ClientsFound = {
  rows: [
    {
      program: "Bridge",
      version: "1.2.3",
      road: "/mcp",
      signsIn: "in the browser",
      steps: {
        "signs in": PASSED,
        "lists the tools": PASSED,
        "calls each tool": { state: "failed", why: "expected 41 to be 42" },
        "goes on after a restart": { state: "cannot", why: "It ends with each call." },
        "renews its token": { state: "cannot", why: "It ends with each call." },
      },
    },
    { program: "Page", version: "2.0.0", road: "/mcp", signsIn: "in the browser", steps: {} },
  ],
  empty: ["test/clients/editor.test.ts"],
};

const RESULT: StageResult = {
  name: "clients",
  title: "Every client program, on every road",
  date: "2026-11-21",
  passed: false,
  seconds: 330,
  settings: { CLIENTS: "all" },
  found: FOUND,
  output: "The end of what was printed.",
  machine: ["2 cores"],
};

/** The cells of the row that begins with this. */
function cellsOf(text: string, program: string): string[] {
  const line = text.split("\n").find((each) => each.startsWith(`| ${program}`)) ?? "";
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe("docs/clients.md", () => {
  it("says what the recorded results say", async () => {
    const page = readFileSync(new URL("../../../docs/clients.md", import.meta.url), "utf8");

    expect(page).toBe(clientsText(await readResults()));
  });
});

describe("the table of clients", () => {
  const text = clientsText([RESULT]);

  it("shows what each program did, failed at, and cannot do", () => {
    expect(cellsOf(text, "Bridge 1.2.3").slice(1)).toEqual([
      "/mcp",
      "in the browser",
      "✓",
      "✓",
      "✗[^1]",
      "–[^2]",
      "–[^2]",
    ]);
  });

  it("says why, once for each reason", () => {
    expect(text).toContain("[^1]: expected 41 to be 42\n\n[^2]: It ends with each call.\n");
  });

  it("keeps the row of a program that was not run", () => {
    expect(cellsOf(text, "Page 2.0.0").slice(3)).toEqual(Array(5).fill("not run[^3]"));
  });

  it("names the test files that had nothing to say", () => {
    expect(text).toContain("- `test/clients/editor.test.ts` has no row");
  });

  it("says that the run failed", () => {
    expect(text).toContain("Last run on 2026-11-21, 5.5 minutes, **failed**.");
  });

  it("shows what was printed by a run that left nothing", () => {
    expect(clientsText([{ ...RESULT, found: undefined }])).toContain(RESULT.output);
  });

  it("says that nobody has run it", () => {
    expect(clientsText([])).toContain("It has not been run yet.");
  });
});
