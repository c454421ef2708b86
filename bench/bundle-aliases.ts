import { packageOf } from "./bundle-by-package.ts";
import type { Metafile } from "./workers/build.ts";

/**
 * Aliases that do not do what they are there for, a line each. Wrangler compares an alias with what
 * an import says, letter for letter and wherever it stands: one that nobody imports any more leaves
 * nothing out, and one that a second package imports too replaces what it should not.
 */
export function strayAliases(aliases: readonly string[], { inputs }: Metafile): string[] {
  return aliases.flatMap((alias) => {
    const importers = Object.entries(inputs)
      .filter(([, { imports }]) => imports.some(({ original }) => original === alias))
      .map(([input]) => packageOf(input));
    const names = [...new Set(importers)];
    if (names.length === 1) return [];
    return names.length === 0
      ? [`the alias of ${alias} replaces nothing`]
      : [`the alias of ${alias} replaces an import of ${names.join(", of ")}`];
  });
}
