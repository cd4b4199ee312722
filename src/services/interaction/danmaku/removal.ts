import { audited, type Call, callerOf, type Host, type Id } from "#kernel";
import { can } from "#policy/can";
import type { ViewerAccess } from "../access.ts";
import { DanmakuNotFound, NotYourComment } from "../contract.ts";
import type { Tables } from "../store.ts";
import { ownerOf } from "./danmaku-access.ts";
import * as danmakuStore from "./danmaku-store.ts";

/** Removal of a danmaku by its author, by the owner of the video or by a moderator. */
export const createDanmakuRemoval = (
  { db, emit, now }: Pick<Host<Tables>, "db" | "emit" | "now">,
  access: ViewerAccess,
) => ({
  async unsayAt({ id }: { id: Id }, call: Call) {
    const row = await danmakuStore.byId(db, id);
    if (!row) throw DanmakuNotFound({});
    const owner = await ownerOf(access, row.videoId, call);
    const isOwn = [row.userId, owner].some((ownerId) =>
      can(call, "delete", { ownerId, visibility: "public", isPublished: true }),
    );
    const isModerating = can(call, "moderate", { ownerId: row.userId, visibility: "public", isPublished: true });
    if (!isOwn && !isModerating) throw NotYourComment({});
    await db.tx(async (tx) => {
      await danmakuStore.remove(tx, row);
      const actorId = callerOf(call);
      if (row.userId !== actorId)
        await emit(tx, audited, id, {
          act: "danmaku.removed",
          actorId,
          subject: { kind: "danmaku", id },
          atMs: now(),
        });
    });
    return {};
  },
});
