import { documentKind } from "../../documents/documents.ts";
import { fieldNames, type SearchDocument } from "../../index/document.ts";
import { analyse, isCounted, type Token } from "../../index/analysis/analyser.ts";
import { nameTokens } from "../../index/analysis/names.ts";
import { phraseOf } from "../../index/query/parser.ts";
import { termOf } from "../../index/segment/terms.ts";

/** Raised where documents or their analysis change: another index is filled then, and takes the place of the one before. */
export const format = 3;

/*
 * Texts are analysed as for the index in memory, and sent as terms with a space between: Elasticsearch splits them at these.
 * Each kind of documents has fields of its own, so that statistics and corrections are of that kind alone:
 *   words    the stems and words by which a text is scored, whose number is its length
 *   phrases  what phrases are made of, in its order, and behind it what is searched by itself alone
 *   surface  all words of a document as they are written, for beginnings and typing errors
 */

const keys = Object.fromEntries(Object.entries(documentKind).map(([name, kind]) => [kind, name]));
/** The field with the texts of a kind. */
export const textsOf = (kind: number): string => keys[kind] ?? `kind${kind}`;

const words = { type: "text", analyzer: "whitespace" } as const;
/** Texts with all that stands behind them have no length of their own. */
const phrases = { ...words, norms: false } as const;
const number = { type: "long" } as const;
const keyword = { type: "keyword" } as const;
const inFields = <T>(type: T) => ({ properties: Object.fromEntries(fieldNames.map((name) => [name, type])) });
const ofKind = { properties: { words: inFields(words), phrases: inFields(phrases), surface: phrases } };

/** The settings and mapping that an index is created with. */
export const newIndex = {
  // A worker that was suspended must not restore documents that were deleted in the meantime.
  settings: { index: { gc_deletes: "1h" } },
  mappings: {
    dynamic: "strict",
    // PostgreSQL has everything.
    _source: { includes: ["position"] },
    properties: {
      position: { type: "object", enabled: false },
      kind: number,
      id: number,
      scope: number,
      numbers: {
        properties: Object.fromEntries(
          ["ownerId", "publishedAt", "plays", "followers", "duration", "upright", "fileKind"].map((name) => [
            name,
            number,
          ]),
        ),
      },
      keywords: { properties: { tag: keyword, captions: keyword } },
      ...Object.fromEntries(Object.keys(documentKind).map((name) => [name, ofKind])),
    },
  },
} as const;

export const keyOf = ({ kind, id }: Pick<SearchDocument, "kind" | "id">): string => `${kind}-${id}`;

/** The source that is sent for a document. */
export function sourceOf({ kind, id, scope, fields, numbers = {}, keywords = {} }: SearchDocument): object {
  const analysed = fieldNames.flatMap((name) => {
    const text = fields[name];
    return text === undefined || text === "" ? [] : [{ name, ...(name === "names" ? ofNames(text) : ofText(text)) }];
  });
  return {
    kind,
    id,
    ...(scope !== undefined && { scope }),
    numbers,
    keywords,
    [textsOf(kind)]: {
      words: Object.fromEntries(analysed.map(({ name, words: terms }) => [name, terms])),
      phrases: Object.fromEntries(analysed.map(({ name, phrases: terms }) => [name, terms])),
      surface: [...new Set(analysed.flatMap(({ surface }) => surface))].join(" "),
    },
  };
}

interface Terms {
  readonly words: string;
  readonly phrases: readonly string[];
  readonly surface: readonly string[];
}

function ofText(text: string): Terms {
  const tokens = analyse(text);
  return {
    words: joinTerms(tokens.filter(isCounted)),
    phrases: [termsOf(phraseOf(tokens)), joinTerms(tokens.filter(isApart))],
    surface: tokens.flatMap(({ kind, term }) => (kind === "surface" ? [term] : [])),
  };
}

/** Hashtags, and the characters whose pairs are in phrases. */
const isApart = ({ kind, term, span }: Token): boolean => (kind === "gram" && span === 1) || term.startsWith("#");

/** Signs and characters of a script without spaces are in pairs, and by themselves. */
function ofNames(text: string): Terms {
  const { pairs = [], singles = [] } = Object.groupBy(nameTokens(text), ({ term }) =>
    [...term].length === 2 ? "pairs" : "singles",
  );
  const inOrder = (tokens: readonly { readonly term: string }[]) =>
    tokens.map(({ term }) => nameTerm(termOf("gram", term))).join(" ");
  return { words: inOrder(pairs), phrases: [inOrder(singles)], surface: [] };
}

/** A word that was cut may end in half a character, which is no UTF-8. */
const joinTerms = (tokens: readonly Pick<Token, "kind" | "term">[]): string =>
  tokens
    .map(({ kind, term }) => termOf(kind, term))
    .join(" ")
    .toWellFormed();

/** The space before and behind a word of a name, in a character that splits no terms. */
const nameTerm = (term: string): string => term.replaceAll(" ", "␣");

/** Terms of a phrase as they stand in a field. */
export const termsOf = ({ terms }: { readonly terms: readonly { readonly term: string }[] }): string =>
  terms.map(({ term }) => nameTerm(term)).join(" ");
