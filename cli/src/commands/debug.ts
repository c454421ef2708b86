import { newChart } from "../doctor/chart.ts";
import { examine } from "../doctor/examine.ts";
import { newPatient } from "../doctor/patient.ts";
import { plain, textOf } from "../doctor/print-entry.ts";
import { networkFetch } from "../http/network.ts";
import type { ConnectionOptions } from "../options.ts";
import { targetUrl } from "../target.ts";
import { sourceOf } from "../tokens/source-of.ts";

export interface DebugOptions extends ConnectionOptions {
  /** One JSON document on stdout, in place of lines for people. */
  readonly json: boolean;
}

/**
 * The doctor: says on stdout, step by step, whether a server can be reached and used, and what to do
 * if not. Resolves to the exit code: 0 only if all holds.
 */
export async function debug(options: DebugOptions): Promise<number> {
  const url = targetUrl(options.url, options);
  const send = await networkFetch(options);
  const chart = newChart((entry) => {
    if (!options.json) process.stdout.write(textOf(entry));
  });
  await examine(newPatient(options, url, send), () => sourceOf(options, url, send), chart);
  const ok = chart.entries.every(({ state }) => state !== "failed");
  if (options.json) {
    const { tokenSource } = options;
    const found = { url: url.href, tokenSource, ok, steps: chart.entries };
    process.stdout.write(`${plain(JSON.stringify(found))}\n`);
  } else {
    process.stdout.write(ok ? "All holds.\n" : "Not all holds.\n");
  }
  return ok ? 0 : 1;
}
