import { analyse, type Token } from "../analysis/analyser.ts";
import { distance } from "../query/distance.ts";
import type { Concept, Phrase } from "../query/parser.ts";
import { secondTypoLettersMin, typoLettersMin } from "../query/spelling.ts";
import { termOf } from "../segment/terms.ts";

/** Where a concept of a query stands in a text. */
export interface Occurrence {
  readonly from: number;
  readonly to: number;
  readonly concept: number;
}

/** Concepts with the terms that a text is read for. */
export interface Sought {
  readonly concepts: readonly Concept[];
  readonly grams: ReadonlySet<string>;
}

/** What to look for in the texts of a page. */
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
    .flatMap((concept, n) => tokensOf(concept, byTerm).map(({ from, to }) => ({ from, to, concept: n })))
    .toSorted((a, b) => a.from - b.from || a.to - b.to);
}

type Stretch = Pick<Token, "from" | "to">;
type ByTerm = ReadonlyMap<string, readonly Token[]>;

function tokensOf(concept: Concept, byTerm: ByTerm): readonly Stretch[] {
  if (!concept.isRequired) return [];
  const whole = phrasesOf(concept).flatMap((phrase) => phrasesIn(phrase, byTerm));
  const begun = concept.isOpen ? surfaces(byTerm, (word) => word.startsWith(concept.word)) : [];
  if (whole.length + begun.length > 0 || !concept.isSpaced) return [...whole, ...begun];
  return misspelled(concept.word, byTerm);
}
function misspelled(word: string, byTerm: ByTerm): readonly Stretch[] {
  if (word.length < typoLettersMin) return [];
  const near = surfaces(byTerm, (other) => distance(word, other, 1) === 1);
  if (near.length > 0 || word.length < secondTypoLettersMin) return near;
  return surfaces(byTerm, (other) => other[0] === word[0] && distance(word, other, 2) === 2);
}

const surfaceMark = termOf("surface", "");
const surfaces = (byTerm: ByTerm, isMeant: (word: string) => boolean): readonly Token[] =>
  [...byTerm].flatMap(([term, tokens]) => (term.startsWith(surfaceMark) && isMeant(term.slice(1)) ? tokens : []));

function phrasesIn({ terms }: Phrase, byTerm: ByTerm): readonly Stretch[] {
  const [first, ...others] = terms.map(({ term, at }) => ({ at, tokens: byTerm.get(term) ?? [] }));
  if (!first) return [];
  const placed = others.map(({ at, tokens }) => ({
    at,
    byPosition: new Map(tokens.map((one) => [one.position, one])),
  }));
  return first.tokens.flatMap(({ from, to, position }) => {
    const rest = placed.map(({ at, byPosition }) => byPosition.get(position - first.at + at));
    const ends = rest.map((token) => token?.to ?? -1);
    return ends.includes(-1) ? [] : [{ from, to: Math.max(to, ...ends) }];
  });
}
