/**
 * What a piece of work comes to, or the error of being late. The work itself goes on, and its end is
 * nobody's business any more.
 */
export function beforeDeadline<Result>(
  work: Promise<Result>,
  milliseconds: number,
  late: () => Error,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), milliseconds);
    const over =
      <Value>(settle: (value: Value) => void) =>
      (value: Value) => {
        clearTimeout(timer);
        settle(value);
      };
    work.then(over(resolve), over(reject));
  });
}
