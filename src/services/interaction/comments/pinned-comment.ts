import type { Call, Host, Id } from "#kernel";
import { can } from "#policy/can";
import { CommentNotFound, NotYoursToPin } from "../contract.ts";
import type { Tables } from "../store.ts";
import { ownedBy, type ReadableComment } from "./comment-access.ts";
import * as commentStore from "./comment-store.ts";

/** The one comment that the owner of a video pins to the top of it. */
export function createPinnedComment({ db }: Pick<Host<Tables>, "db">, readable: ReadableComment) {
  async function setPinned(id: Id, isPinned: boolean, call: Call) {
    await readable(await commentStore.byId(db, id), call);
    await db.tx(async (tx) => {
      const row = await commentStore.lock(tx, id);
      if (!row || row.rootId !== null) throw CommentNotFound({});
      if (!can(call, "change", ownedBy(row.videoAuthorId))) throw NotYoursToPin({});
      if (isPinned || row.isPinned === 1) await commentStore.pin(tx, row.videoId, isPinned ? id : null);
    });
    return {};
  }

  return {
    pin: ({ id }: { id: Id }, call: Call) => setPinned(id, true, call),
    unpin: ({ id }: { id: Id }, call: Call) => setPinned(id, false, call),
  };
}
