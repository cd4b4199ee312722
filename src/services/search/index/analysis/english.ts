import { stemmer } from "stemmer";

/** Lucene's list of English stop words. */
const stopWords = new Set(
  "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with".split(
    " ",
  ),
);
/** Particles without a meaning of their own. */
const particles = new Set("的了吗呢吧啊呀着");

/** Words that say nothing about a text that has others. */
export const isStopWord = (word: string): boolean => stopWords.has(word) || particles.has(word);

const isEnglish = /^[a-z]{3,40}$/;
const stemsMax = 50_000;
/** A cache, because a stem costs as much as the rest of a word's analysis. It is cleared when it is full. */
const stems = new Map<string, string>();

/** The stem of a word by Porter (*An algorithm for suffix stripping*, 1980); other scripts keep their words. Pure. */
export function stemOf(word: string): string {
  const cached = stems.get(word);
  if (cached !== undefined) return cached;
  if (!isEnglish.test(word)) return word;
  const stem = stemmer(word);
  if (stems.size >= stemsMax) stems.clear();
  stems.set(word, stem);
  return stem;
}
