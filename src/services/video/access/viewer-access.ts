import type { Call, Client, Id, Log, RotatingKey } from "#kernel";
import { can, type Resource } from "#policy/can";
import type { relation } from "#services/relation/contract";
import type { Opening } from "#policy/gate";
import { type GateFacts, gateRefusal, type GateStanding } from "#policy/gates/facts";
import { treeOf } from "#policy/gates/fields";
import { type Relationship, createRelationshipLookup } from "#policy/relationships";
import { isUnlockedBy } from "#policy/unlock-token";
import { NotYourVideo, PasswordNeeded, VideoNotFound } from "../contract.ts";
import { published, type Row } from "../store.ts";

interface Parts {
  readonly relations: Client<typeof relation>;
  readonly call: (parts: Partial<Call>) => Call;
  readonly log: Log;
  readonly now: () => number;
  /** The key that signs unlock tokens. */
  readonly key: RotatingKey;
  readonly gateFacts: GateFacts;
}
/** `isGranted`: another service has a token that the password was known. */
export type Viewer = { readonly [Name in "userId" | "role" | "unlock"]?: Call[Name] | undefined } & {
  readonly isGranted?: boolean;
};

/** Decides which viewers may see, list and change which videos. */
export interface ViewerAccess {
  /** How the caller and an owner are related. */
  readonly relationshipTo: (ownerId: Id, call: Call) => Promise<Relationship | undefined>;
  readonly resource: (row: Row, viewer: Viewer, relationship?: Relationship, gate?: Opening) => Resource;
  /** True if the viewer has shown to know the password of a video that has one. */
  readonly isGranted: (row: Row, viewer: Viewer) => boolean;
  /** How the viewer stands before the gates of those videos that have one, by id. */
  readonly standings: (
    rows: readonly Row[],
    viewer: Viewer,
    call: Call,
    isAnew?: boolean,
  ) => Promise<ReadonlyMap<Id, GateStanding>>;
  /** The video, where the viewer may see it. @throws PasswordNeeded, GateClosed, ChainUnavailable, VideoNotFound */
  readonly requireVisible: (
    row: Row | undefined,
    viewer: Viewer,
    call: Call,
  ) => Promise<{ row: Row; isGranted: boolean }>;
  /** The rows, among visible ones, that lists for the caller may show, with the relationship to each owner. */
  readonly listable: (
    rows: readonly Row[],
    call: Call,
  ) => Promise<{ readonly row: Row; readonly relationship: Relationship | undefined }[]>;
  /** The row of a visible video, where the caller may change it. @throws VideoNotFound, NotYourVideo */
  readonly requireOwn: (row: Row | undefined, action: "change" | "delete", call: Call) => Row;
}

export function createViewerAccess({ relations, call: newCall, log, now, key, gateFacts }: Parts): ViewerAccess {
  const relationshipsOf = createRelationshipLookup({ relations, call: newCall, log });

  const relationshipTo = async (ownerId: Id, call: Call): Promise<Relationship | undefined> =>
    call.userId === ownerId ? undefined : (await relationshipsOf(call.userId, [ownerId], call)).get(ownerId);

  /** A token of playback, or the unlock token of the request, says that the viewer knew the password. */
  const isGranted = ({ id, passwordHash, userId: ownerId }: Row, { userId, unlock, isGranted: was }: Viewer): boolean =>
    passwordHash !== null &&
    ownerId !== userId &&
    (was === true ||
      (unlock !== undefined && isUnlockedBy(key, unlock, { id, viewerId: userId ?? 0, passwordHash }, now())));

  function resource(row: Row, viewer: Viewer, relationship?: Relationship, gate?: Opening) {
    return {
      ownerId: row.userId,
      visibility: row.visibility,
      isPublished: row.status === published,
      isUnlocked: isGranted(row, viewer),
      isFollower: relationship?.isFollower === true,
      gate,
      isBlocked: relationship?.isBlocked === true,
    };
  }

  const standings: ViewerAccess["standings"] = (rows, viewer, call, isAnew) =>
    gateFacts(
      viewer.userId,
      rows.flatMap((row) =>
        row.gate === null || row.userId === viewer.userId
          ? []
          : [{ id: row.id, ownerId: row.userId, gate: treeOf(row.gate), isUnlocked: isGranted(row, viewer) }],
      ),
      call,
      isAnew,
    );

  async function requireVisible(
    row: Row | undefined,
    viewer: Viewer,
    call: Call,
  ): Promise<{ row: Row; isGranted: boolean }> {
    const isOwner = row !== undefined && row.userId === viewer.userId;
    const isForFollowers = row?.visibility === "followers" && row.status === published;
    const relationships =
      isForFollowers && !isOwner ? await relationshipsOf(viewer.userId, [row.userId], call) : undefined;
    const relationship = row && relationships?.get(row.userId);
    const isGated = row?.visibility === "gated" && row.status === published && !isOwner;
    const standing = isGated ? (await standings([row], viewer, call)).get(row.id) : undefined;
    if (row && can(viewer, "see", resource(row, viewer, relationship, standing?.opening)))
      return { row, isGranted: isGranted(row, viewer) };
    if (row?.visibility === "password" && row.status === published) throw PasswordNeeded({});
    if (standing && row?.gate) throw gateRefusal(standing, row.gate, row.teaser);
    // The same calls are made for a missing video, so that timing does not reveal a hidden one (security S2.4).
    if (!relationships && viewer.userId !== undefined) await relationshipsOf(viewer.userId, [viewer.userId], call);
    throw VideoNotFound({});
  }

  async function listable(rows: readonly Row[], call: Call) {
    const owners = rows.map(({ userId }) => userId).filter((userId) => userId !== call.userId);
    const relationships = await relationshipsOf(call.userId, owners, call);
    const gates = await standings(rows, call, call);
    const related = rows.map((row) => ({ row, relationship: relationships.get(row.userId) }));
    return related.filter(({ row, relationship }) =>
      can(call, "meet", resource(row, call, relationship, gates.get(row.id)?.opening)),
    );
  }

  function requireOwn(row: Row | undefined, action: "change" | "delete", call: Call): Row {
    if (!row) throw VideoNotFound({});
    if (!can(call, action, resource(row, call))) throw NotYourVideo({});
    return row;
  }

  return { relationshipTo, resource, isGranted, standings, requireVisible, listable, requireOwn };
}
