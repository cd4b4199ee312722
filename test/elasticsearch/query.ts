import { distance } from "#services/search/index/query/distance";
import { tokensOf } from "./fields.ts";
import type { Searchable } from "./index-store.ts";
import { functionScore } from "./function-score.ts";
import type { Evaluation, Matches } from "./matches.ts";
import { listOf, numberOf, objectOf, onlyEntry, Refusal, textOf } from "./refusal.ts";
import { Scorer } from "./scorer.ts";

/** Evaluates the parts of the query language that are used, by what is documented of them, and refuses all others. */
export class QueryEvaluation implements Evaluation {
  readonly index: Searchable;
  readonly #scorer: Scorer;

  constructor(index: Searchable) {
    this.index = index;
    this.#scorer = new Scorer(index);
  }

  of(query: unknown): Matches {
    const [name, body] = onlyEntry(query, "query");
    const kinds: Readonly<Record<string, (body: unknown) => Matches>> = {
      bool: (one) => this.#bool(one),
      term: (one) => this.#term(one),
      terms: (one) => this.#terms(one),
      range: (one) => this.#range(one),
      prefix: (one) => this.#prefix(one),
      fuzzy: (one) => this.#fuzzy(one),
      constant_score: (one) => this.#constantScore(one),
      combined_fields: (one) => this.#combinedFields(one),
      multi_match: (one) => this.#multiMatch(one),
      function_score: (one) => functionScore(one, this),
    };
    const evaluate = kinds[name];
    if (!evaluate) throw new Refusal(400, "parsing_exception", `unknown query [${name}]`);
    return evaluate(body);
  }

  values(document: number, field: string): readonly (number | string)[] {
    return this.index.documents[document]?.values.get(field) ?? [];
  }

  fieldOf(name: string, ...types: readonly string[]): string {
    const type = this.index.fields.get(name)?.type;
    // A field that is not mapped has no documents; a mistake of that kind must not pass here.
    if (!type || !types.includes(type)) throw new Refusal(400, "query_shard_exception", `no ${types.join()} [${name}]`);
    return name;
  }

