/** Which of `count` suggestions a key leads to from `active`; -1 is what was typed. `null`: the key is not ours. Pure. */
export function chosenBy(key: string, active: number, count: number): number | null {
  if (count === 0) return null;
  if (key === "ArrowDown") return active + 1 >= count ? -1 : active + 1;
  if (key === "ArrowUp") return active < 0 ? count - 1 : active - 1;
  return null;
}
