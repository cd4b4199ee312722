import type { FieldName } from "./document.ts";

/** How scores are computed. The defaults are those of textbooks and of `docs/adr/034-own-search-index.md`. */
export interface ScoreSettings {
  /** Saturation of the frequency of a term, and by how much long texts are taken back (BM25). */
  readonly k1: number;
  readonly b: number;
  readonly weights: Readonly<Record<FieldName, number>>;
  /** Beside a whole word: a pair of characters, a word that begins with the typed one, one with a typing error. */
  readonly gramWeight: number;
  readonly prefixWeight: number;
  readonly typoWeight: number;
  /** Two words for one of the query, and one for two: `Spider-Man` for `spiderman`, `Spiderman` for `spider man`. */
  readonly compoundWeight: number;
  /** Factor of beginnings and typing errors where documents have the word itself: exact words come before near ones. */
  readonly nearWeight: number;
}

export const defaultScores: ScoreSettings = {
  k1: 1.2,
  b: 0.75,
  weights: { title: 3, tags: 3, author: 2, description: 1, captions: 0.5, names: 1 },
  gramWeight: 0.3,
  prefixWeight: 0.5,
  typoWeight: 0.4,
  compoundWeight: 0.9,
  nearWeight: 0.02,
};
