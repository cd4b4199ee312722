import { objectDamaged } from "#events/transfer";
import { type Host, type Id, on, type Subscription, type Tx } from "#kernel";
import { readable } from "#kernel/blob/damaged";
import * as store from "../store.ts";
import * as outputStore from "./output-store.ts";
import type { Release } from "./release.ts";
import * as taskStore from "./task-store.ts";
import { requestTranscode } from "./tasks.ts";

type OutputHost = Pick<Host<store.Tables>, "blob" | "db" | "emit" | "nextId" | "now" | "log">;

/**
 * Makes outputs again that no store has whole, from the original where that is intact: everything that is made of it, as
 * at its upload. A damaged rendition is in no manifest until then.
 */
export function damagedOutputs(host: OutputHost, release: Pick<Release, "later">): Subscription<store.Tables>[] {
  const { blob, now, log } = host;

  async function remake(tx: Tx<store.Tables>, mediaId: Id, key: string): Promise<void> {
    const row = await store.lock(tx, mediaId);
    if (row?.status !== "ready" || row.kind === "image") return;
    const latest = await taskStore.latestTask(tx, mediaId);
    // The running task reads the same original, and stores its results anew.
    if (latest?.status === "queued" || latest?.status === "running") return;
    if (!(await readable(blob, row.sourceKey))) return;
    for (const profile of await outputStore.profilesWith(tx, mediaId, key)) {
      const keys = await outputStore.dropRendition(tx, mediaId, profile, now());
      await release.later(tx, { mediaId, keys, profile });
    }
    await outputStore.forgetSoundsWith(tx, mediaId, key);
    await requestTranscode(host, tx, row, { profiles: [], isFirst: true });
    log.warn("damaged outputs are made again from their original", { mediaId, key });
  }

  return [
    on(objectDamaged, async (tx: Tx<store.Tables>, { space, hash }) => {
      if (space !== "media") return;
      const key = `media/${hash}`;
      // The object is damaged in one store, and another one has it.
      if (await readable(blob, key)) return;
      for (const mediaId of await outputStore.mediaWithOutput(tx, key)) await remake(tx, mediaId, key);
    }),
  ];
}
