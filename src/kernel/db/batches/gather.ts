import { AsyncLocalStorage } from "node:async_hooks";
import type { Reader } from "../transaction.ts";
import { type Reading, strictest } from "../positions.ts";
import type { Db } from "../port.ts";

interface Waiting<Key, Row> {
  readonly keys: readonly Key[];
  readonly reading: Reading | undefined;
  /** The context of the statement; the first waiting caller gives it for all. */
  readonly within?: <R>(work: () => R) => R;
  readonly resolve: (rows: (Row | undefined)[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Sizes {
  /** Keys one statement asks for at most; what a single caller asks for is never parted. */
  readonly keysMax?: number;
  /** Statements under way at once. */
  readonly lanes?: number;
}

/**
 * One statement for what many callers look up at once: those of one turn of the loop ask together, and so do those who
 * come while others are under way. The key says everything the answer depends on, who asks included where it does, so that
 * no caller gets the answer of another; each answer is read after its question was asked. A replica answers where each
 * of the calls says that it may, and has replayed what any of them relies on.
 */
export class Gather<Tables, Key, Row> {
  readonly #db: Db<Tables>;
  readonly #read: (db: Reader<Tables>, keys: readonly Key[]) => Promise<readonly (Row | undefined)[]>;
  readonly #keysMax: number;
  readonly #lanes: number;
  // The loop serves many callers and belongs to none of them; a statement belongs to the first of those it serves.
  readonly #aside = AsyncLocalStorage.snapshot();
  #waiting: Waiting<Key, Row>[] = [];
  #underway = 0;

  /** @param read yields one answer per key, in their order. */
  constructor(
    db: Db<Tables>,
    read: (db: Reader<Tables>, keys: readonly Key[]) => Promise<readonly (Row | undefined)[]>,
    { keysMax = 500, lanes = 2 }: Sizes = {},
  ) {
    this.#db = db;
    this.#read = read;
    this.#keysMax = keysMax;
    this.#lanes = lanes;
  }

  /** One answer per key, in their order. */
  async all(keys: readonly Key[], reading?: Reading): Promise<(Row | undefined)[]> {
    if (keys.length === 0) return [];
    return new Promise((resolve, reject) => {
      const isFirst = this.#waiting.length === 0;
      this.#waiting.push({ keys, reading, resolve, reject, ...(isFirst && { within: AsyncLocalStorage.snapshot() }) });
      if (this.#underway < this.#lanes) {
        this.#underway++;
        this.#aside(() => setImmediate(() => void this.#run()));
      }
    });
  }

  async get(key: Key, reading?: Reading): Promise<Row | undefined> {
    const [row] = await this.all([key], reading);
    return row;
  }

  async #run(): Promise<void> {
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) await this.#answer(batch);
    this.#underway--;
  }

  #take(): Waiting<Key, Row>[] {
    let keys = 0;
    const batchLength = this.#waiting.findIndex((request, place) => {
      keys += request.keys.length;
      return place > 0 && keys > this.#keysMax;
    });
    return this.#waiting.splice(0, batchLength < 0 ? this.#waiting.length : batchLength);
  }

  async #answer(batch: readonly Waiting<Key, Row>[]): Promise<void> {
    try {
      const [first] = batch;
      if (!first) return;
      const keys = batch.length === 1 ? first.keys : batch.flatMap((request) => request.keys);
      const db = this.#db.hasReplicas ? this.#db.read(strictest(batch.map(({ reading }) => reading))) : this.#db;
      const look = () => this.#read(db, keys);
      const rows = await (first.within ? first.within(look) : look());
      let from = 0;
      for (const request of batch) request.resolve(rows.slice(from, (from += request.keys.length)));
    } catch (error) {
      for (const request of batch) request.reject(error);
    }
  }
}

/** Rows in the order of the keys that asked for them; undefined where there is none. */
export function inOrderOf<Key, Row>(
  keys: readonly Key[],
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): (Row | undefined)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => byKey.get(key));
}
