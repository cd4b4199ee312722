import type { Effort } from "./effort.ts";
import { analyse, type Token } from "../analysis/analyser.ts";
import { type NameToken, nameWords } from "../analysis/names.ts";
import { isStopWord } from "../analysis/english.ts";
import { scopedTerm, termOf } from "../segment/terms.ts";

/** Terms that stand at fixed distances from each other. */
export interface Phrase {
  readonly terms: readonly { readonly term: string; readonly at: number }[];
}

/** One thing a query is about. */
export interface Concept {
  readonly kind: "word" | "phrase" | "hint";
  /** The folded word; empty for a phrase. */
  readonly word: string;
  /** A hint changes the order, and is not required. */
  readonly isRequired: boolean;
  /** A whole word or phrase. */
  readonly exact: Phrase;
  /** The characters of a word without spaces around it, wherever they stand together. */
  readonly within?: Phrase;
  /** The compounds of the word with the word before it and the word after it. */
  readonly compounds?: readonly string[];
  /** A word with spaces around it: it has beginnings and typing errors. */
  readonly isSpaced: boolean;
  /** The last word, directly before the end of the query. */
  readonly isOpen: boolean;
  /** The ways it stands in names. */
  readonly inNames?: readonly { readonly phrase: Phrase; readonly weight: number; readonly effort?: Effort }[];
}

/** Concepts of a query that finds words as they are written, neither joined nor parted. */
export const withoutCompounds = (concepts: readonly Concept[]): Concept[] =>
  concepts.map(({ compounds: _, ...concept }) => concept);

/** Units of a query that are read; more would narrow it no further. */
const queryUnitsMax = 1_000;
export const conceptsMax = 48;
/** Longer words are not written as one. */
export const compoundUnitsMax = 24;

/** How much more than anywhere in a name it is worth that a word of the query begins one, or is one. */
const nameWeights = { within: 0.1, start: 0.9, whole: 5 } as const;

/**
 * The number of places that a search of one scope reads, in some tenths of a second. One user may have a million names,
 * each with one letter 255 times. A word in more than about 150,000 names of a scope, or four words in more than
 * 25,000, are not found in all of them.
 */
const scopedPlacesMax = 3_000_000;

/** Words of a query for names; empty where there is nothing to search by. */
export const parseName = (query: string, scope?: number): Concept[] =>
  nameWords(query).map((word, _, words) => {
    const gramOf = (term: string) =>
      scope === undefined ? termOf("gram", term) : scopedTerm(scope, termOf("gram", term));
    const phrase = (tokens: readonly NameToken[]): Phrase => ({
      terms: tokens.map(({ term, position }) => ({ term: gramOf(term), at: position })),
    });
    const effort = () => ({ effort: { left: scopedPlacesMax / (3 * words.length) } });
    const ways = (["within", "start", "whole"] as const).filter((way) => word[way].length > 0);
    return {
      kind: "word",
      word: "",
      isRequired: true,
      exact: phrase(word.whole),
      isSpaced: false,
      isOpen: false,
      inNames: ways.map((way) => ({
        phrase: phrase(word[way]),
        weight: nameWeights[way],
        ...(scope !== undefined && effort()),
      })),
    };
  });

