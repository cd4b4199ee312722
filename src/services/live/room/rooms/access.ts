import type { Call, Id, RotatingKey } from "#kernel";
import { can } from "#policy/can";
import { type Relationship, createRelationshipLookup } from "#policy/relationships";
import { isUnlockedBy } from "#policy/unlock-token";
import { relation } from "#services/relation/contract";
import { LiveNotFound, NotYourLive, PasswordNeeded } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import type { Row } from "./room-store.ts";
import { createRoleLookup } from "./viewer-role.ts";

/** `isGranted`: a playback token says that the password was known. A viewer by a token has no role. */
export type Viewer = { readonly [Name in "userId" | "role" | "unlock"]?: Call[Name] | undefined } & {
  readonly isGranted?: boolean;
};

interface Visible {
  readonly row: Row;
  /**
   * The viewer's relationship to the owner; undefined for the owner, for visitors, and while relation is unavailable.
   */
  readonly relationship: Relationship | undefined;
}

interface Parts {
  /** Signs unlock tokens. */
  readonly key: RotatingKey;
  /** @throws BannedFromRoom */
  readonly requireNotBanned: (row: Row, viewer: Pick<Viewer, "userId" | "role">) => Promise<void>;
}

/** Decides which viewers may see, find and change which live rooms. */
export interface RoomAccess {
  /** A room that the caller may look at, with their relationship to its owner. @throws PasswordNeeded, LiveNotFound, BannedFromRoom */
  readonly visible: (row: Row | undefined, call: Call, viewer?: Viewer) => Promise<Visible>;
  /** Also where the caller is banned, who may still leave. @throws PasswordNeeded, LiveNotFound */
  readonly requireKnown: (row: Row | undefined, call: Call) => Promise<Row>;
  /** True if the viewer has shown to know the password of a room that has one. */
  readonly isUnlocked: (row: Row, viewer: Viewer) => boolean;
  /** How the caller and an owner are related. */
  readonly relationshipTo: (ownerId: Id, call: Call) => Promise<Relationship | undefined>;
  /** The room, where the caller may look at it. @throws PasswordNeeded, LiveNotFound, BannedFromRoom */
  readonly requireVisible: (row: Row | undefined, call: Call, viewer?: Viewer) => Promise<Row>;
  /** The rooms, among visible ones, that lists for the caller may show. */
  readonly listable: (rows: readonly Row[], call: Call) => Promise<Row[]>;
  /** The row of a visible room, where the caller may change it. @throws LiveNotFound, NotYourLive */
  readonly requireOwn: (row: Row | undefined, action: "change" | "delete", call: Call) => Row;
}

export function createRoomAccess(host: LiveHost, { key, requireNotBanned }: Parts): RoomAccess {
  const { client, call: newCall, log, now } = host;
  const roleOf = createRoleLookup(host);
  const relationshipsOf = createRelationshipLookup({ relations: client(relation), call: newCall, log });

  const isUnlocked = ({ id, passwordHash }: Row, { userId, unlock, isGranted }: Viewer): boolean =>
    passwordHash !== null &&
    (isGranted === true ||
      (unlock !== undefined && isUnlockedBy(key, unlock, { id, viewerId: userId ?? 0, passwordHash }, now())));

  const resource = (row: Row, viewer: Viewer, relationship?: Relationship) => ({
    ownerId: row.ownerId,
    visibility: row.visibility,
    isPublished: !row.isRemoved,
    isUnlocked: isUnlocked(row, viewer),
    isFollower: relationship?.isFollower === true,
    isBlocked: relationship?.isBlocked === true,
  });

  /** Decides for a viewer of whom a token or a connection names the account alone: moderators see what others report. */
  async function isSeenByRole(row: Row, viewer: Viewer, call: Call): Promise<boolean> {
    const { userId, role } = viewer;
    if (userId === undefined || role !== undefined || row.visibility === "private" || row.isRemoved) return false;
    return can({ userId, role: await roleOf(userId, call) }, "see", resource(row, viewer));
  }

  /**
   * A room that exists for the caller, who may be banned from it, and how they and its owner are related.
   * @throws PasswordNeeded, LiveNotFound
   */
  async function roomKnownTo(row: Row | undefined, call: Call, viewer: Viewer = call): Promise<Visible> {
    // The same call is made for a missing room, so that timing does not reveal a hidden one (security S2.4).
    const relatedUserId = row?.ownerId ?? viewer.userId;
    const relationships =
      viewer.userId === row?.ownerId || relatedUserId === undefined
        ? undefined
        : await relationshipsOf(viewer.userId, [relatedUserId], call);
    const relationship = row && relationships?.get(row.ownerId);
    if (row && can(viewer, "see", resource(row, viewer, relationship))) return { row, relationship };
    if (row && (await isSeenByRole(row, viewer, call))) return { row, relationship };
    if (row?.visibility === "password" && !row.isRemoved) throw PasswordNeeded({});
    throw LiveNotFound({});
  }

  async function visible(row: Row | undefined, call: Call, viewer: Viewer = call): Promise<Visible> {
    const room = await roomKnownTo(row, call, viewer);
    await requireNotBanned(room.row, viewer);
    return room;
  }

  return {
    visible,
    isUnlocked,

    requireKnown: async (row: Row | undefined, call: Call): Promise<Row> => (await roomKnownTo(row, call)).row,

    async relationshipTo(ownerId: Id, call: Call): Promise<Relationship | undefined> {
      return call.userId === ownerId ? undefined : (await relationshipsOf(call.userId, [ownerId], call)).get(ownerId);
    },

    requireVisible: async (row: Row | undefined, call: Call, viewer?: Viewer): Promise<Row> =>
      (await visible(row, call, viewer)).row,

    async listable(rows: readonly Row[], call: Call): Promise<Row[]> {
      const owners = rows.map(({ ownerId }) => ownerId).filter((ownerId) => ownerId !== call.userId);
      const relationships = await relationshipsOf(call.userId, owners, call);
      return rows.filter((row) => can(call, "meet", resource(row, call, relationships.get(row.ownerId))));
    },

    requireOwn(row: Row | undefined, action: "change" | "delete", call: Call): Row {
      if (!row) throw LiveNotFound({});
      if (!can(call, action, resource(row, call))) throw NotYourLive({});
      return row;
    },
  };
}
