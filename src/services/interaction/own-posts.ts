import { callerOf, type Handlers, type Host } from "#kernel";
import type { interaction } from "./contract.ts";
import type { Tables } from "./store.ts";
import { modeOf } from "./danmaku/danmaku.ts";
import * as ownPostStore from "./posting/own-post-store.ts";

/** The comments and danmaku of the caller. */
export const createOwnPosts = ({
  db,
}: Pick<Host<Tables>, "db">): Pick<Handlers<typeof interaction>, "ownComments" | "ownDanmaku"> => ({
  ownComments: (page, call) => ownPostStore.comments(db.read(call), callerOf(call), page),
  async ownDanmaku(page, call) {
    const { items, ...paging } = await ownPostStore.danmaku(db.read(call), callerOf(call), page);
    return { ...paging, items: items.map((danmaku) => ({ ...danmaku, mode: modeOf(danmaku.mode) })) };
  },
});
