import { type FieldName, fieldNames, scopeColumn } from "../document.ts";
import { fieldCount, type Segment } from "../segment/segment.ts";

/** The figures that scores need beside the documents: sums over the live documents of some kinds. */
export interface Statistics {
  readonly documents: number;
  /** By field: counted words, mean over the documents that have any. */
  readonly meanLengths: readonly number[];
}

/**
 * Replaces the statistics of any scope, so that a query reveals nothing about documents of other scopes. A name has
 * about this many pairs.
 */
export const scopedStatistics: Statistics = { documents: 0, meanLengths: fieldNames.map(() => 20) };

interface Sums {
  documents: number;
  /** By field: counted words, and the documents that have any. */
  readonly words: Float64Array;
  readonly filled: Float64Array;
}

/** Sums by kind that follow documents as they come and go. They are whole numbers: their order makes no difference. */
export class StatisticsByKind {
  readonly #byKind = new Map<number, Sums>();

  /** Documents of a scope are in none: they would say something of themselves to others. */
  add(segment: Segment, document: number, sign: 1 | -1): void {
    const { kinds, lengths, columns } = segment.arrays;
    if (!Number.isNaN(columns.get(scopeColumn)?.[document] ?? Number.NaN)) return;
    const kind = kinds[document] ?? 0;
    const sums = this.#byKind.get(kind) ?? {
      documents: 0,
      words: new Float64Array(fieldCount),
      filled: new Float64Array(fieldCount),
    };
    this.#byKind.set(kind, sums);
    sums.documents += sign;
    for (let field = 0; field < fieldCount; field++) {
      const length = lengths[field * segment.size + document] ?? 0;
      sums.words[field] = (sums.words[field] ?? 0) + sign * length;
      sums.filled[field] = (sums.filled[field] ?? 0) + (length > 0 ? sign : 0);
    }
  }

  /** The number of live documents of a kind that have a text in a field. */
  countFilled(kind: number, field: FieldName): number {
    return this.#byKind.get(kind)?.filled[fieldNames.indexOf(field)] ?? 0;
  }

  /** @param kinds all of them where it is left out */
  of(kinds?: readonly number[]): Statistics {
    const sums = [...new Set(kinds ?? this.#byKind.keys())].flatMap((kind) => this.#byKind.get(kind) ?? []);
    const total = (countOf: (kindSums: Sums) => number) => sums.reduce((sum, kindSums) => sum + countOf(kindSums), 0);
    return {
      documents: total(({ documents }) => documents),
      meanLengths: fieldNames.map((_, field) => {
        const filled = total((kindSums) => kindSums.filled[field] ?? 0);
        return filled === 0 ? 1 : total(({ words }) => words[field] ?? 0) / filled;
      }),
    };
  }
}
