import { analyse, type Token } from "../analysis/analyser.ts";
import { distance } from "../query/distance.ts";
import type { Concept, Phrase } from "../query/parser.ts";
import { secondTypoLettersMin, typoLettersMin } from "../query/spelling.ts";
import { termOf } from "../segment/terms.ts";

/** A place in a text that matches a concept of a query. */
export interface Occurrence {
  readonly from: number;
  readonly to: number;
  readonly concept: number;
  /** True if the word is only similar in spelling. */
  readonly isNear?: boolean;
}

/** Concepts with the terms that a text is read for. */
export interface Sought {
  readonly concepts: readonly Concept[];
  readonly grams: ReadonlySet<string>;
}

/** The concepts with the terms to look for in the texts of a page. */
export function soughtBy(concepts: readonly Concept[]): Sought {
  const required = concepts.filter(({ isRequired }) => isRequired);
  const terms = required.flatMap(phrasesOf).flatMap((phrase) => phrase.terms.map(({ term }) => term));
  return { concepts, grams: new Set(terms.flatMap((term) => (term.startsWith(gramMark) ? term.slice(1) : []))) };
}
const gramMark = termOf("gram", "");

/** The characters of a word are wherever the word is; a hashtag has its sign as well. */
const phrasesOf = ({ exact, within, word }: Concept): readonly Phrase[] => {
  if (!within) return [exact];
  return word.startsWith("#") ? [exact, within] : [within];
};

/** All of them, in the order of the text. */
export function occurrencesOf(text: string, { concepts, grams }: Sought): Occurrence[] {
  const tokens = analyse(text, grams);
  const byTerm = Map.groupBy(tokens, ({ kind, term }) => termOf(kind, term));
  return concepts
    .flatMap((concept, n) => tokensOf(concept, byTerm).map((occurrence) => ({ ...occurrence, concept: n })))
    .toSorted((a, b) => a.from - b.from || a.to - b.to);
}

type Stretch = Pick<Token, "from" | "to">;
type ByTerm = ReadonlyMap<string, readonly Token[]>;

function tokensOf(concept: Concept, byTerm: ByTerm): readonly Omit<Occurrence, "concept">[] {
  if (!concept.isRequired) return [];
  const whole = phrasesOf(concept).flatMap((phrase) => phrasesIn(phrase, byTerm));
  const compounds = concept.isSpaced ? compoundsIn(concept, byTerm) : [];
  const begun = concept.isOpen ? surfaces(byTerm, (word) => word.startsWith(concept.word)) : [];
  if (whole.length + compounds.length + begun.length > 0 || !concept.isSpaced)
    return [...whole, ...compounds, ...begun].map(({ from, to }) => ({ from, to }));
  return findMisspelled(concept.word, byTerm).map(({ from, to }) => ({ from, to, isNear: true }));
}

/** Two words that are the one of the query, and the one that two of the query are. */
function compoundsIn({ word, compounds = [] }: Concept, byTerm: ByTerm): readonly Stretch[] {
  const ends = new Map<string, readonly Token[]>();
  const stretches: Stretch[] = [];
  for (const [term, tokens] of byTerm) {
    if (!term.startsWith(surfaceMark)) continue;
    const text = term.slice(1);
    if (compounds.includes(text)) stretches.push(...tokens);
    else if (text !== word && word.endsWith(text)) ends.set(text, tokens);
  }
  for (const [end, tokens] of ends) {
    const begins = new Map(
      (byTerm.get(surfaceMark + word.slice(0, -end.length)) ?? []).map((token) => [token.position, token]),
    );
    for (const { position, to } of tokens) {
      const before = begins.get(position - 1);
      if (before) stretches.push({ from: before.from, to });
    }
  }
  return stretches;
}

function findMisspelled(word: string, byTerm: ByTerm): readonly Stretch[] {
  if (word.length < typoLettersMin) return [];
  const near = surfaces(byTerm, (other) => distance(word, other, 1) === 1);
  if (near.length > 0 || word.length < secondTypoLettersMin) return near;
  return surfaces(byTerm, (other) => other[0] === word[0] && distance(word, other, 2) === 2);
}

const surfaceMark = termOf("surface", "");
const surfaces = (byTerm: ByTerm, isMeant: (word: string) => boolean): readonly Token[] =>
  [...byTerm].flatMap(([term, tokens]) => (term.startsWith(surfaceMark) && isMeant(term.slice(1)) ? tokens : []));

function phrasesIn({ terms }: Phrase, byTerm: ByTerm): readonly Stretch[] {
  const [first, ...otherTerms] = terms.map(({ term, at }) => ({ at, tokens: byTerm.get(term) ?? [] }));
  if (!first) return [];
  const placed = otherTerms.map(({ at, tokens }) => ({
    at,
    byPosition: new Map(tokens.map((token) => [token.position, token])),
  }));
  return first.tokens.flatMap(({ from, to, position }) => {
    const nextTokens = placed.map(({ at, byPosition }) => byPosition.get(position - first.at + at));
    const ends = nextTokens.map((token) => token?.to ?? -1);
    return ends.includes(-1) ? [] : [{ from, to: Math.max(to, ...ends) }];
  });
}
