import type { Handlers, Host } from "#kernel";
import { type video, VideoNotFound } from "../contract.ts";
import * as store from "../store.ts";
import type { Publication } from "./publication.ts";

/** The past of videos that are imported. */
export const createBackdate = (
  { db }: Pick<Host<store.Tables>, "db">,
  { emitUpdated }: Pick<Publication, "emitUpdated">,
): Pick<Handlers<typeof video>, "backdate"> => ({
  async backdate({ id, publishedAtMs }) {
    return db.answer(async (tx) => {
      const before = await store.lock(tx, id);
      if (!before || before.publishedAtMs === null) throw VideoNotFound({});
      if (before.publishedAtMs > publishedAtMs) {
        await store.backdate(tx, id, publishedAtMs);
        await emitUpdated(tx, before, (await store.byId(tx, id)) ?? before, ["published_at"]);
      }
      return {};
    });
  },
});
