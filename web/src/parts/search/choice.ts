/**
 * The suggestion of `count` that a key leads to from `active`; -1 is the typed text. `null` for a key that moves
 * nothing. Pure.
 */
export function chosenBy(key: string, active: number, count: number): number | null {
  if (count === 0) return null;
  if (key === "ArrowDown") return active + 1 >= count ? -1 : active + 1;
  if (key === "ArrowUp") return active < 0 ? count - 1 : active - 1;
  return null;
}
