import type { RingEntry } from "./frames.ts";

const entriesMax = 500;

/** The newest messages of a room, for clients that reconnect. */
export class RoomRing {
  #entries: RingEntry[] = [];
  /** It has all messages after this number. */
  #from = Number.POSITIVE_INFINITY;

  /** Begins anew, because messages before `from` are missing. */
  begin(from: number): void {
    this.#entries = [];
    this.#from = from;
  }

  add(entry: RingEntry): void {
    this.#entries.push(entry);
    // In steps, so that the list is not moved for each message.
    if (this.#entries.length < 2 * entriesMax) return;
    const dropped = this.#entries.splice(0, this.#entries.length - entriesMax);
    this.#from = dropped.at(-1)?.seq ?? this.#from;
  }

  delete(seq: number): void {
    this.#entries = this.#entries.filter((entry) => entry.seq !== seq);
  }

  /** The messages after a number; undefined where some of them are not here. */
  after(seq: number): readonly RingEntry[] | undefined {
    if (seq < this.#from) return undefined;
    // The wanted ones are the last: the search ends where they begin.
    let at = this.#entries.length;
    while (at > 0 && (this.#entries[at - 1]?.seq ?? 0) > seq) at--;
    return this.#entries.slice(at);
  }
}
