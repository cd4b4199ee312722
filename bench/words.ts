let state = 20_261_121;
/** Mulberry32, from 0 up to 1: the same numbers on every machine. */
export function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

const syllables = "ka mi no ra te so lu ve di pa ne ro sha tu be li go fa ze qui".split(" ");
export const words: readonly string[] = Array.from({ length: 4_000 }, () =>
  Array.from({ length: 2 + Math.floor(random() * 3) }, () => syllables[Math.floor(random() * syllables.length)]).join(
    "",
  ),
);
const han = Array.from({ length: 1_200 }, (_, n) => String.fromCodePoint(0x4e00 + n * 7));

/** Zipf's law, roughly: the n-th is met about 1/n as often as the first. */
export const among = <T>(all: readonly T[]): T => all[Math.floor(all.length ** random()) - 1] ?? (all[0] as T); // It has one.
export const latin = (count: number): string => Array.from({ length: count }, () => among(words)).join(" ");
export const chinese = (count: number): string => Array.from({ length: count }, () => among(han)).join("");
/** Half of them in one script, half in another. */
export const title = (n: number): string => (n % 2 === 0 ? latin(5) : chinese(12));
