import { captionsAdded, captionsRemoved, mediaDeleted } from "#events/media";
import { type Host, type Id, job, type JobKind, on, type Subscription, type Tx } from "#kernel";
import { type Projection, createReplicaProjection } from "#kernel/db/projection";
import { deletedAmong } from "#policy/copies/deleted-users";
import { media } from "#services/media/contract";
import type { Tables } from "../store.ts";
import * as captionStore from "./caption-store.ts";

const readCaptions = "read_captions";
type Key = captionStore.CaptionsKey;
type Parts = Pick<Host<Tables>, "db" | "client" | "call" | "jobs">;

/** Texts of captions: an event says that they are there, and a job reads them. */
export function createCaptions({ db, client, call: newCall, jobs }: Parts) {
  async function add(tx: Tx<Tables>, captions: captionStore.NewCaptions): Promise<boolean> {
    if ((await deletedAmong(tx, [captions.userId])).size > 0) return false;
    if (!(await captionStore.add(tx, captions))) return false;
    await enqueue(tx, captions);
    return true;
  }

  const enqueue = (tx: Tx<Tables>, { mediaId, captionsId }: Key) =>
    jobs.add(tx, readCaptions, { payload: { mediaId, captionsId }, uniqueKey: `${readCaptions} ${captionsId}` });

  const readJob: JobKind = job<Key>({
    kind: readCaptions,
    concurrency: 1,
    attemptsMax: 10,
    leaseMs: 60_000,
    async run(running) {
      const { traceId, signal, payload } = running;
      const { items } = await client(media).captionCues(payload, newCall({ traceId, signal }));
      // The captions may have been removed before their event came.
      await running.finish((tx) =>
        items.length > 0 ? captionStore.setCues(tx, payload, items) : captionStore.remove(tx, payload),
      );
    },
  });

  const subscriptions: Subscription<Tables>[] = [
    on(captionsAdded, async (tx: Tx<Tables>, captions) => void (await add(tx, captions))),
    on(captionsRemoved, (tx: Tx<Tables>, captions) => captionStore.remove(tx, captions)),
    on(mediaDeleted, (tx: Tx<Tables>, { mediaId }) => captionStore.removeOfMedia(tx, mediaId)),
  ];

  const projection: Projection = createReplicaProjection({
    listStored: (after, limit) => captionStore.listByMedia(db, after, limit),
    listOwned: async (page, call) => (await client(media).captionBatch(page, call)).items,
    idOf: ({ mediaId }) => mediaId,
    async repair(deleted, owned, _call, stored) {
      const repaired: Id[] = [];
      for (const { id } of deleted) {
        await db.tx((tx) => captionStore.removeOfMedia(tx, id));
        repaired.push(id);
      }
      for (const { mediaId, userId, captions } of owned) {
        const here = stored.get(mediaId)?.captions ?? [];
        const ids = new Set(captions.map(({ captionsId }) => captionsId));
        const removed = here.filter(({ captionsId }) => !ids.has(captionsId));
        const unread = here.filter(({ captionsId, isRead }) => !isRead && ids.has(captionsId));
        const isChanged = await db.tx(async (tx) => {
          for (const { captionsId } of removed) await captionStore.remove(tx, { mediaId, captionsId });
          for (const { captionsId } of unread) await enqueue(tx, { mediaId, captionsId });
          const added = await Array.fromAsync(captions, (track) => add(tx, { mediaId, userId, ...track }));
          return removed.length > 0 || added.includes(true);
        });
        if (isChanged) repaired.push(mediaId);
      }
      return repaired.map((id) => `media object ${id} had other captions in search`);
    },
  });

  return { jobs: [readJob], subscriptions, projection };
}
