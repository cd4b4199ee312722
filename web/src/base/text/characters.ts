/**
 * How many characters a text has, as the server counts them: an emoji is one, which is two units in memory and for an
 * input's own `maxLength`. Pure.
 */
export function charactersIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count += 1;
  return count;
}

/** At most the first `max` characters of a text, each of them whole. Pure. */
export const firstCharacters = (text: string, max: number): string =>
  text.length <= max
    ? text
    : Array.from(text.slice(0, 2 * max))
        .slice(0, max)
        .join("");
