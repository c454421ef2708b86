/** A value at a time. */
export interface Sample {
  /** In seconds. */
  readonly at: number;
  readonly value: number;
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * By how much the values grow from the first sample to the last, as a share of their mean: along the
 * line that fits them best by least squares, so that a single high sample decides nothing.
 */
export function growth(samples: readonly Sample[]): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || first.at === last.at)
    throw new RangeError("Growth takes samples at two times or more.");
  const middle = mean(samples.map(({ at }) => at));
  const level = mean(samples.map(({ value }) => value));
  let [together, alone] = [0, 0];
  for (const { at, value } of samples) {
    together += (at - middle) * (value - level);
    alone += (at - middle) ** 2;
  }
  return ((together / alone) * (last.at - first.at)) / level;
}
