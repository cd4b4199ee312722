import { firstCharacters } from "#base/text/characters.ts";

const rulesMax = 50;
export const ruleMax = 300;

/** The rules of a site one by one, as its administrator wrote them: each line is one. Pure. */
export function rulesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== "").map((line) => firstCharacters(line, ruleMax)))].slice(
    0,
    rulesMax,
  );
}
