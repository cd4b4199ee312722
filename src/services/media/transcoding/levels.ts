import { type BlobStore, type Host, job } from "#kernel";
import { bytesOf } from "#kernel/blob/object-bytes";
import { leastLevel } from "#media/renditions/level";
import type { TrackIndex } from "#media/mp4/indexer";
import { statedLevel, withLevel } from "#media/mp4/stated-level";
import { storeObject } from "../objects/stored-object.ts";
import * as store from "../store.ts";
import * as levelStore from "./level-store.ts";
import type { Release } from "./release.ts";

type LevelHost = Pick<Host<store.Tables>, "db" | "blob" | "jobs" | "log">;

/** From here on no picture of ours is: 8K, and half of that at 120 a second. */
const suspectLevel = 60;
const mediaOfStep = 20;
const readBytes = 4 * 2 ** 20;
const kind = "levels";

/**
 * Corrects renditions that claim an H.264 level of 6.0 or more and need far less: FFmpeg 6.1 and later made x264 take ticks
 * for pictures, and devices refuse such a level. Only bytes of the header change, so that every byte range stays what it
 * was: a viewer who is watching goes on.
 */
export function createLevelRepair({ db, blob, jobs, log }: LevelHost, release: Release) {
  /** The corrected file and index; undefined where nothing is to be done. */
  async function correctLevel(row: levelStore.LeveledRow): Promise<{ key: string; indexKey: string } | undefined> {
    const text = await bytesOf(blob, row.indexKey);
    // The transcoder wrote it.
    const index = text && (JSON.parse(text.toString()) as TrackIndex);
    if (!index || !isSuspect(index)) return undefined;
    const header = await bytesOf(blob, row.key, index.init.size);
    const stated = header && statedLevel(header);
    if (!stated) return undefined;
    const bits = { maxrateBps: index.peakBps, bufferBits: 2 * index.peakBps };
    const level = leastLevel({ ...row, ...bits, keptPictures: stated.keptPictures, isHigh: stated.isHigh });
    if (level >= stated.level) return undefined;
    const key = await copyWith(blob, row.key, withLevel(header, stated, level));
    const codec = index.codec.slice(0, -2) + level.toString(16).padStart(2, "0");
    if (key === undefined) return undefined;
    const stored = await storeObject(blob, Buffer.from(JSON.stringify({ ...index, codec })));
    return { key, indexKey: stored.key };
  }

  const repairJob = job<object>({
    kind,
    concurrency: 1,
    priority: -10,
    attemptsMax: 8,
    leaseMs: 60_000,
    async run(running) {
      let count = 0;
      for (;;) {
        const after = await levelStore.lastCheckedId(db);
        const rows = after === undefined ? [] : await levelStore.renditionsAfter(db, after, mediaOfStep);
        const last = rows.at(-1)?.mediaId;
        if (last === undefined) break;
        for (const row of rows) {
          if (running.signal.aborted) return;
          const replacement = await correctLevel(row);
          if (!replacement) continue;
          await running.step<store.Tables>(async (tx) => {
            const isThere = (await store.lock(tx, row.mediaId)) !== undefined;
            if (!isThere || !(await levelStore.replaceFile(tx, row, replacement))) return;
            count += 1;
            // A process that looked the rendition up before still reads it.
            await release.later(tx, { mediaId: row.mediaId, keys: [row.key, row.indexKey] });
          });
        }
        await running.step<store.Tables>(async (tx) => void (await levelStore.setLooked(tx, last, false)));
      }
      if (count > 0) log.info("renditions with a false H.264 level were corrected", { count });
      await running.finish<store.Tables>(async (tx) => void (await levelStore.setLooked(tx, 0, true)));
    },
  });

  return {
    jobs: [repairJob],
    schedules: [
      {
        name: "media.levels",
        pattern: "13 * * * *",
        async run() {
          if ((await levelStore.lastCheckedId(db)) !== undefined)
            await db.tx((tx) => jobs.add(tx, kind, { payload: {}, uniqueKey: kind }));
        },
      },
    ],
  };
}

/** Recordings of live streams hold more than one header, and their encoder was not ours. */
const isSuspect = ({ codec, init }: TrackIndex): boolean =>
  init.offset === 0 && codec.startsWith("avc1.") && Number.parseInt(codec.slice(-2), 16) >= suspectLevel;

/** The same object behind another header; undefined where it was deleted. */
async function copyWith(blob: BlobStore, formerKey: string, header: Uint8Array): Promise<string | undefined> {
  const object = await blob.open(formerKey);
  if (!object) return undefined;
  const writer = await blob.create("media");
  try {
    await writer.write(header);
    for (let at = header.byteLength; at < object.sizeBytes; at += readBytes)
      await writer.write(await object.read(at, readBytes));
    return (await writer.commit()).key;
  } finally {
    await writer.abort();
    await object.close();
  }
}
