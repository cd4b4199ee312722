import type { Db as Database, Fanout, Id, Log } from "#kernel";
import { RoomBatch } from "../../contract.ts";
import type { Tables } from "../../store.ts";
import * as store from "./message-store.ts";
import { linesOf, topicOf } from "./room-log.ts";

/** Messages that are read from the database together; who is further behind gets the newest. */
export const batchMax = 500;
/** Batches that a follower may leave waiting. */
const waitingMax = 1_000;
const pollMs = 2_000;

interface Parts {
  readonly db: Database<Tables>;
  readonly fanout: Fanout;
  readonly log: Log;
}
interface Follower {
  waiting: RoomBatch[];
  wake: () => void;
  /** It was too slow: what it missed is read from the database. */
  isBehind: boolean;
}

/** The messages of one room from all processes, in the order of its sequence and without a gap. */
class RoomFeed {
  readonly #id: Id;
  readonly #parts: Parts;
  readonly #followers = new Set<Follower>();
  readonly #end: () => void;
  #last = 0;
  #isOver = false;
  /** Reads missing messages, one read after the other. */
  #reading: Promise<void> | undefined;
  #wanted = 0;
  readonly ready: Promise<void>;

  constructor(id: Id, parts: Parts) {
    this.#id = id;
    this.#parts = parts;
    this.#end = parts.fanout.subscribe(topicOf(id), (bytes) => this.#receive(bytes));
    this.ready = store.seqsOf(parts.db, [id]).then((seqs) => {
      this.#last = Math.max(this.#last, seqs.get(id) ?? 0);
    });
  }

  get last(): number {
    return this.#last;
  }

  add(): Follower {
    const follower: Follower = { waiting: [], wake: () => undefined, isBehind: false };
    this.#followers.add(follower);
    return follower;
  }

  /** True when it was the last one. */
  remove(follower: Follower): boolean {
    this.#followers.delete(follower);
    return this.#followers.size === 0;
  }

  close(): void {
    this.#isOver = true;
    this.#end();
    for (const { wake } of this.#followers) wake();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The sequence is this far: what has not come to this process is read. */
  reach(seq: number): void {
    this.#wanted = Math.max(this.#wanted, seq);
    if (this.#wanted <= this.#last || this.#reading) return;
    this.#reading = this.#read().finally(() => (this.#reading = undefined));
  }

  #receive(bytes: Uint8Array): void {
    const batch = RoomBatch.parse(JSON.parse(Buffer.from(bytes).toString()));
    const { from, seq, lines } = batch;
    if (seq > 0 && from === this.#last) {
      this.#last = seq;
      this.#pass(batch);
      return;
    }
    const passing = lines.filter((line) => line.seq === 0);
    if (passing.length > 0) this.#pass({ from: this.#last, seq: this.#last, lines: passing });
    if (seq > this.#last) this.reach(seq);
  }

  async #read(): Promise<void> {
    const { db, log } = this.#parts;
    try {
      while (this.#last < this.#wanted && !this.#isOver) {
        const after = this.#last;
        const seq = (await store.seqsOf(db, [this.#id])).get(this.#id) ?? 0;
        const rows = await store.between(db, this.#id, after, seq, batchMax);
        // Meanwhile the next batch in order may have come.
        if (this.#last !== after) continue;
        this.#last = Math.max(seq, after);
        const from = rows.length === batchMax ? (rows[0]?.seq ?? 1) - 1 : after;
        this.#pass({ from, seq: this.#last, lines: linesOf(rows) });
        if (seq < this.#wanted) break;
      }
    } catch (error) {
      log.debug("missed messages of a live room could not be read", { liveId: this.#id, err: error });
    }
  }

  #pass(batch: RoomBatch): void {
    for (const follower of this.#followers) {
      if (follower.waiting.length >= waitingMax) {
        follower.waiting = [];
        follower.isBehind = true;
      } else if (!follower.isBehind) follower.waiting.push(batch);
      follower.wake();
    }
  }
}

/** The rooms that gateways follow through this process. */
export class RoomFeeds {
  readonly #parts: Parts;
  readonly #open = new Map<Id, RoomFeed>();
  readonly #timer: NodeJS.Timeout;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#timer = setInterval(() => void this.#poll(), pollMs).unref();
  }

  /** Batches from a number on: each begins where the one before has ended, save where too many were missed. */
  async *follow(id: Id, after: number | undefined, signal: AbortSignal): AsyncGenerator<RoomBatch, void, undefined> {
    const feed = this.#open.get(id) ?? new RoomFeed(id, this.#parts);
    this.#open.set(id, feed);
    const follower = feed.add();
    const stop = () => follower.wake();
    signal.addEventListener("abort", stop);
    try {
      await feed.ready;
      const first = await this.after(id, after ?? feed.last);
      let last = first.seq;
      yield first;
      while (!signal.aborted && !feed.isOver) {
        const batch = follower.waiting.shift();
        if (follower.isBehind) {
          follower.isBehind = false;
          follower.waiting = [];
          const missed = await this.after(id, last);
          last = missed.seq;
          yield missed;
        } else if (batch === undefined) await new Promise<void>((resolve) => (follower.wake = resolve));
        else if (batch.seq > last || batch.lines.some(({ seq }) => seq === 0)) {
          const lines = batch.lines.filter(({ seq }) => seq === 0 || seq > last);
          const from = Math.max(batch.from, last);
          last = Math.max(last, batch.seq);
          yield { from, seq: last, lines };
        }
      }
    } finally {
      signal.removeEventListener("abort", stop);
      if (feed.remove(follower) && this.#open.get(id) === feed) {
        feed.close();
        this.#open.delete(id);
      }
    }
  }

  /** The messages after a number; the newest of them where they are too many. */
  async after(id: Id, after: number): Promise<RoomBatch> {
    const { db } = this.#parts;
    const seq = (await store.seqsOf(db, [id])).get(id) ?? 0;
    const rows = seq > after ? await store.between(db, id, after, seq, batchMax) : [];
    const isWhole = rows.length < batchMax;
    return { from: isWhole ? Math.min(after, seq) : (rows[0]?.seq ?? 1) - 1, seq, lines: linesOf(rows) };
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const feed of this.#open.values()) feed.close();
    this.#open.clear();
  }

  /** Finds messages that no process announced. */
  async #poll(): Promise<void> {
    if (this.#open.size === 0) return;
    try {
      for (const [id, seq] of await store.seqsOf(this.#parts.db, [...this.#open.keys()]))
        this.#open.get(id)?.reach(seq);
    } catch (error) {
      this.#parts.log.debug("the sequences of live rooms could not be read", { err: error });
    }
  }
}
