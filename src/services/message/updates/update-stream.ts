import type { Call, Handlers, Host, Id } from "#kernel";
import type { message } from "../contract.ts";
import type { Tables } from "../store.ts";
import * as store from "../store.ts";
import type { UpdateListeners } from "../update-listeners.ts";

/** The longest delay of an update that another process committed. */
const pollEveryMs = 500;

/** The stream of a user's update number, for the WebSocket. */
export interface UpdateStream {
  readonly handlers: Pick<Handlers<typeof message>, "follow">;
  readonly stop: () => void;
}

export function createUpdateStream(
  { db, log }: Pick<Host<Tables>, "db" | "log">,
  listeners: UpdateListeners,
): UpdateStream {
  const polling = new Poll({ db, log }, listeners);

  return {
    handlers: {
      async *follow({ userId }: { userId: Id }, { signal }: Call) {
        let wake: () => void = () => undefined;
        let isAwake = true;
        const rouse = () => {
          isAwake = true;
          wake();
        };
        const leave = listeners.add(userId, rouse);
        signal.addEventListener("abort", rouse, { once: true });
        polling.schedule();
        try {
          let last = -1;
          while (!signal.aborted) {
            if (!isAwake) await new Promise<void>((resolve) => (wake = resolve));
            isAwake = false;
            const seq = await store.seqOf(db, userId);
            if (seq !== last && !signal.aborted) yield { seq };
            last = seq;
          }
        } finally {
          leave();
          signal.removeEventListener("abort", rouse);
        }
      },
    },

    stop: () => polling.stop(),
  };
}

/** Looks for updates that other processes committed, as long as a user in this one listens. */
class Poll {
  readonly #host: Pick<Host<Tables>, "db" | "log">;
  readonly #listeners: UpdateListeners;
  /** The numbers of the listeners' inboxes when they were last read. */
  #lastSeqs: ReadonlyMap<Id, number> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(host: Pick<Host<Tables>, "db" | "log">, listeners: UpdateListeners) {
    this.#host = host;
    this.#listeners = listeners;
  }

  schedule(): void {
    if (this.#isStopped || this.#timer !== undefined || this.#listeners.userIds.length === 0) return;
    this.#timer = setTimeout(() => void this.#poll(), pollEveryMs).unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #poll(): Promise<void> {
    try {
      const seqs = await store.seqsOf(this.#host.db, this.#listeners.userIds);
      this.#listeners.notify([...seqs].filter(([id, seq]) => this.#lastSeqs.get(id) !== seq).map(([id]) => id));
      this.#lastSeqs = seqs;
    } catch (err) {
      this.#host.log.warn("updates of other processes could not be read", { err });
    }
    this.#timer = undefined;
    this.schedule();
  }
}
