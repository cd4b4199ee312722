import type { Call, Client, Id, Log, RotatingKey } from "#kernel";
import { can, type Resource } from "#policy/can";
import type { relation } from "#services/relation/contract";
import { NotYourVideo, PasswordNeeded, VideoNotFound } from "../contract.ts";
import { published, type Row } from "../store.ts";
import { type Relationship, createRelationshipLookup } from "#policy/relationships";
import { isUnlockedBy } from "#policy/unlock-token";

interface Parts {
  readonly relations: Client<typeof relation>;
  readonly call: (parts: Partial<Call>) => Call;
  readonly log: Log;
  readonly now: () => number;
  /** The key that signs unlock tokens. */
  readonly key: RotatingKey;
}
/** `isGranted`: another service has a token that access was granted. */
export type Viewer = { readonly [Name in "userId" | "role" | "unlock"]?: Call[Name] | undefined } & {
  readonly isGranted?: boolean;
};

/** Decides which viewers may see, list and change which videos. */
export interface ViewerAccess {
  /** How the caller and an owner are related. */
  readonly relationshipTo: (ownerId: Id, call: Call) => Promise<Relationship | undefined>;
  readonly resource: (row: Row, viewer: Viewer, relationship?: Relationship) => Resource;
  /** True if the viewer sees a restricted video by its password or as a moderator, not as a follower. */
  readonly isGranted: (row: Row, viewer: Viewer, relationship?: Relationship) => boolean;
  /** The video, where the viewer may see it. @throws PasswordNeeded, VideoNotFound */
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

export function createViewerAccess({ relations, call: newCall, log, now, key }: Parts): ViewerAccess {
  const relationshipsOf = createRelationshipLookup({ relations, call: newCall, log });

  const relationshipTo = async (ownerId: Id, call: Call): Promise<Relationship | undefined> =>
    call.userId === ownerId ? undefined : (await relationshipsOf(call.userId, [ownerId], call)).get(ownerId);

  function resource(row: Row, { userId, unlock, isGranted = false }: Viewer, relationship?: Relationship) {
    const { id, passwordHash, visibility } = row;
    const knowsPassword =
      visibility === "password" &&
      passwordHash !== null &&
      unlock !== undefined &&
      isUnlockedBy(key, unlock, { id, viewerId: userId ?? 0, passwordHash }, now());
    return {
      ownerId: row.userId,
      visibility,
      isPublished: row.status === published,
      isUnlocked: isGranted || knowsPassword,
      isFollower: isGranted || relationship?.isFollower === true,
      isBlocked: relationship?.isBlocked === true,
    };
  }

  const isGranted = (row: Row, { userId }: Viewer, relationship?: Relationship): boolean =>
    row.userId !== userId &&
    (row.visibility === "password" || (row.visibility === "followers" && relationship?.isFollower !== true));

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
    if (row && can(viewer, "see", resource(row, viewer, relationship)))
      return { row, isGranted: isGranted(row, viewer, relationship) };
    if (row?.visibility === "password" && row.status === published) throw PasswordNeeded({});
    // The same calls are made for a missing video, so that timing does not reveal a hidden one (security S2.4).
    if (!relationships && viewer.userId !== undefined) await relationshipsOf(viewer.userId, [viewer.userId], call);
    throw VideoNotFound({});
  }

  async function listable(rows: readonly Row[], call: Call) {
    const owners = rows.map(({ userId }) => userId).filter((userId) => userId !== call.userId);
    const relationships = await relationshipsOf(call.userId, owners, call);
    const related = rows.map((row) => ({ row, relationship: relationships.get(row.userId) }));
    return related.filter(({ row, relationship }) => can(call, "meet", resource(row, call, relationship)));
  }

  function requireOwn(row: Row | undefined, action: "change" | "delete", call: Call): Row {
    if (!row) throw VideoNotFound({});
    if (!can(call, action, resource(row, call))) throw NotYourVideo({});
    return row;
  }

  return { relationshipTo, resource, isGranted, requireVisible, listable, requireOwn };
}
