import { type Id, KinoraError, type Log, newCall } from "#kernel";
import { auth } from "#services/auth/contract";
import { live, type RoomBatch } from "#services/live/contract";
import type { ClientOf } from "../../client-of.ts";
import { BatchPace } from "./batch-pace.ts";
import { commonOf, entryOf, Frames, frameOf, type RingEntry } from "./frames.ts";
import { closes, type Identity, type Member } from "./member.ts";
import { PersonBudgets } from "./person-budgets.ts";
import { RoomRing } from "./newest-messages.ts";

/** The longest life of a subscription, and the pause before a broken one is begun again. */
const subscriptionMsMax = 24 * 3_600_000;
const retryMs = 250;
/** Slow members are checked, and likes sent to the service, at this interval. */
const intervalMs = 250;
/** Missed messages are sent in slices of this size, and no further slice to a member whose buffer is full. */
const entriesPerSliceMax = 50;
/** The most ids of users or sessions in one call of a service. */
const idsPerCallMax = 1_000;
/** Likes of one person: what fingers do in some seconds, then as fast as they tap. */
const likes = { burst: 50, perSecond: 10 };
/** Bytes of offers, answers and candidates of one person: two descriptions of a call with their candidates. */
const signals = { burst: 64 * 1024, perSecond: 1_024 };
/** Above this many viewers a room gets sums alone, and no names of who comes and goes. */
export const namedViewersMax = 200;

export interface HubParts {
  readonly id: Id;
  readonly client: ClientOf;
  readonly log: Log;
  /** How often it is asked whether viewers may stay; a refused one is gone this much later at most. */
  readonly checkMs: number;
}

interface Missed {
  readonly entries: readonly RingEntry[];
  readonly seq: number;
}

