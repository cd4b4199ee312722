import { type Fields, fieldsOf, type Parsed, parsed } from "./fields.ts";
import { type Json, objectOf, Refusal } from "./refusal.ts";

interface Stored extends Parsed {
  readonly id: string;
  readonly source: Json;
}

/** An index as searches see it. */
export interface Searchable {
  readonly fields: Fields;
  readonly documents: readonly Stored[];
  /** All documents until now: deleted ones stay until segments are merged. */
  readonly everIndexed: ReadonlyMap<string, ReadonlySet<string>>;
}

const refreshMs = 1_000;

/** One index: documents by id, versions of deleted ones, and what was refreshed last. */
export class IndexStore {
  readonly #fields: Fields;
  readonly #includes: readonly string[];
  readonly #documents = new Map<string, Stored>();
  readonly #versions = new Map<string, number>();
  readonly #everIndexed = new Map<string, Set<string>>();
  #searchable: readonly Stored[] = [];
  #refreshedAtMs = 0;

  /** @param body of the request that creates it */
  constructor(body: unknown) {
    const { settings, mappings } = objectOf(body, ["settings", "mappings"], "create index");
    const { index } = objectOf(settings ?? { index: {} }, ["index"], "settings");
    const { gc_deletes: kept } = objectOf(index, ["gc_deletes"], "index settings");
    if (kept !== undefined && !(typeof kept === "string" && /^\d+[smhd]$/.test(kept)))
      throw new Refusal(
        400,
        "illegal_argument_exception",
        `failed to parse setting [gc_deletes] with value [${JSON.stringify(kept)}]`,
      );
    const all = objectOf(mappings, undefined, "mappings");
    this.#fields = fieldsOf(all);
    const { includes } = objectOf(all["_source"] ?? { includes: ["*"] }, ["includes"], "_source");
    this.#includes = includes as readonly string[]; // Lists alone are used.
  }

  /** @throws Refusal where a version as high is known */
  index(id: string, source: Json, version?: number): { isNew: boolean } {
    const document = { id, source, ...parsed(source, this.#fields) };
    const isNew = !this.#documents.has(id);
    this.#take(id, version);
    this.#documents.set(id, document);
    for (const [field, terms] of document.texts) {
      const ever = this.#everIndexed.get(field) ?? new Set();
      this.#everIndexed.set(field, ever);
      for (const term of terms.keys()) ever.add(term);
    }
    return { isNew };
  }

  /** True if it was there; its version is known afterwards in any case. @throws Refusal as above */
  delete(id: string, version?: number): boolean {
    this.#take(id, version);
    return this.#documents.delete(id);
  }

  /** The stored part of its source; read without a refresh. */
  sourceOf(id: string): Json | undefined {
    const source = this.#documents.get(id)?.source;
    const isIncluded = (name: string) => this.#includes.includes("*") || this.#includes.includes(name);
    return source && Object.fromEntries(Object.entries(source).filter(([name]) => isIncluded(name)));
  }

  get size(): number {
    return this.#documents.size;
  }

  refresh(): void {
    this.#searchable = [...this.#documents.values()];
    this.#refreshedAtMs = performance.now();
  }

  /** As it was at the last refresh, which is made every second. */
  get searchable(): Searchable {
    if (performance.now() - this.#refreshedAtMs > refreshMs) this.refresh();
    return { fields: this.#fields, documents: this.#searchable, everIndexed: this.#everIndexed };
  }

  /** External versions only grow; without one the version grows by one. */
  #take(id: string, version: number | undefined): void {
    const current = this.#versions.get(id) ?? 0;
    if (version !== undefined && version <= current)
      throw new Refusal(
        409,
        "version_conflict_engine_exception",
        `[${id}]: version conflict, current version [${current}] is higher or equal to the one provided [${version}]`,
      );
    this.#versions.set(id, version ?? current + 1);
  }
}
