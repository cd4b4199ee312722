import type { Id } from "../contract.ts";
import { joined } from "./join.ts";
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

/**
 * Rows with many columns that are shown far more often than they change. Which versions there are is asked at every look, so
 * nobody is shown an old one; read are those alone that are not known. The same version is the same frozen object each time:
 * what is made of it may be kept with it.
 */
export class KeptRows<Tables, Row extends Version> {
  readonly #db: Db<Tables>;
  readonly #read: Reads<Tables, Row>;
  readonly #rowsMax: number;
  readonly #rows = new Map<Id, Row>();

  constructor(db: Db<Tables>, read: Reads<Tables, Row>, rowsMax = 10_000) {
    this.#db = db;
    this.#read = read;
    this.#rowsMax = rowsMax;
  }

  /** The rows there are, in any order. Those of a whole transaction are read in it, and nobody else sees them. */
  async byIds(db: Reader<Tables>, ids: readonly Id[]): Promise<Row[]> {
    if (joined(this.#db)) return [...(await this.#read.rows(db, ids))];
    const known = ids.filter((id) => this.#rows.has(id));
    const [versions, others] = await Promise.all([
      known.length === 0 ? [] : this.#read.versions(db, known),
      this.#readAndKeep(db, known.length === 0 ? ids : ids.filter((id) => !this.#rows.has(id))),
    ]);
    const found: Row[] = [];
    const changed: Id[] = [];
    for (const { id, stamp } of versions) {
      const row = this.#rows.get(id);
      if (row?.stamp === stamp) found.push(row);
      else changed.push(id);
    }
    return [...found, ...others, ...(await this.#readAndKeep(db, changed))];
  }

  async #readAndKeep(db: Reader<Tables>, ids: readonly Id[]): Promise<readonly Row[]> {
    if (ids.length === 0) return [];
    const rows = await this.#read.rows(db, ids);
    if (this.#rows.size + rows.length > this.#rowsMax) this.#rows.clear();
    for (const row of rows) this.#rows.set(row.id, Object.freeze(row));
    return rows;
  }
}
