import { type Call, type Client, type Host, type Id } from "#kernel";
import { UserNotFound, user } from "#services/user/contract";
import { VideoNotFound, video } from "#services/video/contract";
import { ListHidden } from "./contract.ts";
import type { Noted, Tables } from "./store.ts";
import * as store from "./store.ts";

type Playable = Awaited<ReturnType<Client<typeof video>["playable"]>>;

/** What others tell about the things people act on. */
export interface Seen {
  /** The video. @throws VideoNotFound when the caller may not see it. */
  video(id: Id, asked: Call): Promise<Playable>;
  /** Whose video it is; of public ones without asking anybody. @throws VideoNotFound when the caller may not see it. */
  author(id: Id, asked: Call): Promise<Id>;
  /** @throws UserNotFound, and ListHidden where the owner shows this list to nobody. */
  list(userId: Id, which: "showLikes" | "showFavorites", asked: Call): Promise<void>;
}

export function seenOf({ db, client, call }: Pick<Host<Tables>, "db" | "client" | "call">): Seen {
  const as = ({ userId, role, traceId, signal }: Call) =>
    call({ traceId, signal, ...(userId !== undefined && { userId }), ...(role && { role }) });
  return {
    video: (id, asked) => client(video).playable({ id }, as(asked)),

    async author(id, asked) {
      const [known] = await store.publicOnes(db, [id]);
      return known?.authorId ?? (await client(video).playable({ id }, as(asked))).userId;
    },

    async list(userId, which, asked) {
      const { items } = await client(user).privacy({ ids: [userId] }, as(asked));
      const [shown] = items;
      if (!shown) throw UserNotFound({});
      if (userId !== asked.userId && !shown[which]) throw ListHidden({});
    },
  };
}

/** @throws VideoNotFound when it was deleted after it was seen, so that nothing of this is committed. */
export function isNew(noted: Noted): boolean {
  if (noted === "gone") throw VideoNotFound({});
  return noted === "new";
}

