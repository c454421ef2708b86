import type { BundleSize } from "./bundle-size.ts";

/** What the bundle may weigh, in KiB: compressed as a whole, and minified by package. */
export interface BundleBudget {
  readonly gzip: number;
  /** Each package that weighs `LISTED_FROM` or more has a line. */
  readonly packages: Readonly<Record<string, number>>;
}

/** KiB, minified. */
const LISTED_FROM = 10;

const kib = (bytes: number) => Math.round(bytes / 1024);

/** What weighs more than its budget, a line each; nothing when all is well. */
export function overBudget(size: BundleSize, budget: BundleBudget): string[] {
  const faults: string[] = [];
  if (size.gzip > budget.gzip * 1024)
    faults.push(`the whole bundle has ${kib(size.gzip)} KiB gzip, its budget is ${budget.gzip}`);
  for (const { name, bytes } of size.packages) {
    const allowed = budget.packages[name];
    const said = `${name} has ${kib(bytes)} KiB minified`;
    if (allowed === undefined && bytes >= LISTED_FROM * 1024)
      faults.push(`${said} and no line in the budget`);
    if (allowed !== undefined && bytes > allowed * 1024)
      faults.push(`${said}, its budget is ${allowed}`);
  }
  const present = new Set(size.packages.map(({ name }) => name));
  const gone = Object.keys(budget.packages).filter((name) => !present.has(name));
  return [...faults, ...gone.map((name) => `${name} is not in the bundle: take its line away`)];
}
