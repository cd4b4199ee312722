import type { Call, Client, Id, Log } from "#kernel";
import { can } from "#policy/can";
import type { relation } from "#services/relation/contract";
import { lockOf, type Thing, type ThingAccess, type ThingViewer } from "#policy/gates/thing-access";
import { type Relationship, createRelationshipLookup } from "#policy/relationships";
import { NotYourVideo, PasswordNeeded, VideoNotFound } from "../contract.ts";
import { published, type Row } from "../store.ts";

interface Parts {
  readonly relations: Client<typeof relation>;
  readonly call: (parts: Partial<Call>) => Call;
  readonly log: Log;
  readonly things: ThingAccess;
}

/** A video as the rules of access know it. Pure. */
export const thingOf = (row: Row): Thing => ({ ...row, ownerId: row.userId, isPublished: row.status === published });

/** Decides which viewers may see, list and change which videos. */
export interface ViewerAccess {
  /** How the caller and an owner are related. */
  readonly relationshipTo: (ownerId: Id, call: Call) => Promise<Relationship | undefined>;
  /** True if the viewer has shown to know the password of a video that has one. */
  readonly isGranted: (row: Row, viewer: ThingViewer) => boolean;
  readonly gateOf: ThingAccess["gateOf"];
  /** The video, where the viewer may see it. @throws PasswordNeeded, GateClosed, ChainUnavailable, VideoNotFound */
  readonly requireVisible: (
    row: Row | undefined,
    viewer: ThingViewer,
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

export function createViewerAccess({ relations, call: newCall, log, things }: Parts): ViewerAccess {
  const relationshipsOf = createRelationshipLookup({ relations, call: newCall, log });

  const relationshipTo = async (ownerId: Id, call: Call): Promise<Relationship | undefined> =>
    call.userId === ownerId ? undefined : (await relationshipsOf(call.userId, [ownerId], call)).get(ownerId);

  const isGranted: ViewerAccess["isGranted"] = (row, viewer) => things.isUnlocked(thingOf(row), viewer);

  async function requireVisible(
    row: Row | undefined,
    viewer: ThingViewer,
    call: Call,
  ): Promise<{ row: Row; isGranted: boolean }> {
    const thing = row && thingOf(row);
    const isOther = thing?.isPublished === true && thing.ownerId !== viewer.userId;
    const isForFollowers = isOther && thing.visibility === "followers";
    const relationships = isForFollowers ? await relationshipsOf(viewer.userId, [thing.ownerId], call) : undefined;
    const relationship = row && relationships?.get(row.userId);
    const standing = isOther ? (await things.standings([thing], viewer, call)).get(thing.id) : undefined;
    if (thing && can(viewer, "see", things.resource(thing, viewer, { relationship, gate: standing?.opening })))
      return { row, isGranted: things.isUnlocked(thing, viewer) };
    const lock = thing && lockOf(thing, standing, () => PasswordNeeded({}));
    if (lock) throw lock;
    // The same calls are made for a missing video, so that timing does not reveal a hidden one (security S2.4).
    if (!relationships && viewer.userId !== undefined) await relationshipsOf(viewer.userId, [viewer.userId], call);
    throw VideoNotFound({});
  }

  async function listable(rows: readonly Row[], call: Call) {
    const owners = rows.map(({ userId }) => userId).filter((userId) => userId !== call.userId);
    const relationships = await relationshipsOf(call.userId, owners, call);
    const gates = await things.standings(rows.map(thingOf), call, call);
    const related = rows.map((row) => ({ row, relationship: relationships.get(row.userId) }));
    return related.filter(({ row, relationship }) =>
      can(call, "meet", things.resource(thingOf(row), call, { relationship, gate: gates.get(row.id)?.opening })),
    );
  }

  function requireOwn(row: Row | undefined, action: "change" | "delete", call: Call): Row {
    if (!row) throw VideoNotFound({});
    if (!can(call, action, things.resource(thingOf(row), call))) throw NotYourVideo({});
    return row;
  }

  return { relationshipTo, isGranted, gateOf: things.gateOf, requireVisible, listable, requireOwn };
}
