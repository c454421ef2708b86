import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Proof } from "./proof.ts";

/** Below the project: what the last whole run found, which docs/security.md tells. */
export const RESULT_FILE = "docs/results/prove-red.json";

export interface Result {
  /** A day, such as 2026-11-21. */
  readonly date: string;
  readonly cases: number;
  readonly guards: number;
  /** How many of the guards turned a test red. */
  readonly red: number;
  readonly minutes: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** Whose code has guards, and what it ran in. */
const PACKAGES = ["@cloudflare/workers-oauth-provider", "agents", "vitest", "wrangler"];

function versionsIn(root: string): Record<string, string> {
  const versionOf = (name: string) => {
    const manifest = readFileSync(join(root, "node_modules", name, "package.json"), "utf8");
    return (JSON.parse(manifest) as { version: string }).version;
  };
  const packages = PACKAGES.map((name) => [name, versionOf(name)]);
  return { node: process.versions.node, ...Object.fromEntries(packages) };
}

/** One line for one guard, and one for what its tests say. */
export function proofLine({ outcome, detail, attempt, seconds }: Proof): string {
  const { subject, number, place } = attempt;
  const name = `${subject.id}.${number}`.padEnd(7);
  const time = `${seconds.toFixed(0)} s`.padStart(5);
  return `${outcome.padEnd(6)}  ${name} ${time}  ${place}\n${" ".repeat(23)}${detail}`;
}

/** How each group of cases did, and what is not red. */
export function summary(proofs: readonly Proof[]): string {
  const groups = Map.groupBy(proofs, ({ attempt }) => attempt.subject.id.charAt(0));
  const row = (cells: readonly (string | number)[]) =>
    cells
      .map((cell) => String(cell).padEnd(8))
      .join("")
      .trimEnd();
  const lines = Array.from(groups, ([group, own]) => {
    const counts = (["red", "green", "broken"] as const).map(
      (outcome) => own.filter((proof) => proof.outcome === outcome).length,
    );
    return row([group, new Set(own.map(({ attempt }) => attempt.subject)).size, ...counts]);
  });
  const open = proofs.filter(({ outcome }) => outcome !== "red");
  return [
    row(["group", "cases", "red", "green", "broken"]),
    ...lines,
    ...(open.length > 0 ? ["", "Not proved:", ...open.map(proofLine)] : []),
  ].join("\n");
}

export function writeResult(root: string, proofs: readonly Proof[], milliseconds: number): void {
  const result: Result = {
    date: new Date().toISOString().slice(0, 10),
    cases: new Set(proofs.map(({ attempt }) => attempt.subject)).size,
    guards: proofs.length,
    red: proofs.filter(({ outcome }) => outcome === "red").length,
    minutes: Math.ceil(milliseconds / 60_000),
    versions: versionsIn(root),
  };
  const path = join(root, RESULT_FILE);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
}
