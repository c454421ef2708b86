import type { Series } from "./found.ts";

/** The share of the questions that must come back in their time for a rate to be held. */
const HELD = 0.99;

/** What of this series is wrong, in words: failures, and a rate that was not held. */
export function seriesFaults({ name, rate, achieved, dropped, errors }: Series): string[] {
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  const faults: string[] = [];
  if (failed > 0) faults.push(`${name}: ${failed} failed.`);
  if (achieved < HELD * rate || dropped > 0) {
    const unasked = dropped > 0 ? `, and ${dropped} could not be asked in time` : "";
    faults.push(`${name}: ${achieved.toFixed(1)} of ${rate} a second were answered${unasked}.`);
  }
  return faults;
}
