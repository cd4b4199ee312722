import { callerOf, type Handlers, type Host } from "#kernel";
import type { interaction } from "./contract.ts";
import type { Tables } from "./store.ts";
import { modeOf } from "./danmaku/danmaku.ts";
import * as gateStore from "./gates/gate-store.ts";
import * as ownPostStore from "./posting/own-post-store.ts";

/** Posts of the caller, comments that the caller likes, and things that the caller opened. */
export const createOwnPosts = ({
  db,
}: Pick<Host<Tables>, "db">): Pick<
  Handlers<typeof interaction>,
  "ownComments" | "ownDanmaku" | "likedComments" | "ownOpenings"
> => ({
  ownComments: (page, call) => ownPostStore.comments(db.read(call), callerOf(call), page),
  likedComments: (page, call) => ownPostStore.likedComments(db.read(call), callerOf(call), page),
  ownOpenings: (page, call) => gateStore.openingsOf(db.read(call), callerOf(call), page),
  async ownDanmaku(page, call) {
    const { items, ...paging } = await ownPostStore.danmaku(db.read(call), callerOf(call), page);
    return { ...paging, items: items.map((danmaku) => ({ ...danmaku, mode: modeOf(danmaku.mode) })) };
  },
});
