import type { Log } from "#kernel";
import type { SearchIndex } from "../index/search-index.ts";
import { mergedInBackground } from "./background-merge.ts";

/** After a failure, which costs a merge of everything, the next attempt waits. */
const retryMs = 60_000;

interface CompactionParts {
  readonly log: Log;
  readonly now: () => number;
  /** The index that is in use. */
  readonly index: () => SearchIndex;
  readonly merge?: typeof mergedInBackground;
}

/** Merges large segments of the index on a thread, one merge at a time, while it is searched and changed. */
export class BackgroundCompaction {
  readonly #parts: CompactionParts;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #failedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: CompactionParts) {
    this.#parts = parts;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Merges in the background until nothing is left to be merged; does nothing while it runs. */
  start(): void {
    const isPaused = Math.abs(this.#parts.now() - this.#failedAtMs) < retryMs;
    if (this.#running || isPaused || this.#stopping.signal.aborted) return;
    this.#running = this.#run().finally(() => (this.#running = undefined));
  }

  /** Ends the thread; nothing is merged afterwards. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { log, now, index, merge = mergedInBackground } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const current = index();
      const pending = current.beginMerge();
      if (!pending) return;
      try {
        current.endMerge(pending, await merge(pending.segments, signal));
      } catch (err) {
        current.cancelMerge(pending);
        if (signal.aborted) return;
        this.#failedAtMs = now();
        log.warn("segments of the search index could not be merged", { err });
        return;
      }
    }
  }
}