/** Words and phrases of a query; empty where there is nothing to search by. Pure. */
export function parse(query: string): Concept[] {
  const text = query.slice(0, queryUnitsMax);
  const quotes = [...text.matchAll(/["“”「」『』]/g)].map(({ index }) => index);
  const concepts: Concept[] = [];
  let from = 0;
  // A quote without its partner is a character like others.
  for (let n = 0; n + 1 < quotes.length && concepts.length < conceptsMax; n += 2) {
    const [open = 0, close = 0] = [quotes[n], quotes[n + 1]];
    concepts.push(...wordConcepts(analyse(text.slice(from, open)), false));
    const phrase = phraseOf(analyse(text.slice(open + 1, close)));
    if (phrase.terms.length > 0)
      concepts.push({ kind: "phrase", word: "", isRequired: true, exact: phrase, isSpaced: false, isOpen: false });
    from = close + 1;
  }
  const unquoted = text.slice(from);
  concepts.push(...wordConcepts(analyse(unquoted), /[\p{L}\p{N}\p{M}]$/u.test(unquoted)));
  return withoutStopWords(distinct(concepts)).slice(0, conceptsMax);
}

/** Stop words are left out beside other words. */
function withoutStopWords(concepts: readonly Concept[]): readonly Concept[] {
  const significant = concepts.filter(({ word }) => !isStopWord(word));
  return significant.some(({ isRequired }) => isRequired) ? significant : concepts;
}

function distinct(concepts: readonly Concept[]): readonly Concept[] {
  const byTerms = new Map<string, Concept>();
  for (const concept of concepts) {
    const key = `${concept.kind} ${concept.exact.terms.map(({ term, at }) => `${at}${term}`).join(" ")}`;
    // The last of equal words is the one that may be open.
    byTerms.set(key, concept);
  }
  return [...byTerms.values()];
}

/** Words and characters of a text in their order: whole words where there are spaces, pairs of characters elsewhere. */
export function phraseOf(tokens: readonly Token[]): Phrase {
  const first = tokens[0]?.position ?? 0;
  const [single, paired] = [new Set<number>(), new Set<number>()];
  for (const { kind, position, span } of tokens)
    if (kind === "gram" && span === 2) paired.add(position).add(position + 1);
    else if (kind === "gram") single.add(position);
  const terms = tokens.flatMap(({ kind, term, position, span }) => {
    const isIn = kind === "gram" ? span === 2 || !paired.has(position) : kind === "word" && !single.has(position);
    return isIn && !isHashtag(term) ? [{ term: termOf(kind, term), at: position - first }] : [];
  });
  return { terms };
}

const isHashtag = (term: string): boolean => term.startsWith("#");

function wordConcepts(tokens: readonly Token[], isLastOpen: boolean): Concept[] {
  const hashtags = tokens.filter(({ term }) => isHashtag(term));
  const inHashtag = new Set(
    hashtags
      .slice(0, conceptsMax)
      .flatMap(({ from, to }) => tokens.filter((token) => token.from > from && token.to <= to)),
  );
  const plainTokens = tokens.filter((token) => !isHashtag(token.term) && !inHashtag.has(token));
  return [
    ...hashtags.map((hashtag) => hashtagConcept(hashtag, [...inHashtag])),
    ...plainConcepts(plainTokens, isLastOpen),
    ...hintsOf(plainTokens),
  ];
}

/** The hashtag, or less: its words in their order. */
function hashtagConcept({ term, from, to }: Token, inHashtags: readonly Token[]): Concept {
  const words = phraseOf(inHashtags.filter((token) => token.from > from && token.to <= to));
  return {
    kind: "word",
    word: term,
    isRequired: true,
    exact: { terms: [{ term: termOf("word", term), at: 0 }] },
    ...(words.terms.length > 0 ? { within: words } : {}),
    isSpaced: false,
    isOpen: false,
  };
}

function plainConcepts(tokens: readonly Token[], isLastOpen: boolean): Concept[] {
  const grams = Map.groupBy(
    tokens.filter(({ kind }) => kind === "gram"),
    ({ position }) => position,
  );
  const surfaces = new Map(
    tokens.flatMap(({ kind, position, term }) => (kind === "surface" ? [[position, term]] : [])),
  );
  const last = tokens.at(-1);
  const compoundsAt = (position: number): string[] => {
    const [before, here, behind] = [-1, 0, 1].map((by) => surfaces.get(position + by) ?? "");
    const pairs = [before === "" ? "" : `${before}${here}`, behind === "" ? "" : `${here}${behind}`];
    return pairs.filter((word) => word !== "" && word.length <= compoundUnitsMax);
  };
  return tokens.flatMap(({ kind, term, position, span }): Concept[] => {
    if (kind !== "word") return [];
    const surface = surfaces.get(position);
    const within = surface === undefined ? gramsOf(grams, position, span) : undefined;
    return [
      {
        kind: "word",
        word: surface ?? term,
        isRequired: true,
        exact: { terms: [{ term: termOf("word", term), at: 0 }] },
        ...(within ? { within } : {}),
        ...(surface !== undefined && { compounds: compoundsAt(position) }),
        isSpaced: surface !== undefined,
        isOpen: isLastOpen && surface !== undefined && position === last?.position,
      },
    ];
  });
}

/** Pairs of characters that are no word of the query: whether they stand together says something of the order. */
function hintsOf(tokens: readonly Token[]): Concept[] {
  const words = new Set(
    tokens.flatMap(({ kind, position, span }) => (kind === "word" && span === 2 ? [position] : [])),
  );
  return tokens.flatMap(({ kind, term, position, span }): Concept[] =>
    kind === "gram" && span === 2 && !words.has(position)
      ? [
          {
            kind: "hint",
            word: term,
            isRequired: false,
            exact: { terms: [{ term: termOf("gram", term), at: 0 }] },
            isSpaced: false,
            isOpen: false,
          },
        ]
      : [],
  );
}

/** The pairs of a word's characters, or its only one. */
function gramsOf(grams: ReadonlyMap<number, readonly Token[]>, from: number, span: number): Phrase | undefined {
  const places = Array.from({ length: Math.max(1, span - 1) }, (_, n) => n);
  const terms = places.flatMap((at) => {
    const gram = grams.get(from + at)?.find((token) => token.span === Math.min(2, span));
    return gram ? [{ term: termOf("gram", gram.term), at }] : [];
  });
  return terms.length === places.length ? { terms } : undefined;
}
