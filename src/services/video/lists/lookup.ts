import { Gather, type Handlers, type Host, type Id, inOrderOf } from "#kernel";
import { chaptersOfVideo } from "../details/chapters.ts";
import type { video } from "../contract.ts";
import { presentVideo } from "./presenter.ts";
import * as store from "../store.ts";
import type { ViewerAccess } from "../access/viewer-access.ts";

type Parts = Pick<ViewerAccess, "requireVisible" | "isGranted" | "listable">;

/** Single videos by id for viewers, and batches for other services. */
export function createVideoLookup(
  { db }: Pick<Host<store.Tables>, "db">,
  { requireVisible, isGranted, listable }: Parts,
): Pick<Handlers<typeof video>, "get" | "visible" | "playable"> {
  // A hidden video costs as much as a missing one (security S2.4).
  const byId = new Gather(db, async (reader, ids: readonly Id[]) =>
    inOrderOf<Id, store.Row>(ids, await store.byIds(reader, ids), ({ id }) => id),
  );

  return {
    async get({ id }, call) {
      const visible = await requireVisible(await byId.get(id), call, call);
      return presentVideo(visible.row, call, visible.isGranted);
    },

    async visible({ ids }, call) {
      const all = await byId.all(ids);
      const listed = await listable(
        all.filter((row) => row !== undefined),
        call,
      );
      return {
        items: listed.map(({ row }) => presentVideo(row, call, isGranted(row, call))),
      };
    },

    async playable({ id, isGranted: wasGranted }, call) {
      const { userId, role, unlock } = call;
      const { row, ...access } = await requireVisible(
        await byId.get(id),
        { userId, role, unlock, isGranted: wasGranted },
        call,
      );
      const { passwordHash: _, removedReason: __, fileChapters: ___, gate: ____, teaser: _____, ...publicFields } = row;
      return { ...publicFields, ...access, chapters: chaptersOfVideo(row) };
    },
  };
}
