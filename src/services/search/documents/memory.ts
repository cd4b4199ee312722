import { setImmediate, setTimeout } from "node:timers/promises";
import type { Log } from "#kernel";
import { type CacheDeclaration, CachePolicy } from "#kernel/cache/policy";
import { type Horizon, horizonOf } from "#kernel/db/changes";
import { nameKey } from "#kernel/text";
import { SearchIndex } from "../index/search-index.ts";
import { hasHan, createPinyinKeys, type SecondKeys } from "../index/suggestions/second-keys.ts";
import type { Db } from "../store.ts";
import { BackgroundCompaction } from "./background-compaction.ts";
import { documentKind } from "./documents.ts";
import { indexDocument } from "./index-document.ts";
import { changedBetween, firstRow, firstUser, type MemoryRow, rowsOf, visibleAfter } from "./memory-store.ts";
import { Names } from "./names.ts";
import { batchMax, rowBatches, rowsByKey, unitsAtOnce, unitsOf } from "./row-batches.ts";

/** Contents older than `youngMs` are updated beside searches, those older than `oldMs` before a search uses them. */
const youngMs = 200;
const oldMs = 1_000;
/** An update that runs for longer, as after a change of 100,000 files, goes on beside searches. */
const waitMs = 2_000;
export const tagCountsCache: CacheDeclaration = {
  name: "search.tag_counts",
  what: "How many videos have a hashtag, where Elasticsearch has the documents.",
  ttlMs: 600_000,
};
const retryMs = 30_000;

/** An index with the horizon it was read at. */
export interface Restored {
  readonly index: SearchIndex;
  readonly horizon: Horizon;
}

interface MemoryParts {
  readonly db: Db;
  readonly log: Log;
  readonly now: () => number;
  /** The last snapshot of this table, where there is one. */
  readonly restore?: (horizon: Horizon) => Promise<Restored | undefined>;
  /** How many videos have a tag, where Elasticsearch has the documents: the memory has the names to suggest alone then. */
  readonly videosByTag?: (() => Promise<ReadonlyMap<string, number>>) | undefined;
  readonly countsPolicy?: CachePolicy | undefined;
}

/** The documents that a process holds. */
interface Contents {
  readonly index: SearchIndex;
  readonly users: Names;
  readonly hashtags: Names;
}

/**
 * The index of all public videos, users and hashtags, and of the files of each user, in the memory of each process. It
 * follows `search.documents` when a request needs it, so an idle process does nothing.
 */
export class SearchMemory {
  readonly #parts: MemoryParts;
  readonly #compaction: BackgroundCompaction;
  #contents: Contents;
  /** Loaded with the first name that has other keys. */
  #secondKeys: SecondKeys = () => [];
  #isPinyinLoaded = false;
  #horizon: Horizon | undefined;
  #updatedAtMs = Number.NEGATIVE_INFINITY;
  readonly #countsPolicy: CachePolicy;
  #videosByTag: ReadonlyMap<string, number> = new Map();
  #countedAtMs = Number.NEGATIVE_INFINITY;
  #update: Promise<void> | undefined;
  #updateBeganAtMs = 0;

