import { getHeapStatistics } from "node:v8";
import type { Id } from "../contract.ts";
import { Gather, inOrderOf } from "./gather.ts";
import type { Db, Reader } from "./port.ts";

/** A version of a row. */
export interface Version {
  readonly id: Id;
  /** That of PostgreSQL: another one after every change, be it taken back later. */
  readonly stamp: string;
}

interface Reads<Tables, Row extends Version> {
  /** The versions there are now of these rows, at most one each. */
  versions(db: Reader<Tables>, ids: readonly Id[]): Promise<readonly Version[]>;
  /** These rows whole. */
  rows(db: Reader<Tables>, ids: readonly Id[]): Promise<readonly Row[]>;
}

/** How many rows of either age are a twentieth of what this process may use, each `bytes` with all that is made of it. */
export const rowsFor = (bytes: number): number => Math.floor(getHeapStatistics().heap_size_limit / 20 / 2 / bytes);

/**
 * Rows with many columns that are shown far more often than they change. Which versions there are is asked at every look, so
 * nobody is shown an old one; read are those alone that are not known. The same version is the same frozen object each time:
 * what is made of it may be kept with it.
 */
export class KeptRows<Tables, Row extends Version> {
  readonly #read: Reads<Tables, Row>;
  readonly #rowsMax: number;
  readonly #gathered: Gather<Tables, Id, Row>;
  /** What was looked at lately, and what was before; the latter goes when there is as much of the former. */
  #young = new Map<Id, Row>();
  #old = new Map<Id, Row>();

  /** @param rowsMax of either age. */
  constructor(db: Db<Tables>, read: Reads<Tables, Row>, rowsMax: number) {
    this.#read = read;
    this.#rowsMax = rowsMax;
    this.#gathered = new Gather(db, async (reader, ids: readonly Id[]) =>
      inOrderOf(ids, await this.byIds(reader, [...new Set(ids)]), ({ id }) => id),
    );
  }

  /** One row per id, in their order, looked up together with what others look up. */
  all(ids: readonly Id[]): Promise<(Row | undefined)[]> {
    return this.#gathered.all(ids);
  }

  /** The rows there are, in any order. */
  async byIds(db: Reader<Tables>, ids: readonly Id[]): Promise<Row[]> {
    const known: Id[] = [];
    const unknown: Id[] = [];
    for (const id of ids) (this.#last(id) ? known : unknown).push(id);
    const [versions, others] = await Promise.all([
      known.length === 0 ? [] : this.#read.versions(db, known),
      this.#readAndKeep(db, unknown),
    ]);
    const found: Row[] = [];
    const changed: Id[] = [];
    for (const version of versions) {
      const row = this.#known(version);
      if (row) found.push(row);
      else changed.push(version.id);
    }
    return [...found, ...others, ...(await this.#readAndKeep(db, changed))];
  }

  /**
   * For whoever was told the versions by a statement of their own: those rows that are kept, and of the others what there is
   * by now, in the order of the versions.
   */
  async ofVersions(versions: readonly Version[]): Promise<(Row | undefined)[]> {
    const kept = versions.map((version) => this.#known(version));
    const others = versions.filter((_, place) => !kept[place]).map(({ id }) => id);
    if (others.length === 0) return kept;
    const found = (await this.all(others)).values();
    return kept.map((row) => row ?? found.next().value);
  }

  #known({ id, stamp }: Version): Row | undefined {
    const row = this.#last(id);
    if (row?.stamp !== stamp) return undefined;
    if (!this.#young.has(id)) this.#keep(row);
    return row;
  }

  async #readAndKeep(db: Reader<Tables>, ids: readonly Id[]): Promise<readonly Row[]> {
    if (ids.length === 0) return [];
    const rows = await this.#read.rows(db, ids);
    for (const row of rows) this.#keep(Object.freeze(row));
    return rows;
  }

  #last(id: Id): Row | undefined {
    return this.#young.get(id) ?? this.#old.get(id);
  }

  #keep(row: Row): void {
    if (this.#young.size >= this.#rowsMax) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(row.id, row);
  }
}
