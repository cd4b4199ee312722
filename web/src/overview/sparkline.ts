/** How much there was after each day of a series, from what came on each and how much there is now. Pure. */
export function runningTotals(series: readonly number[], total: number): number[] {
  let later = 0;
  return series
    .toReversed()
    .map((count) => {
      const then = total - later;
      later += count;
      return then;
    })
    .toReversed();
}

/** The points of a line through the values in a box of this size; without a difference between them it lies at the bottom. Pure. */
export function sparkPoints(values: readonly number[], width: number, height: number): { x: number; y: number }[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values.map((value, at) => ({
    x: at * step,
    y: span === 0 ? height : height - ((value - low) / span) * height,
  }));
}

/** What came in the last seven days of a series. Pure. */
export const ofWeek = (series: readonly number[]): number => series.slice(-7).reduce((sum, count) => sum + count, 0);
