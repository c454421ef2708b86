import { redact } from "../output/redact.ts";
import type { Entry } from "./chart.ts";

const MARKS: Readonly<Record<Entry["state"], string>> = { ok: "✔", failed: "✘", skipped: "–" };

const NAME_WIDTH = "authenticated request".length;

/** What servers wrote may move a terminal's cursor. */
export function plain(text: string): string {
  return redact(text).replaceAll(/\p{Cc}/gu, " ");
}

/** One line, and two for each problem. */
export function textOf({ step, state, took, says, problems }: Entry): string {
  const time = state === "skipped" ? "" : `${took} ms`;
  const first = [MARKS[state], step.padEnd(NAME_WIDTH), time.padStart(8), says].join(" ").trimEnd();
  const more = problems.flatMap(({ what, advice }) => [
    `    ${what}`,
    ...(advice === undefined ? [] : [`    → ${advice}`]),
  ]);
  return [first, ...more].map((line) => `${plain(line)}\n`).join("");
}
