import type { Host } from "#kernel";
import { idTimeMs } from "#kernel/ids/id";
import { deletedAmong } from "#policy/deleted-users";
import { searchPerformed } from "./contract.ts";
import type { Tables, Write } from "./store.ts";
import * as videoStore from "./video-store.ts";
import * as wordStore from "./word-store.ts";

/** A search is stored this much later, together with the searches of others meanwhile. */
const laterMs = 300;
/** More than that waits only where the database is down. */
const waitingMax = 10_000;

/** An account counts from this age on: new ones cost nothing. */
const accountAgeMs = 3 * 24 * 3_600_000;

/** The searches that trending ones are made of: of accounts of some age and of visitors, and none of an author for their own. */
async function trending(
  tx: Write,
  searches: readonly wordStore.PerformedSearch[],
): Promise<readonly wordStore.PerformedSearch[]> {
  const settled = searches.filter(
    ({ userId, atMs, isDisplayable }) =>
      isDisplayable && (userId === undefined || idTimeMs(userId) <= atMs - accountAgeMs),
  );
  const requests = settled.flatMap(({ userId, key }, place) => (userId === undefined ? [] : [{ place, userId, key }]));
  const own = await videoStore.ownAmong(tx, requests);
  return settled.filter((_, place) => !own.has(place));
}

/**
 * Stores searches without making users wait: a search is a read, and its record is worth no fsync of its own. A
 * process that is killed loses the records of the last 300 ms, and nothing else.
 */
export class SearchLog {
  readonly #host: Pick<Host<Tables>, "db" | "emitAll" | "nextId" | "log">;
  #waiting: wordStore.PerformedSearch[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(host: Pick<Host<Tables>, "db" | "emitAll" | "nextId" | "log">) {
    this.#host = host;
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
    const userIds = searches.flatMap(({ userId }) => userId ?? []);
    try {
      await db.tx(async (tx) => {
        const deleted = await deletedAmong(tx, userIds);
        const stored = searches.filter(({ userId }) => userId === undefined || !deleted.has(userId));
        await wordStore.count(tx, await trending(tx, stored));
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
}