  #bool(body: unknown): Matches {
    const { minimum_should_match: least, ...clauses } = objectOf(
      body,
      ["must", "filter", "should", "must_not", "minimum_should_match"],
      "bool",
    );
    const all = (name: string) =>
      clauses[name] === undefined ? [] : listOf(clauses[name], name).map((one) => this.of(one));
    const [must, filter, should, mustNot] = [all("must"), all("filter"), all("should"), all("must_not")];
    const needed =
      least === undefined ? (must.length + filter.length > 0 ? 0 : 1) : numberOf(least, "minimum_should_match");
    const found = new Map<number, number>();
    for (const document of this.index.documents.keys()) {
      if (![...must, ...filter].every((one) => one.has(document)) || mustNot.some((one) => one.has(document))) continue;
      const chosen = should.filter((one) => one.has(document));
      if (should.length > 0 && chosen.length < needed) continue;
      found.set(
        document,
        [...must, ...chosen].reduce((sum, one) => sum + (one.get(document) ?? 0), 0),
      );
    }
    return found;
  }

  #where(isFound: (document: number) => boolean, score = 1): Matches {
    return new Map([...this.index.documents.keys()].filter(isFound).map((document) => [document, score]));
  }

  #term(body: unknown): Matches {
    const [name, value] = onlyEntry(body, "term");
    const field = this.fieldOf(name, "long", "keyword", "text");
    if (this.index.fields.get(field)?.type === "text") return this.#scorer.term(field, textOf(value, name), 1);
    return this.#where((document) => this.values(document, field).includes(value as never));
  }

  #terms(body: unknown): Matches {
    const [name, values] = onlyEntry(body, "terms");
    const field = this.fieldOf(name, "long", "keyword");
    const list = listOf(values, name);
    if (list.length > 65_536) throw new Refusal(400, "illegal_argument_exception", "too many terms");
    const wanted = new Set(list);
    return this.#where((document) => this.values(document, field).some((one) => wanted.has(one)));
  }

  #range(body: unknown): Matches {
    const [name, bounds] = onlyEntry(body, "range");
    const field = this.fieldOf(name, "long");
    const { gte = Number.NEGATIVE_INFINITY, lte = Number.POSITIVE_INFINITY } = objectOf(
      bounds,
      ["gte", "lte"],
      "range",
    );
    const [from, to] = [numberOf(gte, "gte"), numberOf(lte, "lte")];
    return this.#where((document) =>
      this.values(document, field).some((one) => Number(one) >= from && Number(one) <= to),
    );
  }

  #prefix(body: unknown): Matches {
    const [name, options] = onlyEntry(body, "prefix");
    const { value } = objectOf(options, ["value"], "prefix");
    return this.#withTermLike(this.fieldOf(name, "text"), (term) => term.startsWith(textOf(value, "value")));
  }

  #fuzzy(body: unknown): Matches {
    const [name, options] = onlyEntry(body, "fuzzy");
    const keys = ["value", "fuzziness", "prefix_length", "max_expansions"];
    const { value, fuzziness, prefix_length: kept = 0, max_expansions: most = 50 } = objectOf(options, keys, "fuzzy");
    const edits = numberOf(fuzziness, "fuzziness");
    if (![0, 1, 2].includes(edits)) throw new Refusal(400, "illegal_argument_exception", `fuzziness [${edits}]`);
    const word = textOf(value, "value");
    const start = word.slice(0, numberOf(kept, "prefix_length"));
    const field = this.fieldOf(name, "text");
    // The nearest terms alone.
    const terms = new Set(this.index.documents.flatMap(({ texts }) => [...(texts.get(field)?.keys() ?? [])]));
    const expansions = [...terms]
      .filter((term) => term.startsWith(start))
      .map((term) => ({ term, far: distance(word, term, edits) }))
      .filter(({ far }) => far <= edits)
      .toSorted((a, b) => a.far - b.far)
      .slice(0, numberOf(most, "max_expansions"));
    const found = new Set(expansions.map(({ term }) => term));
    return this.#withTermLike(field, (term) => found.has(term));
  }

  #withTermLike(field: string, isLike: (term: string) => boolean): Matches {
    return this.#where((document) =>
      [...(this.index.documents[document]?.texts.get(field)?.keys() ?? [])].some(isLike),
    );
  }

  #constantScore(body: unknown): Matches {
    const { filter, boost = 1 } = objectOf(body, ["filter", "boost"], "constant_score");
    const score = numberOf(boost, "boost");
    return new Map([...this.of(filter).keys()].map((document) => [document, score]));
  }

  #combinedFields(body: unknown): Matches {
    const { query, fields, boost = 1 } = objectOf(body, ["query", "fields", "boost"], "combined_fields");
    const weighted = this.#weighted(fields);
    if (weighted.some(([, weight]) => weight < 1))
      throw new Refusal(400, "illegal_argument_exception", "[combined_fields] requires field boosts to be >= 1.0");
    const terms = tokensOf(textOf(query, "query"));
    const found = new Map<number, number>();
    for (const term of terms)
      for (const [document, score] of this.#scorer.combined(weighted, term, numberOf(boost, "boost")))
        found.set(document, (found.get(document) ?? 0) + score);
    return found;
  }

  /** A phrase in the best field. */
  #multiMatch(body: unknown): Matches {
    const { query, fields, type, boost = 1 } = objectOf(body, ["query", "fields", "type", "boost"], "multi_match");
    if (type !== "phrase") throw new Refusal(400, "parsing_exception", `[multi_match] type [${String(type)}]`);
    const terms = tokensOf(textOf(query, "query"));
    const found = new Map<number, number>();
    for (const [field, weight] of this.#weighted(fields))
      for (const [document, score] of this.#scorer.phrase(field, terms, weight * numberOf(boost, "boost")))
        found.set(document, Math.max(found.get(document) ?? 0, score));
    return found;
  }

  #weighted(fields: unknown): (readonly [field: string, weight: number])[] {
    return listOf(fields, "fields").map((one) => {
      const [name = "", weight = "1"] = textOf(one, "fields").split("^");
      return [this.fieldOf(name, "text"), Number(weight)] as const;
    });
  }
}
