/** How long a timed comment crosses the film, and how long one at the top or bottom stays. */
export const crossingS = 8;
export const stayingS = 4;

export interface Flown {
  readonly startS: number;
  readonly widthPx: number;
}

/** The place of its left edge at a moment, in a film `viewPx` wide. Pure. */
export const leftAt = ({ startS, widthPx }: Flown, timeS: number, viewPx: number): number =>
  viewPx - ((viewPx + widthPx) * (timeS - startS)) / crossingS;

/** True if the later of two may follow in the same lane: it never touches the one before. Pure. */
export function follows(before: Flown, next: Flown, viewPx: number): boolean {
  const hasEntered = leftAt(before, next.startS, viewPx) + before.widthPx <= viewPx;
  // Longer ones are faster: nobody is caught up with before they have left.
  const leavesS = before.startS + crossingS;
  return hasEntered && leftAt(next, leavesS, viewPx) >= 0;
}

/** The first lane it fits into; undefined where all are full, and then it is not shown. Pure. */
export function laneOf(lanes: readonly (Flown | undefined)[], next: Flown, viewPx: number): number | undefined {
  const free = lanes.findIndex((last) => last === undefined || follows(last, next, viewPx));
  return free === -1 ? undefined : free;
}
