import { type Call, type Client, Gather, type Host, type Id, inOrderOf } from "#kernel";
import { relation, TheyBlockYou, YouBlockThem } from "#services/relation/contract";
import { BadToken } from "#services/auth/contract";
import { UserNotFound, user } from "#services/user/contract";
import { VideoNotFound, video } from "#services/video/contract";
import { ListHidden } from "./contract.ts";
import type { Noted, Tables } from "./store.ts";
import * as store from "./store.ts";

type Playable = Awaited<ReturnType<Client<typeof video>["playable"]>>;

/** What others tell about the things people act on. */
export interface Seen {
  /** The video. @throws VideoNotFound when the caller may not see it. */
  video(id: Id, call: Call): Promise<Playable>;
  /** Whose video it is; of public ones without asking anybody. @throws VideoNotFound when the caller may not see it. */
  author(id: Id, call: Call): Promise<Id>;
  /** @throws YouBlockThem or TheyBlockYou where the caller and one of these do not want to hear of each other. */
  heard(by: readonly Id[], call: Call): Promise<void>;
  /** Whom the caller does not meet in lists. */
  hidden(call: Call): Promise<readonly Id[]>;
  /** @throws UserNotFound, and ListHidden where the owner shows this list to nobody. */
  list(userId: Id, which: "showLikes" | "showFavorites", call: Call): Promise<void>;
}

export function seenOf({ db, client, call: newCall }: Pick<Host<Tables>, "db" | "client" | "call">): Seen {
  const as = ({ userId, role, unlock, traceId, signal }: Call) =>
    newCall({
      traceId,
      signal,
      ...(userId !== undefined && { userId }),
      ...(role && { role }),
      ...(unlock !== undefined && { unlock }),
    });
  const publicOnes = new Gather(db, async (reader, ids: readonly Id[]) =>
    inOrderOf(ids, await store.publicOnes(reader, ids), ({ videoId }) => videoId),
  );
  return {
    video: (id, call) => client(video).playable({ id }, as(call)),

    async author(id, call) {
      const known = await publicOnes.one(id);
      return known?.authorId ?? (await client(video).playable({ id }, as(call))).userId;
    },

    async heard(by, call) {
      const { userId } = call;
      const otherIds = [...new Set(by)].filter((id) => id !== userId);
      if (userId === undefined || otherIds.length === 0) return;
      const { items } = await client(relation).towards({ userId, otherIds }, as(call));
      if (items.some(({ isBlocked }) => isBlocked)) throw YouBlockThem({});
      if (items.some(({ isBlocking }) => isBlocking)) throw TheyBlockYou({});
    },

    async hidden(call) {
      const { userId } = call;
      return userId === undefined ? [] : (await client(relation).hiddenFrom({ userId }, as(call))).userIds;
    },

    async list(userId, which, call) {
      const { items } = await client(user).privacy({ ids: [userId] }, as(call));
      const [shown] = items;
      if (!shown) throw UserNotFound({});
      if (userId !== call.userId && !shown[which]) throw ListHidden({});
    },
  };
}

/** @throws VideoNotFound, or BadToken, when the video or the caller is gone, so that nothing of this is committed. */
export function isNew(noted: Noted): boolean {
  if (noted === "gone") throw VideoNotFound({});
  if (noted === "nobody") throw BadToken({});
  return noted === "new";
}
