import { expect } from "vitest";

/** Tokens as GitHub writes them, whoever they belong to. */
const GITHUB_TOKEN = /gh[opsru]_[A-Za-z0-9]/;

/** What GitHub said in its own words, or through the emulator's faults. */
const UPSTREAM = /upstream|emulated|unicorn|documentation_url|docs\.github\.com/i;

/** An answer to the caller holds our own words only. */
export function expectOwnWords(answer: unknown): void {
  const text = JSON.stringify(answer);
  expect(text).not.toMatch(GITHUB_TOKEN);
  expect(text).not.toMatch(UPSTREAM);
}

/** The Worker's log holds no credential, and nothing that GitHub said. */
export function expectCleanLogs(logs: readonly unknown[], ...secrets: string[]): void {
  const text = JSON.stringify(logs);
  expect(text).toContain("tool.called");
  expect(text).not.toMatch(GITHUB_TOKEN);
  expect(text).not.toMatch(UPSTREAM);
  for (const secret of secrets) expect(text).not.toContain(secret);
}
