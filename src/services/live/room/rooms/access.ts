import type { Call, Id } from "#kernel";
import { can } from "#policy/can";
import { lockOf, type Thing, type ThingAccess, type ThingViewer } from "#policy/gates/thing-access";
import { type Relationship, createRelationshipLookup } from "#policy/relationships";
import { relation } from "#services/relation/contract";
import { LiveNotFound, NotYourLive, PasswordNeeded } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import type { Row } from "./room-store.ts";
import { createRoleLookup } from "./viewer-role.ts";

/** A room as the rules of access know it. Pure. */
export const thingOf = (row: Row): Thing => ({ ...row, isPublished: !row.isRemoved });

interface Visible {
  readonly row: Row;
  /**
   * The viewer's relationship to the owner; undefined for the owner, for visitors, and while relation is unavailable.
   */
  readonly relationship: Relationship | undefined;
}

interface Parts {
  readonly things: ThingAccess;
  /** @throws BannedFromRoom */
  readonly requireNotBanned: (row: Row, viewer: Pick<ThingViewer, "userId" | "role">) => Promise<void>;
}

/** Decides which viewers may see, find and change which live rooms. */
export interface RoomAccess {
  /** A room that the caller may look at, with their relationship to its owner. @throws PasswordNeeded, GateClosed, LiveNotFound, BannedFromRoom */
  readonly visible: (row: Row | undefined, call: Call, viewer?: ThingViewer) => Promise<Visible>;
  /** Also where the caller is banned, who may still leave. @throws PasswordNeeded, GateClosed, LiveNotFound */
  readonly requireKnown: (row: Row | undefined, call: Call) => Promise<Row>;
  /** True if the viewer has shown to know the password of a room that has one. */
  readonly isUnlocked: (row: Row, viewer: ThingViewer) => boolean;
  readonly gateOf: ThingAccess["gateOf"];
  /** How the caller and an owner are related. */
  readonly relationshipTo: (ownerId: Id, call: Call) => Promise<Relationship | undefined>;
  /** The room, where the caller may look at it. @throws PasswordNeeded, GateClosed, LiveNotFound, BannedFromRoom */
  readonly requireVisible: (row: Row | undefined, call: Call, viewer?: ThingViewer) => Promise<Row>;
  /** The rooms, among visible ones, that lists for the caller may show. */
  readonly listable: (rows: readonly Row[], call: Call) => Promise<Row[]>;
  /** The row of a visible room, where the caller may change it. @throws LiveNotFound, NotYourLive */
  readonly requireOwn: (row: Row | undefined, action: "change" | "delete", call: Call) => Row;
}

/** Decides by follows, passwords and gates; a viewer by a token has no role, so it is asked. */
export function createRoomAccess(host: LiveHost, { things, requireNotBanned }: Parts): RoomAccess {
  const { client, call: newCall, log } = host;
  const roleOf = createRoleLookup(host);
  const relationshipsOf = createRelationshipLookup({ relations: client(relation), call: newCall, log });

  /** Decides for a viewer of whom a token or a connection names the account alone: moderators see what others report. */
  async function isSeenByRole(row: Row, viewer: ThingViewer, call: Call): Promise<boolean> {
    const { userId, role } = viewer;
    if (userId === undefined || role !== undefined || row.visibility === "private" || row.isRemoved) return false;
    return can({ userId, role: await roleOf(userId, call) }, "see", things.resource(thingOf(row), viewer));
  }

  /**
   * A room that exists for the caller, who may be banned from it, and how they and its owner are related.
   * @throws PasswordNeeded, GateClosed, LiveNotFound
   */
  async function roomKnownTo(row: Row | undefined, call: Call, viewer: ThingViewer = call): Promise<Visible> {
    // The same call is made for a missing room, so that timing does not reveal a hidden one (security S2.4).
    const relatedUserId = row?.ownerId ?? viewer.userId;
    const relationships =
      viewer.userId === row?.ownerId || relatedUserId === undefined
        ? undefined
        : await relationshipsOf(viewer.userId, [relatedUserId], call);
    const relationship = row && relationships?.get(row.ownerId);
    const thing = row && thingOf(row);
    const standing = thing?.isPublished ? (await things.standings([thing], viewer, call)).get(thing.id) : undefined;
    const facts = { relationship, gate: standing?.opening };
    if (thing && can(viewer, "see", things.resource(thing, viewer, facts))) return { row, relationship };
    if (row && (await isSeenByRole(row, viewer, call))) return { row, relationship };
    throw (thing && lockOf(thing, standing, () => PasswordNeeded({}))) ?? LiveNotFound({});
  }

  async function visible(row: Row | undefined, call: Call, viewer: ThingViewer = call): Promise<Visible> {
    const room = await roomKnownTo(row, call, viewer);
    await requireNotBanned(room.row, viewer);
    return room;
  }

  return {
    visible,
    isUnlocked: (row, viewer) => things.isUnlocked(thingOf(row), viewer),
    gateOf: things.gateOf,

    requireKnown: async (row: Row | undefined, call: Call): Promise<Row> => (await roomKnownTo(row, call)).row,

    async relationshipTo(ownerId: Id, call: Call): Promise<Relationship | undefined> {
      return call.userId === ownerId ? undefined : (await relationshipsOf(call.userId, [ownerId], call)).get(ownerId);
    },

    requireVisible: async (row: Row | undefined, call: Call, viewer?: ThingViewer): Promise<Row> =>
      (await visible(row, call, viewer)).row,

    async listable(rows: readonly Row[], call: Call): Promise<Row[]> {
      const owners = rows.map(({ ownerId }) => ownerId).filter((ownerId) => ownerId !== call.userId);
      const relationships = await relationshipsOf(call.userId, owners, call);
      const gates = await things.standings(rows.map(thingOf), call, call);
      return rows.filter((row) => {
        const facts = { relationship: relationships.get(row.ownerId), gate: gates.get(row.id)?.opening };
        return can(call, "meet", things.resource(thingOf(row), call, facts));
      });
    },

    requireOwn(row: Row | undefined, action: "change" | "delete", call: Call): Row {
      if (!row) throw LiveNotFound({});
      if (!can(call, action, things.resource(thingOf(row), call))) throw NotYourLive({});
      return row;
    },
  };
}
