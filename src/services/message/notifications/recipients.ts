import { type Host, type Id, KinoraError } from "#kernel";
import { live } from "#services/live/contract";
import { relation } from "#services/relation/contract";
import { video } from "#services/video/contract";
import type { Fact } from "./facts.ts";
import type { Tables } from "../store.ts";

/** Visibilities whose followers are notified of a publication, or of a live room that starts. */
export const notifiesFollowers: ReadonlySet<string> = new Set(["public", "followers"]);

/** Kinds of notifications about videos that are not the recipient's own. */
const aboutOthers: ReadonlySet<Fact["kind"]> = new Set(["mention", "reply", "comment_like"]);
const isOn: ReadonlySet<string> = new Set(["live", "paused"]);
/** The status of a published video. */
const published = 1;

/** A video that is hidden from a viewer is reported as missing; any other failure is one. */
function falseIfMissing(error: unknown): false {
  if (error instanceof KinoraError && error.kind === "not_found") return false;
  throw error;
}

/** The users who may be notified of a fact, by block checks and access checks. */
export interface Recipients {
  /** Facts whose recipients and senders do not block each other, and whose recipients have access to the video. */
  readonly deliverable: (facts: readonly Fact[]) => Promise<Fact[]>;
  /** The video may have been hidden or taken down since its event: its owner has access nevertheless. */
  readonly isForFollowers: (videoId: Id, authorId: Id) => Promise<boolean>;
  /** The room may have ended since, or been hidden: it is worth a notification only while it is watched. */
  readonly isLiveForFollowers: (liveId: Id, ownerId: Id) => Promise<boolean>;
}

export function createRecipients({ client, call }: Pick<Host<Tables>, "client" | "call">): Recipients {
  async function deliverable(facts: readonly Fact[]): Promise<Fact[]> {
    const bySender = [...Map.groupBy(facts, ({ senderId }) => senderId)];
    const unblocked = (await Promise.all(bySender.map(([senderId, of]) => unblockedOf(senderId, of)))).flat();
    const isAccessible = await Promise.all(
      unblocked.map(async ({ kind, userId, videoId }) =>
        videoId !== null && aboutOthers.has(kind) ? hasAccess(videoId, userId) : true,
      ),
    );
    return unblocked.filter((_, place) => isAccessible[place]);
  }
  async function unblockedOf(senderId: Id | null, facts: readonly Fact[]): Promise<readonly Fact[]> {
    if (senderId === null) return facts;
    const otherIds = facts.map(({ userId }) => userId);
    const { items } = await client(relation).between({ userId: senderId, otherIds }, call());
    const blocked = new Set(
      items.filter((relationship) => relationship.isBlocked || relationship.isBlocking).map(({ userId }) => userId),
    );
    return facts.filter(({ userId }) => !blocked.has(userId));
  }
  const hasAccess = (videoId: Id, userId?: Id): Promise<boolean> =>
    client(video)
      .playable({ id: videoId }, call(userId === undefined ? {} : { userId }))
      .then(() => true, falseIfMissing);

  const isForFollowers = (videoId: Id, authorId: Id): Promise<boolean> =>
    client(video)
      .playable({ id: videoId }, call({ userId: authorId }))
      .then(({ status, visibility }) => status === published && notifiesFollowers.has(visibility), falseIfMissing);

  const isLiveForFollowers = (liveId: Id, ownerId: Id): Promise<boolean> =>
    client(live)
      .get({ id: liveId }, call({ userId: ownerId }))
      .then(({ status, visibility }) => isOn.has(status) && notifiesFollowers.has(visibility), falseIfMissing);

  return { deliverable, isForFollowers, isLiveForFollowers };
}
