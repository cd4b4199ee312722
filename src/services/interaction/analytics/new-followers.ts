import { userFollowed, userUnfollowed } from "#events/relation";
import { on, type Subscription, type Tx } from "#kernel";
import { deletedAmong } from "#policy/copies/deleted-users";
import type { Tables } from "../store.ts";
import { dayOf } from "./day-store.ts";
import * as followerStore from "./new-follower-store.ts";

/** New followers by the day they came on, and by the video they had just watched; those who leave do not count. */
export const followerSubscriptions: readonly Subscription<Tables>[] = [
  on(userFollowed, async (tx: Tx<Tables>, { userId, targetId, atMs }) => {
    if ((await deletedAmong(tx, [userId, targetId])).size > 0) return;
    await followerStore.add(tx, { author_id: targetId, follower_id: userId, day: dayOf(atMs) });
  }),
  on(userUnfollowed, (tx: Tx<Tables>, { userId, targetId }) => followerStore.remove(tx, targetId, userId)),
];
