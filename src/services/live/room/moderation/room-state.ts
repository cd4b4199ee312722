import { type Call, Gather, type Id } from "#kernel";
import type { CacheDeclaration, CachePolicy } from "#kernel/cache/policy";
import {
  BannedFromRoom,
  ChatBlocked,
  ChatClosed,
  FollowersOnly,
  MutedInRoom,
  NotLive,
  NotRoomModerator,
} from "../../contract.ts";
import type { RoomAccess } from "../rooms/access.ts";
import * as rooms from "../rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import * as store from "./moderation-store.ts";

/** A change of a room by this process holds from its next message. */
const roomsCache: CacheDeclaration = {
  name: "live.rooms",
  what: "The state of live rooms: who may see them and write in them.",
  ttlMs: 500,
  lifetimeMsMax: 2_000,
};
const knownMax = 10_000;

/** The state that permissions in a room depend on. */
export interface RoomState {
  readonly row: rooms.Row;
  readonly rules: store.Rules;
  readonly moderatorIds: ReadonlySet<Id>;
}
/** A room as a caller sees it, and how they and its owner are related. */
export type SeenRoom = RoomState & Awaited<ReturnType<RoomAccess["visible"]>>;
interface Known {
  readonly state: Promise<RoomState | undefined>;
  readonly untilMs: number;
}

/** Decides which users may write, moderate and stay in live rooms. */
export class RoomStanding {
  readonly #host: LiveHost;
  readonly #access: RoomAccess;
  readonly #policy: CachePolicy;
  readonly #states = new Map<Id, Known>();
  readonly #restrictions;

  constructor(host: LiveHost, access: RoomAccess) {
    this.#host = host;
    this.#access = access;
    this.#policy = host.caches.declare(roomsCache);
    this.#policy.hold({
      entries: () => this.#states.size,
      clear: () => this.#states.clear(),
      deleteKey: (id) => this.#states.delete(Number(id)),
      deleteTag: (tag) => {
        if (tag.startsWith("live:")) this.#states.delete(Number(tag.slice("live:".length)));
      },
    });
    this.#restrictions = new Gather(host.db, (reader, standings: readonly store.Standing[]) =>
      store.restrictionsIn(reader, standings, host.now()),
    );
  }

  /** Something of the room was changed. */
  forget(liveId: Id): void {
    this.#states.delete(liveId);
  }

  /** A room that the caller may see. @throws LiveNotFound, PasswordNeeded */
  async visible(liveId: Id, call: Call): Promise<SeenRoom> {
    const state = await this.#state(liveId);
    const seen = await this.#access.visible(state?.row, call);
    if (!state) throw new Error("a room that is not there was shown");
    return { ...state, ...seen };
  }

  /** @throws LiveNotFound, PasswordNeeded, NotRoomModerator */
  async moderatedRoom(liveId: Id, call: Call): Promise<SeenRoom> {
    const state = await this.visible(liveId, call);
    if (!isStaff(state, call)) throw NotRoomModerator({});
    return state;
  }

  /** Restricted viewers send nothing to others in a room, offers of calls included. @throws BannedFromRoom, MutedInRoom */
  async requireUnrestricted({ row }: Pick<RoomState, "row">, userId: Id): Promise<void> {
    const restriction = await this.#restrictions.get({ liveId: row.id, userId });
    if (restriction?.kind === "ban") throw BannedFromRoom({});
    if (restriction) throw MutedInRoom(restriction.untilMs === null ? {} : { untilMs: restriction.untilMs });
  }

  /** Refuses viewers of this room who may not write now; the time between two messages is checked elsewhere. */
  async requireMayWrite(
    { row, rules, moderatorIds, relationship }: SeenRoom,
    call: Call & { readonly userId: Id },
  ): Promise<Writer> {
    const { userId } = call;
    if (row.status !== "live" && row.status !== "paused") throw NotLive({});
    if (isStaff({ row, moderatorIds }, call)) return { isStaff: true, isFollower: true };
    await this.requireUnrestricted({ row }, userId);
    if (!rules.isOpen) throw ChatClosed({});
    if (relationship?.isBlocked) throw ChatBlocked({});
    if (rules.followersOnly && !relationship?.isFollower) throw FollowersOnly({});
    return { isStaff: false, isFollower: relationship?.isFollower === true };
  }

  async #state(liveId: Id): Promise<RoomState | undefined> {
    const cached = this.#states.get(liveId);
    const isHit = cached !== undefined && cached.untilMs > performance.now();
    this.#policy.count(isHit);
    if (isHit) return cached.state;
    if (this.#states.size >= knownMax) this.#states.clear();
    const state = this.#read(liveId);
    this.#states.set(liveId, { state, untilMs: performance.now() + this.#policy.ttlMs });
    state.catch(() => this.#states.delete(liveId));
    return state;
  }

  async #read(liveId: Id): Promise<RoomState | undefined> {
    const { db } = this.#host;
    const [row, rules, moderators] = await Promise.all([
      rooms.byId(db, liveId),
      store.rulesOf(db, liveId),
      store.moderatorsOf(db, liveId),
    ]);
    return row && { row, rules, moderatorIds: new Set(moderators.map(({ userId }) => userId)) };
  }
}

interface Writer {
  readonly isStaff: boolean;
  readonly isFollower: boolean;
}

/** The owner of the room, its moderators, and moderators of the whole instance. */
export const isStaff = (
  { row, moderatorIds }: Pick<RoomState, "row" | "moderatorIds">,
  { userId, role }: Pick<Call, "userId" | "role">,
): boolean =>
  userId !== undefined &&
  (userId === row.ownerId || moderatorIds.has(userId) || role === "moderator" || role === "admin");
