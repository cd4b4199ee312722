import { setImmediate } from "node:timers/promises";
import { horizonOf, isContinued } from "#kernel/db/changes";
import { z } from "zod";
import { SearchUnavailable } from "../../contract.ts";
import { indexDocument } from "../../documents/index-document.ts";
import {
  changedBetween,
  changedSince,
  firstRow,
  type MemoryRow,
  rowsOf,
  visibleAfter,
} from "../../documents/memory-store.ts";
import { batchMax, rowBatches, rowsByKey, unitsAtOnce, unitsOf } from "../../documents/row-batches.ts";
import type { Db } from "../../store.ts";
import type { Elasticsearch } from "./client.ts";
import { type Generation, indicesOf, newestOf, type Position, positionKey } from "./generations.ts";
import { format, keyOf, newIndex, sourceOf } from "./index-schema.ts";

/** A request has at most 100 MB by default; smaller ones keep others waiting less. */
const bulkUnitsMax = 2_000_000;
const bulkMs = 60_000;

const BulkItem = z.object({
  status: z.int(),
  error: z.object({ type: z.string(), reason: z.string().nullish() }).optional(),
});
const BulkAnswer = z.object({ errors: z.boolean(), items: z.array(z.record(z.string(), BulkItem)) });
const Anything = z.unknown();

interface FeedParts {
  readonly db: Db;
  readonly elasticsearch: Elasticsearch;
  /** The alias that searches use; the names of its indices begin with it. */
  readonly alias: string;
  readonly now: () => number;
}

/**
 * Keeps an index in Elasticsearch up to date with `search.documents`. Versions are horizons, as in memory: an older one
 * changes nothing, whatever the order of requests. The index itself has the position, so that one which was restored,
 * emptied or removed is continued or filled from where it is. Another one is filled beside it where it cannot be continued.
 */
export class Feed {
  readonly #parts: FeedParts;

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  /** True if anything has to be sent. @throws SearchUnavailable */
  async isBehind(): Promise<boolean> {
    const { db, elasticsearch, alias } = this.#parts;
    const { position, isServed } = (await newestOf(elasticsearch, alias)) ?? {};
    const horizon = await horizonOf(db, "search.documents");
    if (!position || !isServed || position.after || !isContinued(position, horizon)) return true;
    return (await changedSince(db, position.endedTx, 1, horizon.endedTx)) > 0;
  }

  /** Brings it up to date. One process at a time does; a second one changes nothing for the worse. @throws SearchUnavailable */
  async follow(signal: AbortSignal): Promise<void> {
    const { db, elasticsearch, alias } = this.#parts;
    const horizon = await horizonOf(db, "search.documents");
    const newest = await newestOf(elasticsearch, alias);
    const isUsed = newest?.position && isContinued(newest.position, horizon);
    const { name, isServed } = isUsed ? newest : await this.#create();
    let position: Position = (isUsed && newest.position) || { ...horizon, after: firstRow };
    if (position.after) {
      const { endedTx, storage, after } = position;
      const all = rowBatches((from) => visibleAfter(db, from, batchMax), after);
      await this.#send(name, position, all, signal);
      position = { endedTx, storage };
      await this.#keep(name, position);
    }
    if (!isServed) await this.#serve(name);
    const range = { fromTx: position.endedTx, beforeTx: horizon.endedTx };
    if (range.fromTx >= range.beforeTx) return;
    const { endedTx, storage } = horizon;
    const keys = await changedBetween(db, range);
    const changed = rowsByKey(keys, (some) => rowsOf(db, some));
    await this.#send(name, { endedTx, storage }, changed, signal);
    await this.#keep(name, { endedTx, storage });
  }

  /** Names are in the order of time. */
  async #create(): Promise<Omit<Generation, "position">> {
    const { elasticsearch, alias, now } = this.#parts;
    const name = `${alias}-${format}-${String(now()).padStart(15, "0")}`;
    await elasticsearch.ask(Anything, { method: "PUT", path: `/${name}`, json: newIndex, timeoutMs: bulkMs });
    return { name, isServed: false };
  }

  /** Searches are answered from this index; all others are deleted. */
  async #serve(name: string): Promise<void> {
    const { elasticsearch, alias } = this.#parts;
    await elasticsearch.ask(Anything, { method: "POST", path: `/${name}/_refresh`, timeoutMs: bulkMs });
    const otherIndices = Object.keys(await indicesOf(elasticsearch, alias)).filter((index) => index !== name);
    const actions = [{ add: { index: name, alias } }, ...otherIndices.map((index) => ({ remove_index: { index } }))];
    await elasticsearch.ask(Anything, { method: "POST", path: "/_aliases", json: { actions }, timeoutMs: bulkMs });
  }

  /** Sends all rows, and says after each batch of a first filling how far it is. */
  async #send(
    index: string,
    { endedTx, storage, after }: Position,
    batches: AsyncIterable<readonly MemoryRow[]>,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const rows of batches) {
      let lines = "";
      let units = 0;
      for (const row of rows) {
        lines += linesOf(row, endedTx);
        units += unitsOf(row);
        if (units >= unitsAtOnce) {
          units = 0;
          await setImmediate();
        }
        if (lines.length < bulkUnitsMax) continue;
        signal.throwIfAborted();
        await this.#bulk(index, lines);
        lines = "";
      }
      signal.throwIfAborted();
      if (lines !== "") await this.#bulk(index, lines);
      const last = rows.at(-1);
      if (after && last) await this.#keep(index, { endedTx, storage, after: { kind: last.kind, id: last.id } });
    }
  }

  async #bulk(index: string, ndjson: string): Promise<void> {
    const request = { method: "POST", path: `/${index}/_bulk`, ndjson, timeoutMs: bulkMs } as const;
    const { errors, items } = (await this.#parts.elasticsearch.ask(BulkAnswer, request)) ?? {
      errors: false,
      items: [],
    };
    if (!errors) return;
    for (const { status, error } of items.flatMap((item) => Object.values(item))) {
      // A later version is there already.
      if (status === 409 || error === undefined) continue;
      const refusal = new Error(`Elasticsearch refused a document with ${status}: ${error.type}: ${error.reason}`);
      // Elasticsearch is overloaded, and takes the document later.
      throw status === 429 || status >= 500 ? SearchUnavailable({}, refusal) : refusal;
    }
  }

  async #keep(index: string, position: Position): Promise<void> {
    const path = `/${index}/_doc/${positionKey}`;
    await this.#parts.elasticsearch.ask(Anything, { method: "PUT", path, json: { position }, timeoutMs: bulkMs });
  }
}

/** The lines of a request to `_bulk`. */
function linesOf(row: MemoryRow, version: number): string {
  const action = { _id: keyOf(row), version, version_type: "external" };
  if (!row.isVisible) return `${JSON.stringify({ delete: action })}\n`;
  return `${JSON.stringify({ index: action })}\n${JSON.stringify(sourceOf(indexDocument(row, version)))}\n`;
}
