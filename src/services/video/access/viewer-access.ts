import { type Call, type Client, type Id, KinoraError, type Log } from "#kernel";
import { can } from "#policy/can";
import type { relation } from "#services/relation/contract";
import { NotYourVideo, PasswordNeeded, VideoNotFound } from "../contract.ts";
import { published, type Row } from "../store.ts";
import { opens } from "./unlock-token.ts";

interface Parts {
  readonly relations: Client<typeof relation>;
  readonly call: (parts: Partial<Call>) => Call;
  readonly log: Log;
  readonly now: () => number;
  /** What unlocks are signed with. */
  readonly key: string;
}
/** What the viewer and an owner are to each other. */
interface Ties {
  readonly isFollower: boolean;
  readonly isBlocked: boolean;
}
/** Who asks. `isGranted`: one of our own services knows that it was decided they may. */
export type Viewer = { readonly [Name in "userId" | "role" | "unlock"]?: Call[Name] | undefined } & {
  readonly isGranted?: boolean;
};

/** What decides who may watch a video, and the decisions that come up here. */
export function watching({ relations, call: newCall, log, now, key }: Parts) {
  /** What a viewer and these are to each other; nothing where nobody is signed in or it cannot be had right now. */
  async function tiesOf(viewerId: Id | undefined, owners: readonly Id[], { traceId, signal }: Call) {
    const none = new Map<Id, Ties>();
    if (viewerId === undefined || owners.length === 0) return none;
    try {
      const otherIds = [...new Set(owners)];
      const { items } = await relations.towards({ userId: viewerId, otherIds }, newCall({ traceId, signal }));
      return new Map(
        items.map(({ userId, isFollowed, isBlocked, isBlocking }) => [
          userId,
          { isFollower: isFollowed, isBlocked: isBlocked || isBlocking },
        ]),
      );
    } catch (error) {
      if (!(error instanceof KinoraError) || !error.retryable) throw error;
      // What is for followers stays hidden; what is for everybody is shown as ever.
      log.warn("who follows whom cannot be asked", { err: error });
      return none;
    }
  }

  /** What the caller and somebody else are to each other. */
  const tieTo = async (ownerId: Id, call: Call): Promise<Ties | undefined> =>
    call.userId === ownerId ? undefined : (await tiesOf(call.userId, [ownerId], call)).get(ownerId);

  function resource(row: Row, { userId, unlock, isGranted = false }: Viewer, ties?: Ties) {
    const { id: videoId, passwordHash, visibility } = row;
    const isKnown =
      visibility === "password" &&
      passwordHash !== null &&
      unlock !== undefined &&
      opens(key, unlock, { videoId, viewerId: userId ?? 0, passwordHash }, now());
    return {
      ownerId: row.userId,
      visibility,
      isPublished: row.status === published,
      isUnlocked: isGranted || isKnown,
      isFollower: isGranted || ties?.isFollower === true,
      isBlocked: ties?.isBlocked === true,
    };
  }

  /** They see it, though not everybody does and they do not follow: by its password, or by their office. */
  const isGranted = (row: Row, { userId }: Viewer, ties?: Ties): boolean =>
    row.userId !== userId &&
    (row.visibility === "password" || (row.visibility === "followers" && ties?.isFollower !== true));

  /** The video, when they may see it. @throws PasswordNeeded, VideoNotFound */
  async function seen(row: Row | undefined, viewer: Viewer, call: Call): Promise<{ row: Row; isGranted: boolean }> {
    const isOwner = row !== undefined && row.userId === viewer.userId;
    const isForFollowers = row?.visibility === "followers" && row.status === published;
    const ties = isForFollowers && !isOwner ? await tiesOf(viewer.userId, [row.userId], call) : undefined;
    const tie = row && ties?.get(row.userId);
    if (row && can(viewer, "see", resource(row, viewer, tie))) return { row, isGranted: isGranted(row, viewer, tie) };
    if (row?.visibility === "password" && row.status === published) throw PasswordNeeded({});
    // Whether it is there or not, as much is asked: no clock tells what one may not see (security S2.4).
    if (!ties && viewer.userId !== undefined) await tiesOf(viewer.userId, [viewer.userId], call);
    throw VideoNotFound({});
  }

  /** Those of these, which they may see, that the caller may also be shown unasked; with what they and the owners are. */
  async function metOf(rows: readonly Row[], call: Call) {
    const owners = rows.map(({ userId }) => userId).filter((userId) => userId !== call.userId);
    const ties = await tiesOf(call.userId, owners, call);
    const tied = rows.map((row) => ({ row, tie: ties.get(row.userId) }));
    return tied.filter(({ row, tie }) => can(call, "meet", resource(row, call, tie)));
  }

  /** The row, when the caller may do this to it. They see it, as was decided before. @throws VideoNotFound, NotYourVideo */
  function mine(row: Row | undefined, action: "change" | "delete", call: Call): Row {
    if (!row) throw VideoNotFound({});
    if (!can(call, action, resource(row, call))) throw NotYourVideo({});
    return row;
  }

  return { tieTo, resource, isGranted, seen, metOf, mine };
}
