import { documentKind } from "../../documents/documents.ts";
import { type FieldName, fieldNames } from "../../index/document.ts";
import { defaultBoosts, followersWeight } from "../../index/query/boosts.ts";
import { letterSigns } from "../../index/analysis/analyser.ts";
import { isStopWord } from "../../index/analysis/english.ts";
import { type Concept, parse, parseName, type Phrase, withoutCompounds } from "../../index/query/parser.ts";
import type { Filter } from "../../index/query/query.ts";
import { secondTypoLettersMin, typoLettersMin } from "../../index/query/spelling.ts";
import { partingPhrase, wordPhrase } from "../../index/query/words.ts";
import { defaultScores } from "../../index/settings.ts";
import type { Boosting, KindQuery } from "../port.ts";
import { termsOf, textsOf } from "./index-schema.ts";

/** A clause of the query language. */
export type Clause = Readonly<Record<string, object>>;

const { weights, gramWeight, compoundWeight, prefixWeight, typoWeight } = defaultScores;
const prefixLettersMin = 2;
/** As many as in memory: each counts as a clause, of which a query has 1,024 at least. */
const typoWordsMax = 8;
const textNames: readonly FieldName[] = fieldNames.filter((name) => name !== "names");
/** Weights of `combined_fields` are 1 or more. */
const weightUnit = Math.min(...Object.values(weights));

/** A concept and the words that it may be written as, which follow each other. */
export interface WantedConcept extends Concept {
  readonly partings?: readonly (readonly string[])[];
}

/** The parsed text of a query. */
export interface Wanted {
  readonly concepts: readonly WantedConcept[];
  /** True where it may find more with its concepts parted. */
  readonly canPart: boolean;
  /** True if the query may find more with unfinished, misspelled or missing concepts. */
  readonly canWiden: boolean;
}

/** All documents without a text; undefined for a text that has nothing to search by. */
export function wantedBy({
  text,
  scope,
  isName = scope !== undefined,
  isExact = false,
}: Pick<KindQuery, "text" | "scope" | "isName" | "isExact">): Wanted | undefined {
  if (text === undefined) return { concepts: [], canPart: false, canWiden: false };
  const written = isName ? parseName(text) : parse(text);
  const concepts = isExact ? withoutCompounds(written) : written;
  const required = concepts.filter(({ isRequired }) => isRequired);
  if (required.length === 0) return undefined;
  const canWiden = !isName && !isExact && (required.length > 1 || required.some(({ isSpaced }) => isSpaced));
  return { concepts, canPart: !isName && !isExact, canWiden };
}

/** The documents with all concepts, or, `isWide`, with one of them, in a form like it. */
export function queryOf(
  { kind, scope, isName = scope !== undefined, filter, boost }: KindQuery,
  { concepts }: Wanted,
  isWide: boolean,
): Clause {
  const fields = isName ? fieldsOf(kind, ["names"]) : fieldsOf(kind);
  const [required, hints] = [true, false].map((isRequired) =>
    concepts
      .filter((concept) => concept.isRequired === isRequired)
      .map((concept) => conceptClause(concept, fields, isWide)),
  );
  const must = isWide ? [{ bool: { should: required, minimum_should_match: 1 } }] : required;
  const scopeFilter = scope === undefined ? [] : [{ term: { scope } }];
  const query = {
    bool: {
      filter: [{ term: { kind } }, ...scopeFilter, ...filtersOf(filter)],
      must_not: exceptionsOf(filter),
      must,
      should: hints,
    },
  };
  return boost ? applyBoost(query, boost) : query;
}

/** The videos among these that may have a concept in their captions. */
export const inCaptions = (videoIds: readonly number[], { concepts }: Wanted): Clause => {
  const fields = fieldsOf(documentKind.video, ["captions"]);
  const should = concepts.filter(({ isRequired }) => isRequired).map((concept) => conceptClause(concept, fields, true));
  return {
    bool: {
      filter: [
        { term: { kind: documentKind.video } },
        { terms: { id: videoIds } },
        { bool: { should, minimum_should_match: 1 } },
      ],
    },
  };
};

/** With their weights, as `video.words.title^6`. */
interface Fields {
  readonly words: readonly string[];
  readonly phrases: readonly string[];
  readonly surface: string;
}

/** The fields of texts, without names, where no others are given. */
export function fieldsOf(kind: KindQuery["kind"], names = textNames): Fields {
  const texts = textsOf(kind);
  const weighted = names.map((name) => `${name}^${weights[name] / weightUnit}`);
  return {
    words: weighted.map((name) => `${texts}.words.${name}`),
    phrases: weighted.map((name) => `${texts}.phrases.${name}`),
    surface: `${texts}.surface`,
  };
}

