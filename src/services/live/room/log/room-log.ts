import type { Id, Log } from "#kernel";
import { LiveNotFound, type RoomBatch, type RoomLine } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import * as store from "./message-store.ts";

/** The topic of a room, on which its batches travel. */
export const topicOf = (liveId: Id): string => `live.room.${liveId}`;

/** A signal is sent once and not stored. */
export type Signal = Pick<RoomLine, "kind" | "userId" | "username" | "payload"> & {
  readonly toUserId?: Id | undefined;
};

interface Waiting {
  readonly entry: store.Entry;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: unknown) => void;
}
interface Numbered {
  readonly entry: store.Entry;
  readonly seq: number;
}
interface Room {
  entries: Waiting[];
  /** Committed by their own transactions. */
  committed: Numbered[];
  signals: RoomLine[];
  /** Likes since the last tick, and likes that the room's row does not have yet. */
  likes: number;
  unstoredLikes: number;
  /** The sum in the row when it was last stored. */
  storedLikes: number;
  storedMs: number;
  isTicking: boolean;
}

interface Parts extends Pick<LiveHost, "db" | "now"> {
  readonly log: Log;
  readonly tickMs: number;
  readonly publish: (topic: string, bytes: Uint8Array) => void;
}

const likesStoredEveryMs = 1_000;
/** Messages of one transaction, which is what a process that was stopped for a while brings. */
const entriesMax = 1_000;

/**
 * Collects the messages of each room for a tick, commits them with numbers of the room's sequence, and publishes them
 * as one batch. Callers are answered after the commit.
 */
export class RoomLog {
  readonly #parts: Parts;
  readonly #rooms = new Map<Id, Room>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Settles with the number of the message when it is durable. @throws LiveNotFound */
  append(liveId: Id, entry: Omit<store.Entry, "atMs">): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#room(liveId).entries.push({ entry: { ...entry, atMs: this.#parts.now() }, resolve, reject });
    });
  }

  /** Publishes a message that is committed with this number. */
  publishCommitted(liveId: Id, entry: store.Entry, seq: number): void {
    this.#room(liveId).committed.push({ entry, seq });
  }

  signal(liveId: Id, signal: Signal): void {
    const { toUserId, ...line } = signal;
    this.#room(liveId).signals.push({
      ...line,
      seq: 0,
      atMs: this.#parts.now(),
      ...(toUserId !== undefined && { toUserId }),
    });
  }

  like(liveId: Id, count: number): void {
    const room = this.#room(liveId);
    room.likes += count;
    room.unstoredLikes += count;
  }

  /** Commits and publishes what waits. */
  async stop(): Promise<void> {
    await Promise.all(
      [...this.#rooms].map(async ([liveId, room]) => {
        room.storedMs = Number.NEGATIVE_INFINITY;
        await this.#tick(liveId, room);
      }),
    );
  }

  /** A room that something comes to: its tick begins with that. */
  #room(liveId: Id): Room {
    const existing = this.#rooms.get(liveId);
    const room = existing ?? {
      entries: [],
      committed: [],
      signals: [],
      likes: 0,
      unstoredLikes: 0,
      storedLikes: 0,
      storedMs: Number.NEGATIVE_INFINITY,
      isTicking: false,
    };
    this.#rooms.set(liveId, room);
    if (!room.isTicking) {
      room.isTicking = true;
      this.#later(liveId, room);
    }
    return room;
  }

  #later(liveId: Id, room: Room): void {
    setTimeout(() => void this.#turn(liveId, room), this.#parts.tickMs);
  }

  async #turn(liveId: Id, room: Room): Promise<void> {
    await this.#tick(liveId, room);
    const isEmpty = room.entries.length === 0 && room.committed.length === 0 && room.signals.length === 0;
    const isIdle = isEmpty && room.unstoredLikes === 0;
    if (isIdle) this.#rooms.delete(liveId);
    else this.#later(liveId, room);
  }

  async #tick(liveId: Id, room: Room): Promise<void> {
    const waiting = room.entries.splice(0, entriesMax);
    const lines = room.signals;
    room.signals = [];
    const likes = await this.#likesOf(liveId, room);
    if (likes) lines.push(likes);
    const seq = waiting.length > 0 ? await this.#commit(liveId, waiting) : undefined;
    const first = (seq ?? 0) - waiting.length + 1;
    const numbered = room.committed.splice(0);
    if (seq !== undefined) numbered.push(...waiting.map(({ entry }, place) => ({ entry, seq: first + place })));
    const batches = batchesOf(numbered);
    const [earliest] = batches;
    if (earliest) earliest.lines.unshift(...lines);
    else if (lines.length > 0) batches.push({ from: 0, seq: 0, lines });
    for (const batch of batches) this.#publish(liveId, batch);
    if (seq !== undefined) for (const [place, { resolve }] of waiting.entries()) resolve(first + place);
  }

  async #commit(liveId: Id, waiting: readonly Waiting[]): Promise<number | undefined> {
    const { db } = this.#parts;
    try {
      const entries = waiting.map(({ entry }) => entry);
      const seq = await db.tx((tx) => store.append(tx, liveId, entries));
      if (seq === undefined) throw LiveNotFound({});
      return seq;
    } catch (error) {
      for (const { reject } of waiting) reject(error);
      return undefined;
    }
  }

  /** The likes of this tick as one line. They reach the row once a second. */
  async #likesOf(liveId: Id, room: Room): Promise<RoomLine | undefined> {
    const count = room.likes;
    room.likes = 0;
    const nowMs = performance.now();
    if (room.unstoredLikes > 0 && nowMs - room.storedMs >= likesStoredEveryMs) {
      const stored = room.unstoredLikes;
      room.storedMs = nowMs;
      try {
        room.storedLikes = (await store.addLikes(this.#parts.db, liveId, stored)) ?? 0;
        room.unstoredLikes -= stored;
      } catch (error) {
        this.#parts.log.warn("likes of a live room wait to be stored", { liveId, err: error });
      }
    }
    if (count === 0) return undefined;
    const payload = JSON.stringify({ count, total: room.storedLikes + room.unstoredLikes });
    return { seq: 0, kind: "like", userId: 0, username: "", payload, atMs: this.#parts.now() };
  }

  #publish(liveId: Id, batch: RoomBatch): void {
    this.#parts.publish(topicOf(liveId), Buffer.from(JSON.stringify(batch)));
  }
}

/** A batch for each run of numbers without a gap. Pure. */
function batchesOf(numbered: readonly Numbered[]): RoomBatch[] {
  const batches: RoomBatch[] = [];
  for (const { entry, seq } of numbered.toSorted((a, b) => a.seq - b.seq)) {
    const last = batches.at(-1);
    if (last?.seq === seq - 1) {
      last.lines.push(lineOf(entry, seq));
      last.seq = seq;
    } else batches.push({ from: seq - 1, seq, lines: [lineOf(entry, seq)] });
  }
  return batches;
}

const lineOf = ({ kind, userId, username, payload, atMs }: store.Entry, seq: number): RoomLine => ({
  seq,
  kind,
  userId: userId ?? 0,
  username,
  payload,
  atMs,
});

/** Rows as lines. */
export const linesOf = (rows: readonly store.MessageRow[]): RoomLine[] =>
  rows.map(({ seq, kind, userId, username, payload, atMs }) => ({
    seq,
    kind,
    userId: userId ?? 0,
    username,
    payload,
    atMs,
  }));
