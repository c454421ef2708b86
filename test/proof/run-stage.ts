import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

import type { Stage } from "./stages.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Between being asked to end and being ended. */
const GRACE_MS = 10_000;

const KEPT_LINES = 60;

export interface StageOutcome {
  readonly stage: Stage;
  readonly passed: boolean;
  readonly seconds: number;
  /** The end of what was printed, when it failed. */
  readonly output: string;
  /** What its test left behind. */
  readonly found: unknown;
}

/** Runs a stage to its end, to its limit, or until somebody asks to end, and shows what it prints. */
export async function runStage(
  stage: Stage,
  resultsFolder: string,
  signal: AbortSignal,
): Promise<StageOutcome> {
  const began = performance.now();
  const child = spawn(process.execPath, stage.command, {
    cwd: root,
    env: { ...process.env, ...stage.settings, PROOF_RESULTS: resultsFolder, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      process.stdout.write(text);
      output = (output + text).slice(-100_000);
    });
  }
  let kill: NodeJS.Timeout | undefined;
  const end = () => {
    child.kill("SIGTERM");
    kill = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  };
  const stop = setTimeout(() => {
    output += `\nIt did not end within ${stage.limitMs / 60_000} minutes.\n`;
    end();
  }, stage.limitMs);
  signal.addEventListener("abort", end, { once: true });
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(stop);
  clearTimeout(kill);
  signal.removeEventListener("abort", end);
  return {
    stage,
    passed: code === 0,
    seconds: (performance.now() - began) / 1000,
    output: code === 0 ? "" : tailOf(output),
    found: readResult(stage, resultsFolder),
  };
}

function tailOf(output: string): string {
  const lines = stripVTControlCharacters(output).split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .slice(-KEPT_LINES)
    .join("\n");
}

function readResult({ name }: Stage, folder: string): unknown {
  const file = join(folder, `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
