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

/** The sum of the last seven days of a series. Pure. */
export const ofWeek = (series: readonly number[]): number => series.slice(-7).reduce((sum, count) => sum + count, 0);
