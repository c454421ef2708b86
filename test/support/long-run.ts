import { randomInt } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** How much a random test does: little in every run, what `npm run proof` asks for there. */
export function amountOf(variable: string, usual: number): number {
  const amount = Number(process.env[variable] ?? usual);
  if (Number.isInteger(amount) && amount > 0) return amount;
  throw new TypeError(`${variable} takes a number from 1 up, not "${process.env[variable]}".`);
}

/** A new seed each run, unless one is given to see a failure again. */
export function seedOf(variable: string): number {
  const given = process.env[variable];
  const seed = given === undefined ? randomInt(2 ** 31 - 1) : Number(given);
  if (Number.isInteger(seed)) return seed;
  throw new TypeError(`${variable} takes a whole number, not "${given}".`);
}

/** Leaves what a long run found for the page that `npm run proof` writes. */
export async function leaveResult(name: string, result: unknown): Promise<void> {
  const folder = process.env["PROOF_RESULTS"];
  if (folder === undefined) return;
  await writeFile(join(folder, `${name}.json`), JSON.stringify(result));
}
