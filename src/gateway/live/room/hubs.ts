import { randomUUID } from "node:crypto";
import { type Id, newCall } from "#kernel";
import { live } from "#services/live/contract";
import { type HubParts, RoomHub } from "./hub.ts";
import type { Member } from "./member.ts";
import { RoomPersons } from "./room-persons.ts";

const reportMs = 2_000;
/** Connections that come within this time are one report. */
const soonMs = 50;
const roomsMax = 1_000;
/** A room without connections is followed for this long, so that a client that reconnects is answered from memory. */
const unusedMs = 30_000;

interface Parts extends Omit<HubParts, "id"> {
  /** Names this process. */
  readonly instance: string;
}
interface Open {
  readonly hub: RoomHub;
  /** Since when nobody is in it, in milliseconds of `performance.now()`. */
  emptyMs: number;
  readonly persons: RoomPersons;
  /** They get the number of viewers after the next report. */
  readonly newcomers: Set<Member>;
}

/** The rooms that connections of this process are in. */
export class RoomHubs {
  readonly #parts: Parts;
  readonly #instance: string;
  readonly #open = new Map<Id, Open>();
  readonly #timer: NodeJS.Timeout;
  #soon: NodeJS.Timeout | undefined;
  #reporting: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    // A process has another name after each start, so that connections of its former life are not counted.
    this.#instance = `${parts.instance.slice(0, 200)} ${randomUUID()}`;
    this.#timer = setInterval(() => void this.#report(), reportMs).unref();
  }

  /** Connections in all rooms. */
  get size(): number {
    return [...this.#open.values()].reduce((sum, { hub }) => sum + hub.members.size, 0);
  }

  of(id: Id): RoomHub {
    return this.#room(id).hub;
  }

  enter(id: Id, member: Member, after: number | undefined): RoomHub {
    const open = this.#room(id);
    open.newcomers.add(member);
    open.persons.enter(member.identity.person);
    open.hub.add(member, after);
    this.#reportSoon();
    return open.hub;
  }

  leave(id: Id, member: Member): void {
    const open = this.#open.get(id);
    if (!open?.hub.members.delete(member)) return;
    open.newcomers.delete(member);
    open.persons.leave(member.identity.person);
    open.emptyMs = performance.now();
    this.#reportSoon();
  }

  /** Asks for the number of viewers for a connection. */
  ask(id: Id, member: Member): void {
    this.#room(id).newcomers.add(member);
    this.#reportSoon();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    for (const { hub, persons } of this.#open.values()) {
      hub.close();
      for (const member of hub.members) persons.leave(member.identity.person);
      hub.members.clear();
    }
    await this.#report();
    this.#open.clear();
  }

  #room(id: Id): Open {
    const open = this.#open.get(id) ?? {
      hub: new RoomHub({ ...this.#parts, id }),
      emptyMs: performance.now(),
      persons: new RoomPersons(),
      newcomers: new Set<Member>(),
    };
    this.#open.set(id, open);
    return open;
  }

  #reportSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      void this.#report();
    }, soonMs).unref();
  }

  /** One after the other, so that no older number comes after a newer one. */
  async #report(): Promise<void> {
    while (this.#reporting) await this.#reporting;
    this.#reporting = this.#send().finally(() => (this.#reporting = undefined));
    await this.#reporting;
  }

  async #send(): Promise<void> {
    const { client, log } = this.#parts;
    const due = [...this.#open].filter(([, { persons }]) => !persons.isEmpty || !persons.isReported);
    for (let at = 0; at < due.length; at += roomsMax) {
      const slice = due.slice(at, at + roomsMax);
      const rooms = slice.map(([id, { persons }]) => ({ id, ...persons.report() }));
      const newcomersByRoom = slice.map(([, { newcomers }]) => {
        const all = [...newcomers];
        newcomers.clear();
        return all;
      });
      try {
        const call = newCall({ waitMs: 5_000 });
        const { items } = await client(live).presence({ instance: this.#instance, rooms }, call);
        const counts = new Map(items.map(({ id, onlineCount }) => [id, onlineCount]));
        for (const [place, [id, open]] of slice.entries()) {
          const count = counts.get(id) ?? 0;
          open.hub.setOnlineCount(count);
          for (const member of newcomersByRoom[place] ?? []) open.hub.sendTo(member, "online", { count });
        }
      } catch (error) {
        log.debug("viewers of live rooms could not be reported", { err: error });
        for (const [place, [, { newcomers, persons }]] of slice.entries()) {
          persons.fail();
          for (const member of newcomersByRoom[place] ?? []) newcomers.add(member);
        }
      }
    }
    this.#closeUnused();
  }

  #closeUnused(): void {
    const since = performance.now() - unusedMs;
    for (const [id, { hub, emptyMs, persons }] of this.#open)
      if (persons.isEmpty && persons.isReported && emptyMs < since) {
        hub.close();
        this.#open.delete(id);
      }
  }
}
