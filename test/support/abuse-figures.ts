import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { OperationCost } from "./operation-costs.ts";

const FOLDER = new URL("../../docs/results/abuse/", import.meta.url);

/** What one kind of abuse cost in a test: a row of docs/limits.md. */
export interface AbuseFigure {
  readonly abuse: string;
  readonly requests: number;
  /** Answers with 429. */
  readonly refused: number;
  readonly kvReads: number;
  readonly kvWrites: number;
  /** Durable Objects that hold something afterwards. */
  readonly objects: number;
}

/** Keeps a figure for docs/limits.md, with RECORD_FIGURES=1. */
export function recordFigure(
  name: string,
  figure: Omit<AbuseFigure, "kvReads" | "kvWrites">,
  { kv }: OperationCost,
): void {
  if (!process.env["RECORD_FIGURES"]) return;
  const whole: AbuseFigure = { ...figure, kvReads: kv["get"] ?? 0, kvWrites: kv["put"] ?? 0 };
  mkdirSync(FOLDER, { recursive: true });
  const file = fileURLToPath(new URL(`${name}.json`, FOLDER));
  writeFileSync(file, `${JSON.stringify(whole, null, 2)}\n`);
}
