import { fold, sourceEnd, sourceStart } from "../analysis/fold.ts";
import { isLetter, nameQueryWords } from "../analysis/names.ts";
import { joinOccurrences, type Stretch } from "./highlights.ts";

/**
 * The stretches of a name that match words of a query: any part of it, or a single letter at the beginning of a word.
 * Pure.
 */
export function nameHighlights(name: string, query: string): Stretch[] {
  const folded = fold(name);
  const occurrences = nameQueryWords(query).flatMap((word, concept) =>
    placesOf(folded.text, word).map((at) => ({
      from: sourceStart(folded, at),
      to: sourceEnd(folded, at + word.length),
      concept,
    })),
  );
  return joinOccurrences(occurrences.toSorted((a, b) => a.from - b.from || a.to - b.to));
}

function placesOf(text: string, word: string): number[] {
  const places: number[] = [];
  const beginsWords = [...word].length === 1 && isLetter(word);
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!beginsWords || at === 0 || /\s/u.test(text.charAt(at - 1))) places.push(at);
  return places;
}
