import type { Searchable } from "./index-store.ts";

const [k1, b] = [1.2, 0.75];

interface FieldStatistics {
  /** Documents with the field. */
  readonly documents: number;
  readonly terms: number;
}

/** BM25 as Lucene computes it, without the rounding of lengths. */
export class Scorer {
  readonly #index: Searchable;
  readonly #statistics = new Map<string, FieldStatistics>();

  constructor(index: Searchable) {
    this.#index = index;
  }

  term(field: string, term: string, boost: number): Map<number, number> {
    return this.phrase(field, [term], boost);
  }

  /** Terms directly behind each other. */
  phrase(field: string, terms: readonly string[], boost: number): Map<number, number> {
    const found = new Map<number, number>();
    if (terms.length === 0) return found;
    const idf = terms.reduce((sum, term) => sum + this.#idf(this.#count(field, term), this.#of(field).documents), 0);
    for (const [document, { texts }] of this.#index.documents.entries()) {
      const places = terms.map((term) => texts.get(field)?.get(term) ?? []);
      const frequency = (places[0] ?? []).filter((start) => places.every((own, n) => own.includes(start + n))).length;
      if (frequency === 0) continue;
      found.set(document, (boost * idf * frequency) / (frequency + this.#norm(document, [[field, 1]])));
    }
    return found;
  }

  /** A term as if all fields were one. */
  combined(
    fields: readonly (readonly [field: string, weight: number])[],
    term: string,
    boost: number,
  ): Map<number, number> {
    const found = new Map<number, number>();
    const count = Math.max(...fields.map(([field]) => this.#count(field, term)));
    const documents = Math.max(...fields.map(([field]) => this.#of(field).documents));
    const idf = this.#idf(count, documents);
    for (const [document, { texts }] of this.#index.documents.entries()) {
      const frequency = fields.reduce(
        (sum, [field, weight]) => sum + weight * (texts.get(field)?.get(term)?.length ?? 0),
        0,
      );
      if (frequency > 0) found.set(document, (boost * idf * frequency) / (frequency + this.#norm(document, fields)));
    }
    return found;
  }

  #norm(document: number, fields: readonly (readonly [field: string, weight: number])[]): number {
    if (fields.some(([field]) => this.#index.fields.get(field)?.hasNorms !== true)) return k1;
    const lengths = this.#index.documents[document]?.lengths;
    const length = fields.reduce((sum, [field, weight]) => sum + weight * (lengths?.get(field) ?? 0), 0);
    const terms = fields.reduce((sum, [field, weight]) => sum + weight * this.#of(field).terms, 0);
    const documents = Math.max(...fields.map(([field]) => this.#of(field).documents));
    return k1 * (1 - b + (b * length * documents) / Math.max(1, terms));
  }

  #idf(count: number, documents: number): number {
    return Math.log(1 + (documents - count + 0.5) / (count + 0.5));
  }

  #count(field: string, term: string): number {
    return this.#index.documents.filter(({ texts }) => texts.get(field)?.has(term)).length;
  }

  #of(field: string): FieldStatistics {
    const known = this.#statistics.get(field);
    if (known) return known;
    const lengths = this.#index.documents.map((one) => one.lengths.get(field) ?? 0).filter((length) => length > 0);
    const statistics = { documents: lengths.length, terms: lengths.reduce((sum, length) => sum + length, 0) };
    this.#statistics.set(field, statistics);
    return statistics;
  }
}
