import { Gather, type Handlers, type Host, type Id, inOrderOf } from "#kernel";
import { chaptersOf } from "../details/chapters.ts";
import type { video } from "../contract.ts";
import { shown } from "./presenter.ts";
import * as store from "../store.ts";
import type { watching } from "../access/viewer-access.ts";

type Parts = Pick<ReturnType<typeof watching>, "seen" | "isGranted" | "metOf">;

/** Videos that are named: by whoever looks at one, and by services that show some or play one. */
export function viewing(
  { db }: Pick<Host<store.Tables>, "db">,
  { seen, isGranted, metOf }: Parts,
): Pick<Handlers<typeof video>, "get" | "visible" | "playable"> {
  // One that may not be seen costs what one costs that is not there (security S2.4).
  const named = new Gather(db, async (reader, ids: readonly Id[]) =>
    inOrderOf<Id, store.Row>(ids, await store.byIds(reader, ids), ({ id }) => id),
  );

  return {
    async get({ id }, call) {
      const found = await seen(await named.one(id), call, call);
      return shown(found.row, call, found.isGranted);
    },

    async visible({ ids }, call) {
      const all = await named.all(ids);
      const met = await metOf(
        all.filter((row) => row !== undefined),
        call,
      );
      return { items: met.map(({ row, tie }) => shown(row, call, isGranted(row, call, tie))) };
    },

    async playable({ id, isGranted: wasGranted }, call) {
      const { userId, role, unlock } = call;
      const { row, ...found } = await seen(await named.one(id), { userId, role, unlock, isGranted: wasGranted }, call);
      const { passwordHash: _, removedReason: __, ...told } = row;
      return { ...told, ...found, chapters: chaptersOf(row.description, row.durationMs) };
    },
  };
}
