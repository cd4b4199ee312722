import { BadToken } from "#policy/account";
import { asViewer, type Call, type Client, type Host, type Id } from "#kernel";
import { relation, TheyBlockYou, YouBlockThem } from "#services/relation/contract";
import { UserNotFound, user } from "#services/user/contract";
import { VideoNotFound, video } from "#services/video/contract";
import { ListHidden } from "./contract.ts";
import type { RowOutcome, Tables } from "./store.ts";

type Playable = Awaited<ReturnType<Client<typeof video>["playable"]>>;

/**
 * Access checks: what the caller may see of videos, and of other users. The owner of a video decides: the local copies follow
 * by events, and would accept acts on a video that was deleted or made private a moment ago.
 */
export interface ViewerAccess {
  /** A video. @throws VideoNotFound when the caller may not see it. */
  video(id: Id, call: Call): Promise<Playable>;
  /** The length of a video in milliseconds. @throws VideoNotFound when the caller may not see it. */
  lengthMs(id: Id, call: Call): Promise<number>;
  /** The author of a video. @throws VideoNotFound when the caller may not see it. */
  author(id: Id, call: Call): Promise<Id>;
  /** @throws YouBlockThem or TheyBlockYou where the caller blocks one of these users, or one of these the caller. */
  requireNoBlock(userIds: readonly Id[], call: Call): Promise<void>;
  /** The users that are hidden from the caller in lists, by blocks either way. */
  hiddenUsers(call: Call): Promise<readonly Id[]>;
  /** @throws UserNotFound, and ListHidden where its owner hides this list. */
  requireListVisible(userId: Id, which: "showLikes" | "showFavorites", call: Call): Promise<void>;
}

export function createViewerAccess({ client, call: newCall }: Pick<Host<Tables>, "client" | "call">): ViewerAccess {
  return {
    video: (id, call) => client(video).playable({ id }, newCall(asViewer(call))),

    lengthMs: async (id, call) => (await client(video).playable({ id }, newCall(asViewer(call)))).durationMs,

    author: async (id, call) => (await client(video).playable({ id }, newCall(asViewer(call)))).userId,

    async requireNoBlock(userIds, call) {
      const { userId } = call;
      const otherIds = [...new Set(userIds)].filter((id) => id !== userId);
      if (userId === undefined || otherIds.length === 0) return;
      const { items } = await client(relation).towards({ userId, otherIds }, newCall(asViewer(call)));
      if (items.some(({ isBlocked }) => isBlocked)) throw YouBlockThem({});
      if (items.some(({ isBlocking }) => isBlocking)) throw TheyBlockYou({});
    },

    async hiddenUsers(call) {
      const { userId } = call;
      return userId === undefined
        ? []
        : (await client(relation).hiddenFrom({ userId }, newCall(asViewer(call)))).userIds;
    },

    async requireListVisible(userId, which, call) {
      const { items } = await client(user).privacy({ ids: [userId] }, newCall(asViewer(call)));
      const [privacy] = items;
      if (!privacy) throw UserNotFound({});
      if (userId !== call.userId && !privacy[which]) throw ListHidden({});
    },
  };
}

/** @throws VideoNotFound or BadToken where the video or the caller is deleted, so that the transaction is rolled back. */
export function isNew(outcome: RowOutcome): boolean {
  if (outcome === "video_deleted") throw VideoNotFound({});
  if (outcome === "user_deleted") throw BadToken({});
  return outcome === "new";
}
