import { type Host, job, type JobKind, type Schedule } from "#kernel";
import type { Horizon } from "#kernel/db/changes";
import { SearchIndex } from "../index/search-index.ts";
import { framesIn } from "../index/snapshot/frames.ts";
import { indexStateOf } from "../index/snapshot/snapshot.ts";
import type { Tables } from "../store.ts";
import { snapshotInBackground } from "./background-merge.ts";
import type { Restored, SearchMemory } from "./memory.ts";
import { changedSince } from "./memory-store.ts";
import * as snapshotStore from "./snapshot-store.ts";

const space = "search";
/** Raised where texts are analysed in another way, or documents have other fields: older snapshots are not read then. */
const format = 2;
/** The one before may be read by a process at its start. */
const keptMax = 2;
/** A snapshot object without a record, left by a crash, is removed after this time. */
const orphanMs = 24 * 3_600_000;
/** Fewer changed rows are read anew at a start. */
const changesMin = 1_000;
/** Whatever changed is in another snapshot after this: names of deleted files and accounts leave them. */
const renewedMs = 24 * 3_600_000;
const changedShareMin = 0.1;
const writeSnapshot = "write_snapshot";

type Parts = Pick<Host<Tables>, "db" | "blob" | "now" | "log" | "jobs" | "nextId">;

/** The index as it was at the last snapshot of the table; undefined where there is none, or none that can be read. */
export async function restoredFrom(
  { db, blob, log }: Pick<Parts, "db" | "blob" | "log">,
  horizon: Horizon,
): Promise<Restored | undefined> {
  const row = await snapshotStore.latestOf(db, horizon, format);
  if (!row) return undefined;
  try {
    const reader = await blob.open(row.key);
    if (!reader) throw new Error("the object of the snapshot is missing");
    try {
      const bytes = new Uint8Array(reader.sizeBytes);
      for (let at = 0; at < bytes.length; ) {
        const piece = await reader.read(at, Math.min(2 ** 20, bytes.length - at));
        if (piece.length === 0) throw new Error("the object of the snapshot is shorter than it was");
        bytes.set(piece, at);
        at += piece.length;
      }
      const index = new SearchIndex(indexStateOf(framesIn(bytes)));
      return { index, horizon: { endedTx: row.ended_tx, storage: row.storage } };
    } finally {
      await reader.close();
    }
  } catch (err) {
    log.warn("the snapshot of the search index cannot be read; the index is built anew", { err });
    return undefined;
  }
}

/** Snapshots of the index: written where much changed, so that a start reads few rows. */
export interface Snapshots {
  /** Writes what this process has, after it followed the table. */
  readonly write: (signal: AbortSignal) => Promise<void>;
  readonly jobs: JobKind[];
  readonly schedules: Schedule[];
}

export function createSnapshots({ db, blob, now, jobs, nextId }: Parts, memory: SearchMemory): Snapshots {
  async function write(signal: AbortSignal): Promise<void> {
    await memory.refresh();
    const { horizon, index } = memory;
    if (!horizon) return;
    const documents = index.size;
    const frames = await snapshotInBackground(index.segments, signal);
    const writer = await blob.create(space);
    let key: string;
    try {
      for (const frame of frames) await writer.write(frame);
      key = (await writer.commit()).key;
    } catch (error) {
      await writer.abort();
      throw error;
    }
    const { endedTx, storage } = horizon;
    const row = { id: nextId(), key, format, ended_tx: endedTx, storage, documents, created_at_ms: now() };
    await db.tx((tx) => snapshotStore.insert(tx, row));
    await sweep();
  }

  /** Removes objects that no row names any longer. */
  async function sweep(): Promise<void> {
    const before = new Set((await db.selectFrom("search.snapshots").select("key").execute()).map(({ key }) => key));
    const kept = new Set(await db.tx((tx) => snapshotStore.deleteOldest(tx, keptMax)));
    for await (const { key, changedAtMs } of blob.list(space))
      if (!kept.has(key) && (before.has(key) || changedAtMs < now() - orphanMs)) await blob.remove(key);
  }

  async function isDue(): Promise<boolean> {
    const last = await snapshotStore.latest(db);
    const isOld = last !== undefined && last.created_at_ms < now() - renewedMs;
    const due = isOld ? 1 : Math.max(changesMin, changedShareMin * (last?.documents ?? 0));
    return (await changedSince(db, last?.format === format ? last.ended_tx : 0, due)) >= due;
  }

  const snapshotJob: JobKind = job<object>({
    kind: writeSnapshot,
    concurrency: 1,
    attemptsMax: 3,
    leaseMs: 60_000,
    async run(running) {
      await write(running.signal);
      await running.finish(async () => undefined);
    },
  });
  const schedule: Schedule = {
    name: "search.snapshot",
    pattern: "*/5 * * * *",
    run: async () => {
      if (!(await isDue())) return;
      await db.tx((tx) => jobs.add(tx, writeSnapshot, { payload: {}, uniqueKey: writeSnapshot }));
    },
  };
  return { write, jobs: [snapshotJob], schedules: [schedule] };
}