  constructor(parts: MemoryParts) {
    this.#parts = parts;
    this.#countsPolicy = parts.countsPolicy ?? new CachePolicy(tagCountsCache);
    this.#countsPolicy.hold({
      entries: () => this.#videosByTag.size,
      clear: () => (this.#countedAtMs = Number.NEGATIVE_INFINITY),
    });
    this.#contents = this.#contentsOf(new SearchIndex());
    this.#compaction = new BackgroundCompaction({ log: parts.log, now: parts.now, index: () => this.index });
  }

  get index(): SearchIndex {
    return this.#contents.index;
  }
  /** Names to suggest. */
  get users(): Names {
    return this.#contents.users;
  }
  get hashtags(): Names {
    return this.#contents.hashtags;
  }
  /** How far the index followed the table; undefined before it was first filled, and where there is none. */
  get horizon(): Horizon | undefined {
    return this.#hasIndex ? this.#horizon : undefined;
  }
  get #hasIndex(): boolean {
    return this.#parts.videosByTag === undefined;
  }

  /**
   * Brings it up to date; settles once nothing in it is older than a second. While the database is away, and while an update
   * takes long, it is used as it is. @throws what the first filling throws
   */
  async refresh(): Promise<void> {
    const age = Math.abs(this.#parts.now() - this.#updatedAtMs);
    if (age < youngMs) return;
    const update = this.#startUpdate();
    if (this.#horizon && age < oldMs) {
      update.catch(() => undefined);
      return;
    }
    try {
      await (this.#horizon ? this.#waitForUpdate(update) : update);
    } catch (error) {
      if (!this.#horizon) throw error;
      this.#parts.log.warn("searches are answered from what was known before", { err: error });
    }
  }

  /** Ends what runs in the background. */
  stop(): Promise<void> {
    return this.#compaction.stop();
  }

  /** Starts an update, or joins the one that runs. */
  #startUpdate(): Promise<void> {
    if (this.#update) return this.#update;
    this.#updateBeganAtMs = performance.now();
    this.#update = this.#followTable().finally(() => (this.#update = undefined));
    return this.#update;
  }

  /** Waits for an update, at most until `waitMs` after it began. */
  async #waitForUpdate(update: Promise<void>): Promise<void> {
    const leftMs = this.#updateBeganAtMs + waitMs - performance.now();
    const ending = new AbortController();
    const end = setTimeout(Math.max(0, leftMs), undefined, { signal: ending.signal, ref: false });
    await Promise.race([update, end.catch(() => undefined)]).finally(() => ending.abort());
  }

  async #followTable(): Promise<void> {
    const { db, now } = this.#parts;
    const beganAtMs = now();
    void this.#countVideosByTag();
    const horizon = await horizonOf(db, "search.documents");
    if (this.#horizon?.storage === horizon.storage) await this.#catchUp(this.#contents, this.#horizon, horizon);
    else this.#contents = await this.#fillContents(horizon);
    this.#horizon = horizon;
    this.#updatedAtMs = beganAtMs;
    this.#compaction.start();
  }

  /** Counts in the background: names are suggested by the counts before, also where the search engine is away. */
  async #countVideosByTag(): Promise<void> {
    const { videosByTag, now, log } = this.#parts;
    if (!videosByTag) return;
    const isFresh = Math.abs(now() - this.#countedAtMs) < this.#countsPolicy.ttlMs;
    this.#countsPolicy.count(isFresh);
    if (isFresh) return;
    this.#countedAtMs = now();
    try {
      this.#videosByTag = await videosByTag();
      this.hashtags.weighAnew();
    } catch (err) {
      this.#countedAtMs = now() - this.#countsPolicy.ttlMs + retryMs;
      log.debug("hashtags are suggested by what was known of their videos", { err });
    }
  }

  #contentsOf(index: SearchIndex): Contents {
    const { now } = this.#parts;
    // A hashtag weighs as much as it has videos.
    const weightOf = (name: string) => 1 + this.#videosWith(index, nameKey(name));
    return { index, users: new Names({ now }), hashtags: new Names({ now, weightOf }) };
  }

  #videosWith(index: SearchIndex, tag: string): number {
    return this.#hasIndex ? index.countOf(documentKind.video, "tag", tag) : (this.#videosByTag.get(tag) ?? 0);
  }

  /** Fills new contents, from a snapshot or the table. Searches are answered from the contents before until it is done. */
  async #fillContents(horizon: Horizon): Promise<Contents> {
    const { db, restore } = this.#parts;
    const restored = this.#hasIndex ? await restore?.(horizon) : undefined;
    if (restored) {
      const contents = this.#contentsOf(restored.index);
      // Snapshots have no names.
      for await (const rows of rowBatches(
        (after) => visibleAfter(db, after, batchMax, documentKind.hashtag),
        firstUser,
      ))
        for (const row of rows) await this.#putName(contents, row);
      await this.#catchUp(contents, restored.horizon, horizon);
      return contents;
    }
    const contents = this.#contentsOf(new SearchIndex());
    // Names of files are not suggested.
    const lastKind = this.#hasIndex ? documentKind.live : documentKind.hashtag;
    const first = this.#hasIndex ? firstRow : firstUser;
    await this.#apply(
      contents,
      horizon,
      rowBatches((after) => visibleAfter(db, after, batchMax, lastKind), first),
    );
    return contents;
  }

  async #catchUp(contents: Contents, before: Horizon, horizon: Horizon): Promise<void> {
    const range = { fromTx: before.endedTx, beforeTx: horizon.endedTx };
    if (range.fromTx >= range.beforeTx) return;
    const { db } = this.#parts;
    const changed = await changedBetween(db, range);
    const keys = this.#hasIndex ? changed : changed.filter(({ kind }) => isNamed(kind));
    await this.#apply(
      contents,
      horizon,
      rowsByKey(keys, (some) => rowsOf(db, some)),
    );
  }

  /**
   * Versions in the index are horizons: a row is read as it is after all transactions before its horizon, and again for a
   * later one where it changed since.
   */
  async #apply(contents: Contents, { endedTx }: Horizon, batches: AsyncIterable<readonly MemoryRow[]>): Promise<void> {
    const { index } = contents;
    for await (const rows of batches) {
      let units = 0;
      for (const row of rows) {
        if (this.#hasIndex) {
          if (row.isVisible) index.put(indexDocument(row, endedTx));
          else index.remove(row, endedTx);
        }
        await this.#putName(contents, row);
        units += unitsOf(row);
        if (units < unitsAtOnce) continue;
        index.refresh();
        units = 0;
        await setImmediate();
      }
      index.refresh();
    }
  }

  async #putName({ users, hashtags }: Contents, row: MemoryRow): Promise<void> {
    const { kind, id, title: text, nickname, followers, isVisible } = row;
    if (!isNamed(kind)) return;
    const names = kind === documentKind.user ? users : hashtags;
    if (!isVisible) return names.remove(id);
    const isUser = kind === documentKind.user;
    if (!this.#isPinyinLoaded && hasHan(text + nickname)) {
      this.#secondKeys = await createPinyinKeys();
      this.#isPinyinLoaded = true;
    }
    names.put({ id, text, otherName: isUser ? nickname : text, weight: 1 + followers }, this.#secondKeys);
  }
}

/** Names of files are suggested to nobody. */
const isNamed = (kind: number): boolean => kind === documentKind.user || kind === documentKind.hashtag;
