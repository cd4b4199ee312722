import { searchPerformed } from "#events/search";
import type { Host } from "#kernel";
import { idTimeMs } from "#kernel/ids/id";
import { deletedAmong } from "#policy/copies/deleted-users";
import type { SearchBackend } from "./backend/port.ts";
import { findsOwn } from "./results/found-own.ts";
import type { Tables } from "./store.ts";
import * as wordStore from "./word-store.ts";

/** A search is stored this much later, together with the searches of others meanwhile. */
const laterMs = 300;
/** More than that waits only where the database is down. */
const waitingMax = 10_000;

/** An account counts from this age on: new ones cost nothing. */
const accountAgeMs = 3 * 24 * 3_600_000;

/** True if a search may count for the trending ones: made by a visitor, or by an account of some age. */
const isOfSource = ({ userId, atMs, isDisplayable }: wordStore.PerformedSearch): boolean =>
  isDisplayable && (userId === undefined || idTimeMs(userId) <= atMs - accountAgeMs);

/**
 * Stores searches without making users wait: a search is a read, and its record is worth no fsync of its own. A
 * process that is killed loses the records of the last 300 ms, and nothing else.
 */
export class SearchLog {
  readonly #host: Pick<Host<Tables>, "db" | "emitAll" | "nextId" | "log">;
  readonly #backend: SearchBackend;
  #waiting: wordStore.PerformedSearch[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(host: Pick<Host<Tables>, "db" | "emitAll" | "nextId" | "log">, backend: SearchBackend) {
    this.#host = host;
    this.#backend = backend;
  }

  add(search: wordStore.PerformedSearch): void {
    if (this.#waiting.length >= waitingMax) return;
    this.#waiting.push(search);
    this.#timer ??= setTimeout(() => void this.flush(), laterMs).unref();
  }

  /** Settles when all searches so far are stored, or could not be. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const searches = this.#waiting;
    this.#waiting = [];
    if (searches.length === 0) return;
    const { db, emitAll, nextId, log } = this.#host;
    const counted = await this.#findCountable(searches);
    const userIds = searches.flatMap(({ userId }) => userId ?? []);
    try {
      await db.tx(async (tx) => {
        const deleted = await deletedAmong(tx, userIds);
        const stored = searches.filter(({ userId }) => userId === undefined || !deleted.has(userId));
        await wordStore.count(
          tx,
          stored.filter((search) => counted.has(search)),
        );
        await wordStore.remember(tx, stored);
        const facts = stored.map(({ userId, keyword, results, atMs }) => ({
          key: userId ?? nextId(),
          payload: { keyword, results, atMs, ...(userId !== undefined && { userId }) },
        }));
        await emitAll(tx, searchPerformed, facts);
      });
    } catch (err) {
      log.warn("searches could not be stored", { err });
    }
  }

  /**
   * The searches that count for the trending ones. Authors' searches for themselves do not count, nor do searches while
   * that cannot be checked.
   */
  async #findCountable(
    searches: readonly wordStore.PerformedSearch[],
  ): Promise<ReadonlySet<wordStore.PerformedSearch>> {
    const counted = new Set<wordStore.PerformedSearch>();
    for (const search of searches.filter(isOfSource)) {
      const isOwn =
        search.userId !== undefined && (await findsOwn(this.#backend, search.userId, search.key).catch(() => true));
      if (!isOwn) counted.add(search);
    }
    return counted;
  }
}