function conceptClause(concept: WantedConcept, fields: Fields, isWide: boolean): Clause {
  const { exact, within, compounds = [], partings = [], inNames, isRequired } = concept;
  if (!isRequired) return phraseClause(exact, fields, gramWeight);
  const should = inNames
    ? inNames.map(({ phrase, weight }) => nameClause(phrase, fields, weight))
    : [
        phraseClause(exact, fields, 1),
        ...(within ? [phraseClause(within, fields, gramWeight)] : []),
        ...compounds.map((word) => phraseClause(wordPhrase(word), fields, compoundWeight)),
        ...partings.map((words) => phraseClause(partingPhrase(concept, words), fields, compoundWeight)),
        ...alike(concept, fields.surface, isWide),
      ];
  return should.length === 1 && should[0] ? should[0] : { bool: { should, minimum_should_match: 1 } };
}

/** Scored as in one field (BM25F) where it is a word that counts. */
function phraseClause(phrase: Phrase, fields: Fields, boost: number): Clause {
  const query = termsOf(phrase);
  const [first] = phrase.terms;
  const isWord = phrase.terms.length === 1 && first !== undefined && isWordTerm(first.term);
  return isWord
    ? { combined_fields: { query, fields: fields.words, boost } }
    : { multi_match: { query, fields: fields.phrases, type: "phrase", boost } };
}

/** Terms of other kinds begin with a control character. */
const isWordTerm = (term: string): boolean => term >= " " && !term.startsWith("#") && !isStopWord(term);

function nameClause(phrase: Phrase, { words, phrases }: Fields, boost: number): Clause {
  const [first] = phrase.terms;
  // A mark and one character: pairs are among the words.
  const isSingle = phrase.terms.length === 1 && [...(first?.term ?? "")].length === 2;
  return { multi_match: { query: termsOf(phrase), fields: isSingle ? phrases : words, type: "phrase", boost } };
}

/**
 * Words that begin with the concept, and words of a similar spelling. They rank below all documents that have the
 * concept.
 */
function alike({ word, isSpaced, isOpen }: Concept, surface: string, isWide: boolean): Clause[] {
  const clauses: Clause[] = [];
  const add = (filter: Clause, boost: number) => clauses.push({ constant_score: { filter, boost } });
  if (!isSpaced) return clauses;
  if ((isOpen || isWide) && word.length >= prefixLettersMin)
    add({ prefix: { [surface]: { value: word } } }, prefixWeight);
  // One letter begins too many words.
  if (word.length < prefixLettersMin)
    for (const signs of letterSigns) add({ term: { [surface]: `${word}${signs}` } }, prefixWeight);
  // Another number is no typing error.
  if (!isWide || word.length < typoLettersMin || /\p{N}/u.test(word)) return clauses;
  const common = { value: word, max_expansions: typoWordsMax };
  add({ fuzzy: { [surface]: { ...common, fuzziness: 1 } } }, typoWeight);
  if (word.length >= secondTypoLettersMin)
    add({ fuzzy: { [surface]: { ...common, fuzziness: 2, prefix_length: 1 } } }, typoWeight / 2);
  return clauses;
}

const filtersOf = ({ ranges = {}, keywords = {}, only }: Filter = {}): Clause[] => [
  ...Object.entries(ranges).map(([name, { min, max }]) => ({
    range: { [`numbers.${name}`]: { ...(min !== undefined && { gte: min }), ...(max !== undefined && { lte: max }) } },
  })),
  ...Object.entries(keywords).map(([name, values]) => ({ terms: { [`keywords.${name}`]: values } })),
  ...(only ? [{ terms: { id: [...only] } }] : []),
];

const exceptionsOf = ({ except = {} }: Filter = {}): Clause[] =>
  Object.entries(except)
    .filter(([, values]) => values.size > 0)
    .map(([name, values]) => ({ terms: { [`numbers.${name}`]: [...values] } }));

/** As `index/query/boosts.ts` has it. */
function applyBoost(query: Clause, boost: Boosting): Clause {
  if (boost.by === "followers")
    return multiplyScore(query, [{ weight: 1 }, logOf("numbers.followers", followersWeight)]);
  const { playsWeight, halfLifeMs, freshnessFloor } = defaultBoosts;
  const byPlays = multiplyScore(query, [{ weight: 1 }, logOf("numbers.plays", playsWeight)]);
  const age = { "numbers.publishedAt": { origin: boost.nowMs, scale: halfLifeMs, decay: 0.5 } };
  return multiplyScore(byPlays, [{ weight: freshnessFloor }, { exp: age, weight: 1 - freshnessFloor }]);
}

/** A score times the sum of these. */
const multiplyScore = (query: Clause, functions: readonly object[]): Clause => ({
  function_score: { query, functions, score_mode: "sum", boost_mode: "multiply" },
});

const logOf = (field: string, weight: number) => ({
  field_value_factor: { field, modifier: "ln1p", missing: 0 },
  weight,
});
