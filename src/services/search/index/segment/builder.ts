import type { SegmentArrays } from "./arrays.ts";
import { analyse, isCounted } from "../analysis/analyser.ts";
import { nameTokens } from "../analysis/names.ts";
import { fieldNames, scopeColumn, type SearchDocument } from "../document.ts";
import { ByteWriter } from "./byte-writer.ts";
import { Dictionary } from "./dictionary.ts";
import { fieldCount, Segment } from "./segment.ts";
import { hasPositions, keywordTerm, scopedTerm, termOf } from "./terms.ts";

/** Occurrences of terms in the order of documents, fields and positions: three numbers each. */
class Occurrences {
  readonly terms = new Map<string, number>();
  #numbers = new Int32Array(3 * 1_024);
  count = 0;

  /** @param place field · 2^24 + position */
  add(term: string, document: number, place: number): void {
    let number = this.terms.get(term);
    if (number === undefined) {
      number = this.terms.size;
      this.terms.set(term, number);
    }
    const at = 3 * this.count++;
    if (at + 3 > this.#numbers.length) {
      const grown = new Int32Array(2 * this.#numbers.length);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[at] = number;
    this.#numbers[at + 1] = document;
    this.#numbers[at + 2] = place;
  }

  /** By term, the order kept: `starts[n]` to `starts[n + 1]` are of term `n`. */
  byTerm(): { starts: Uint32Array; documents: Int32Array; places: Int32Array } {
    const starts = new Uint32Array(this.terms.size + 1);
    const numbers = this.#numbers;
    const end = 3 * this.count;
    for (let at = 0; at < end; at += 3) starts[(numbers[at] ?? 0) + 1] = (starts[(numbers[at] ?? 0) + 1] ?? 0) + 1;
    for (let n = 1; n < starts.length; n++) starts[n] = (starts[n] ?? 0) + (starts[n - 1] ?? 0);
    const next = starts.slice();
    const documents = new Int32Array(this.count);
    const places = new Int32Array(this.count);
    for (let at = 0; at < end; at += 3) {
      const term = numbers[at] ?? 0;
      const to = next[term] ?? 0;
      next[term] = to + 1;
      documents[to] = numbers[at + 1] ?? 0;
      places[to] = numbers[at + 2] ?? 0;
    }
    return { starts, documents, places };
  }
}

const placeOf = (field: number, position: number): number => field * 2 ** 24 + position;
const lengthMax = 65_535;

/** Builds a segment of documents, each key once. */
export function segmentOf(documents: readonly SearchDocument[]): Segment {
  const sorted = documents.toSorted((a, b) => a.kind - b.kind || a.id - b.id);
  const count = sorted.length;
  const occurrences = new Occurrences();
  const lengths = new Uint16Array(count * fieldCount);
  const columns = new Map<string, Float64Array>();
  for (const [n, document] of sorted.entries()) {
    for (const [field, name] of fieldNames.entries()) {
      const text = document.fields[name];
      if (text === undefined || text === "") continue;
      let length = 0;
      if (name === "names")
        for (const { term, position } of nameTokens(text)) {
          const gram = termOf("gram", term);
          const scopedGram = document.scope === undefined ? gram : scopedTerm(document.scope, gram);
          occurrences.add(scopedGram, n, placeOf(field, position));
          length++;
        }
      else
        for (const token of analyse(text)) {
          occurrences.add(termOf(token.kind, token.term), n, placeOf(field, token.position));
          if (isCounted(token)) length++;
        }
      lengths[field * count + n] = Math.min(length, lengthMax);
    }
    const scope = document.scope === undefined ? {} : { [scopeColumn]: document.scope };
    for (const [name, value] of Object.entries({ ...document.numbers, ...scope })) {
      const column = columns.get(name) ?? new Float64Array(count).fill(Number.NaN);
      columns.set(name, column);
      column[n] = value;
    }
    for (const [name, values] of Object.entries(document.keywords ?? {}))
      for (const value of new Set(values)) occurrences.add(keywordTerm(name, value), n, 0);
  }
  const numbered = {
    kinds: Uint8Array.from(sorted, ({ kind }) => kind),
    ids: Float64Array.from(sorted, ({ id }) => id),
    versions: Float64Array.from(sorted, ({ version }) => version),
  };
  return new Segment({ ...numbered, lengths, columns: sortedColumns(columns), ...postingsOf(occurrences) });
}

/** Columns in the order of their names: the same documents make the same bytes. */
export const sortedColumns = (columns: ReadonlyMap<string, Float64Array>): ReadonlyMap<string, Float64Array> =>
  new Map([...columns].toSorted(([a], [b]) => (a < b ? -1 : 1)));

type Postings = Pick<
  SegmentArrays,
  "dictionary" | "documentFrequencies" | "postings" | "postingStarts" | "positions" | "positionStarts"
>;

function postingsOf(occurrences: Occurrences): Postings {
  const { starts, documents, places } = occurrences.byTerm();
  // Without a comparison function strings are ordered by their UTF-16 units.
  const terms = [...occurrences.terms.keys()].toSorted();
  const writer = new PostingsWriter();
  for (const term of terms) {
    const number = occurrences.terms.get(term) ?? 0;
    const end = starts[number + 1] ?? 0;
    const isPlaced = hasPositions(term);
    for (let from = starts[number] ?? 0; from < end; ) {
      const document = documents[from] ?? 0;
      let to = from + 1;
      while (to < end && documents[to] === document) to++;
      writer.document(document);
      writeFields(writer, places, from, to, isPlaced);
      from = to;
    }
    writer.endTerm();
  }
  return { dictionary: Dictionary.of(terms), ...writer.take() };
}

/** The fields of one document and the positions in each. */
function writeFields(writer: PostingsWriter, places: Int32Array, from: number, to: number, isPlaced: boolean): void {
  for (let at = from; at < to; ) {
    const field = (places[at] ?? 0) >>> 24;
    let end = at + 1;
    while (end < to && (places[end] ?? 0) >>> 24 === field) end++;
    writer.field(field, end - at, end < to);
    let before = 0;
    for (; at < end; at++) {
      const position = (places[at] ?? 0) & 0xffffff;
      if (isPlaced) writer.positions.add(position - before);
      before = position;
    }
  }
}

/** Writes the postings of one term after the other. */
export class PostingsWriter {
  readonly postings = new ByteWriter();
  readonly positions = new ByteWriter();
  readonly #postingStarts = [0];
  readonly #positionStarts = [0];
  readonly #frequencies: number[] = [];
  /** Documents of the term so far. */
  #frequency = 0;
  #before = -1;

  document(document: number): void {
    this.postings.add(document - this.#before);
    this.#before = document;
    this.#frequency++;
  }

  field(field: number, frequency: number, isFollowed: boolean): void {
    this.postings.add((frequency - 1) * 32 + field * 2 + (isFollowed ? 1 : 0));
  }

  endTerm(): void {
    this.#frequencies.push(this.#frequency);
    this.#frequency = 0;
    this.#before = -1;
    this.#postingStarts.push(this.postings.length);
    this.#positionStarts.push(this.positions.length);
  }

  take() {
    return {
      documentFrequencies: Uint32Array.from(this.#frequencies),
      postingStarts: Uint32Array.from(this.#postingStarts),
      postings: this.postings.take(),
      positionStarts: Uint32Array.from(this.#positionStarts),
      positions: this.positions.take(),
    };
  }
}
