interface Day {
  readonly date: string;
  readonly views: number;
  readonly watch_time: number;
}
const figureOf = {
  views: ({ views }: Day) => views,
  watchTime: ({ watch_time: seconds }: Day) => seconds,
  average: ({ views, watch_time: seconds }: Day) => (views === 0 ? 0 : seconds / views),
} as const;
export type Figure = keyof typeof figureOf;

/** A figure on each day of a period, and on each day of the period before where the longer series reaches back. Pure. */
export function seriesOf(figure: Figure, series: readonly Day[], longer: readonly Day[]) {
  const before = longer.slice(0, -series.length).slice(-series.length);
  return {
    current: series.map(figureOf[figure]),
    previous: before.length === series.length ? before.map(figureOf[figure]) : [],
  };
}

/** By what part something grew; undefined where there was nothing before. Pure. */
export const growthOf = (now: number, before: number): number | undefined =>
  before > 0 ? (now - before) / before : undefined;

/** The least round number that is not less, with a half that is round too: 2, 4, 6, 10, 20, 40 and so on. Pure. */
export function roundUp(value: number): number {
  if (value <= 2) return 2;
  const power = 10 ** Math.floor(Math.log10(value));
  const factors = power === 1 ? [2, 4, 6] : [1, 2, 4, 6];
  return (factors.find((factor) => factor * power >= value) ?? 10) * power;
}
