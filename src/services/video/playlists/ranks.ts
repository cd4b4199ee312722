/** How far apart neighbours are when there is room. */
export const rankStep = 2 ** 20;

/** A rank below `above` and above `below`, either of which may be missing; undefined where there is no room. Pure. */
export function rankBetween(above: number | undefined, below: number | undefined): number | undefined {
  if (above === undefined) return below === undefined ? 0 : below + rankStep;
  if (below === undefined) return above - rankStep;
  const middle = Math.floor((above + below) / 2);
  return middle > below && middle < above ? middle : undefined;
}
