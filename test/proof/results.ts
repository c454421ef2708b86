import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";

import { describeMachine } from "../../bench/machine.ts";
import type { StageOutcome } from "./run-stage.ts";

const FOLDER = new URL("../../docs/results/", import.meta.url);
const PREFIX = "proof-";

/** What one stage came to, when, and on which machine. */
export interface StageResult {
  readonly name: string;
  readonly title: string;
  /** A day, such as 2026-11-21. */
  readonly date: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly settings: Readonly<Record<string, string>>;
  /** What its test left behind. */
  readonly found?: unknown;
  /** The end of what was printed, when it failed. */
  readonly output: string;
  readonly machine: readonly string[];
}

export async function keepResult({ stage, ...outcome }: StageOutcome): Promise<void> {
  const { name, title, settings } = stage;
  const result: StageResult = {
    name,
    title,
    date: new Date().toISOString().slice(0, 10),
    settings,
    ...outcome,
    machine: describeMachine(),
  };
  await mkdir(FOLDER, { recursive: true });
  await writeFile(new URL(`${PREFIX}${name}.json`, FOLDER), `${JSON.stringify(result, null, 2)}\n`);
}

export async function readResults(): Promise<StageResult[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.startsWith(PREFIX)).toSorted();
  return Promise.all(
    files.map(async (file) => JSON.parse(await readFile(new URL(file, FOLDER), "utf8"))),
  );
}