/** One room as this process serves it: one subscription, however many connections there are. */
export class RoomHub {
  readonly members = new Set<Member>();
  /** Members that miss messages. One that has caught up, or has left, is removed by the next check. */
  readonly #behind = new Set<Member>();
  readonly #parts: HubParts;
  readonly #end = new AbortController();
  readonly #ring = new RoomRing();
  readonly #pace = new BatchPace({
    viewers: () => this.members.size,
    deliver: (batch) => this.#receiveBatch(batch),
  });
  readonly #timers: NodeJS.Timeout[];
  readonly #likeBudgets = new PersonBudgets(likes);
  readonly #signalBudgets = new PersonBudgets(signals);
  readonly #begun = Promise.withResolvers<void>();
  #seq: number | undefined;
  #onlineCount = 0;
  #isOver = false;
  #isChecking = false;
  #likes = 0;

  constructor(parts: HubParts) {
    this.#parts = parts;
    this.#timers = [
      setInterval(() => this.#checkSlowMembers(), intervalMs).unref(),
      setInterval(() => void this.checkMembers(), parts.checkMs).unref(),
      setInterval(() => this.#sendLikes(), intervalMs).unref(),
    ];
    void this.#followRoom();
  }

  /** The last number of the room's sequence that is known here. */
  get seq(): number {
    return this.#seq ?? 0;
  }
  get onlineCount(): number {
    return this.#onlineCount;
  }

  /** Settles when the place of the room's sequence is known; false where it was not in time. */
  async hasBegun(patienceMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patienceMs).unref();
    await Promise.race([this.#begun.promise, promise]);
    clearTimeout(timer);
    return this.#seq !== undefined;
  }

  /** A connection that begins after a number, or now. */
  add(member: Member, after: number | undefined): void {
    this.members.add(member);
    member.seq = after ?? this.seq;
    if (member.seq !== this.seq) this.#startCatchUp(member);
  }

  /** The number of viewers of all gateways, as the service counted them last. */
  setOnlineCount(onlineCount: number): void {
    this.#onlineCount = onlineCount;
  }

  /** Sends one thing to one connection, as it is. */
  sendTo(member: Member, kind: string, payload: object): void {
    const line = { kind, userId: 0, username: "", payload: JSON.stringify(payload), atMs: Date.now() };
    this.#sendFrames(member, new Frames([{ seq: 0, kind, frame: frameOf(this.#parts.id, line) }], member.seq));
  }

  addLikes({ person }: Identity, count: number): void {
    this.#likes += this.#likeBudgets.spend(person, count);
  }

  /** True if a person may have this many bytes relayed now. */
  maySignal({ person }: Identity, bytes: number): boolean {
    return bytes <= signals.burst && this.#signalBudgets.spend(person, bytes) === bytes;
  }

  close(): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#pace.stop();
    this.#end.abort();
    this.#begun.resolve();
  }

  async #followRoom(): Promise<void> {
    const { client, id, log } = this.#parts;
    const { signal } = this.#end;
    while (!signal.aborted) {
      try {
        this.#pace.flush();
        const after = this.#seq === undefined ? {} : { after: this.#seq };
        for await (const batch of client(live).room({ id, ...after }, newCall({ waitMs: subscriptionMsMax, signal })))
          this.#pace.add(batch);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof KinoraError)) throw error;
        log.debug("the subscription of a live room broke", { liveId: id, err: error });
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs).unref());
    }
  }

  #receiveBatch(batch: RoomBatch): void {
    const { id } = this.#parts;
    const isFirst = this.#seq === undefined;
    const before = this.#seq ?? batch.from;
    this.#seq = Math.max(before, batch.seq);
    if (isFirst || batch.from > before) this.#ring.begin(batch.from);
    this.#begun.resolve();
    for (const { kind, payload } of batch.lines) this.#applyLine(kind, payload);
    const common = commonOf(id, batch).filter(({ seq }) => seq === 0 || seq > before);
    for (const entry of common) if (entry.seq > 0) this.#ring.add(entry);
    if (common.length > 0) this.#sendToAll(common, batch.from > before && !isFirst);
    for (const line of batch.lines) {
      if (line.toUserId === undefined) continue;
      const frames = new Frames([entryOf(id, line)], 0);
      for (const member of this.members) if (member.identity.userId === line.toUserId) this.#sendFrames(member, frames);
    }
    if (batch.lines.some(({ kind }) => kind === "ended")) this.#closeMembers();
  }

  #sendToAll(common: readonly RingEntry[], hasGap: boolean): void {
    const frames = new Frames(common, this.seq);
    for (const member of this.members) {
      // Messages that this process has missed are read from the database for each member.
      if (hasGap && !member.isBehind) this.#startCatchUp(member);
      else this.#sendFrames(member, frames);
    }
  }

  #sendFrames(member: Member, frames: Frames): void {
    if (!member.take(frames)) this.#behind.add(member);
  }

  #startCatchUp(member: Member): void {
    member.fallBehind();
    this.#behind.add(member);
    void this.#catchUp(member, false);
  }

  #applyLine(kind: string, payload: string): void {
    if (kind === "online") this.#onlineCount = (JSON.parse(payload) as { count: number }).count; // As the service writes it.
    if (kind === "deleted") this.#ring.delete((JSON.parse(payload) as { seq: number }).seq); // As above.
    // A banned viewer, or one who may no longer watch, leaves now and not at the next check.
    if (kind === "restricted" || kind === "room") void this.checkMembers();
  }

  /** Everybody has been sent that the room has ended. */
  #closeMembers(): void {
    for (const member of this.members) member.close(closes.done, "the live stream has ended");
  }

  /** Clients that read again get the messages they missed; clients that still do not read are disconnected. */
  #checkSlowMembers(): void {
    for (const member of this.#behind) {
      if (!member.isBehind || !this.members.has(member)) this.#behind.delete(member);
      else if (member.isTooSlow) member.close(closes.full, "too slow");
      else if (member.hasRoom) void this.#catchUp(member, true);
    }
  }

  /** Sends a member what it has missed, in order, for as long as it reads; then it is sent what comes. */
  async #catchUp(member: Member, isLate: boolean): Promise<void> {
    if (member.isCatchingUp) return;
    member.isCatchingUp = true;
    try {
      if (isLate) member.send(this.#framesOf("resync", { last: member.seq, seq: this.seq }, member.seq));
      while (member.seq !== this.seq) {
        if (this.#isOver || !this.members.has(member) || member.isFull) return;
        const missed = await this.#readMissed(member.seq);
        if (!missed) {
          // Too many messages were missed: the client begins anew, with the present state of the room.
          member.seq = this.seq;
          member.send(this.#framesOf("gap", { seq: this.seq, online: this.#onlineCount }, this.seq));
          continue;
        }
        for (let at = 0; at < missed.entries.length; at += entriesPerSliceMax) {
          if (member.isFull) return;
          const slice = missed.entries.slice(at, at + entriesPerSliceMax);
          member.send(new Frames(slice, slice.at(-1)?.seq ?? member.seq));
        }
        // The newest may have been deleted.
        member.seq = missed.seq;
      }
      member.isBehind = false;
    } finally {
      member.isCatchingUp = false;
    }
  }

  #framesOf(kind: string, payload: object, seq: number): Frames {
    const line = { kind, userId: 0, username: "", payload: JSON.stringify(payload), atMs: Date.now() };
    return new Frames([{ seq: 0, kind, frame: frameOf(this.#parts.id, line) }], seq);
  }

  /** The messages after a number, and how far they reach; undefined where they are too many, or cannot be read. */
  async #readMissed(after: number): Promise<Missed | undefined> {
    if (after > this.seq) return undefined;
    const entries = this.#ring.after(after);
    if (entries) return { entries, seq: this.seq };
    const { client, id, log } = this.#parts;
    try {
      const { from, lines, seq } = await client(live).roomAfter({ id, after }, newCall({ waitMs: 5_000 }));
      // Messages newer than this process knows will come to it.
      const reached = Math.min(seq, this.seq);
      if (from > after || reached <= after) return undefined;
      const received = lines.filter((line) => line.seq <= reached);
      return { entries: received.map((line) => entryOf(id, line)), seq: reached };
    } catch (error) {
      log.debug("missed messages of a live room could not be read", { liveId: id, err: error });
      return undefined;
    }
  }

  #sendLikes(): void {
    if (this.#likes === 0) return;
    const { client, id, log } = this.#parts;
    const count = this.#likes;
    this.#likes = 0;
    client(live)
      .likeRoom({ id, count }, newCall({ waitMs: 5_000 }))
      .catch((error: unknown) => log.debug("likes of a live room were lost", { liveId: id, err: error }));
  }

  /** Disconnects members whose session has ended, and members who may not watch any more. */
  async checkMembers(): Promise<void> {
    if (this.#isChecking || this.#isOver || this.members.size === 0) return;
    this.#isChecking = true;
    try {
      await this.#checkRights();
      await this.#checkSessions();
    } catch (error) {
      // A check that fails is repeated at the next interval.
      this.#parts.log.debug("viewers of a live room were not checked", { liveId: this.#parts.id, err: error });
    } finally {
      this.#isChecking = false;
    }
  }

  async #checkRights(): Promise<void> {
    const { client, id } = this.#parts;
    const cohorts = Map.groupBy(
      this.members,
      ({ identity: { generation, isGranted } }) => `${generation} ${isGranted}`,
    );
    for (const members of cohorts.values()) {
      const { generation = 0, isGranted = false } = members[0]?.identity ?? {};
      const userIds = [...new Set(members.map(({ identity }) => identity.userId))];
      for (let at = 0; at < userIds.length; at += idsPerCallMax) {
        const slice = userIds.slice(at, at + idsPerCallMax);
        const answer = await client(live).dismissed(
          { id, generation, isGranted, userIds: slice },
          newCall({ waitMs: 5_000 }),
        );
        if (answer.status === "ended" || answer.status === null) {
          this.#sendToAll([{ seq: 0, kind: "ended", frame: endedFrame(id) }], false);
          this.#closeMembers();
          return;
        }
        const dismissedIds = new Set(answer.userIds);
        for (const member of members)
          if (dismissedIds.has(member.identity.userId)) member.close(closes.left, "you may not watch this any more");
      }
    }
  }

  async #checkSessions(): Promise<void> {
    const bySession = Map.groupBy(this.members, ({ identity }) => identity.sessionId);
    const ids = [...bySession.keys()].filter((sessionId) => sessionId !== undefined);
    for (let at = 0; at < ids.length; at += idsPerCallMax) {
      const sessionIds = ids.slice(at, at + idsPerCallMax);
      const ended = await this.#parts.client(auth).endedSessions({ sessionIds }, newCall({ waitMs: 5_000 }));
      for (const sessionId of ended.sessionIds)
        for (const member of bySession.get(sessionId) ?? []) member.close(closes.over, "the session is over");
    }
  }
}

const endedFrame = (id: Id): string =>
  frameOf(id, { kind: "ended", userId: 0, username: "", payload: "{}", atMs: Date.now() });
