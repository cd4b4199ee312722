import type { Host } from "#kernel";
import { deletedAmong } from "#policy/deleted-users";
import { searchPerformed } from "./contract.ts";
import type { Tables } from "./store.ts";
import * as wordStore from "./word-store.ts";

/** What was looked for is written down this much later, together with what others looked for meanwhile. */
const laterMs = 300;
/** More than that waits only where the database is down. */
const waitingMax = 10_000;

/**
 * Notes what people look for without making them wait: a search is a read, and its note is worth no fsync of its own. A
 * process that is killed loses the notes of the last moment, and nothing else.
 */
export class Performed {
  readonly #host: Pick<Host<Tables>, "db" | "emitAll" | "nextId" | "log">;
  #waiting: wordStore.Noted[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(host: Pick<Host<Tables>, "db" | "emitAll" | "nextId" | "log">) {
    this.#host = host;
  }

  note(noted: wordStore.Noted): void {
    if (this.#waiting.length >= waitingMax) return;
    this.#waiting.push(noted);
    this.#timer ??= setTimeout(() => void this.flush(), laterMs).unref();
  }

  /** Settles when everything that was noted until now is written, or could not be. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const noted = this.#waiting;
    this.#waiting = [];
    if (noted.length === 0) return;
    const { db, emitAll, nextId, log } = this.#host;
    const people = noted.flatMap(({ userId }) => userId ?? []);
    try {
      await db.tx(async (tx) => {
        const gone = await deletedAmong(tx, people);
        const kept = noted.filter(({ userId }) => userId === undefined || !gone.has(userId));
        await wordStore.count(tx, kept);
        await wordStore.remember(tx, kept);
        const facts = kept.map(({ userId, keyword, results, atMs }) => ({
          key: userId ?? nextId(),
          payload: { keyword, results, atMs, ...(userId !== undefined && { userId }) },
        }));
        await emitAll(tx, searchPerformed, facts);
      });
    } catch (err) {
      log.warn("what people looked for could not be noted", { err });
    }
  }
}
