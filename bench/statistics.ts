/** The value below which a share of the values lies, by nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new RangeError("No values, no percentile.");
  return value;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError("No values, no median.");
  return (lower + upper) / 2;
}

/** Value to reference, round by round: what slows a round down slows both. */
export function ratios(values: readonly number[], references: readonly number[]): number[] {
  return values.map((value, round) => {
    const reference = references[round];
    if (reference === undefined) throw new RangeError("Each round needs a reference.");
    return value / reference;
  });
}

export function medianRatio(values: readonly number[], references: readonly number[]): number {
  return median(ratios(values, references));
}
