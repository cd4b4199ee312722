import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { DiskBlobStore } from "#kernel/blob/disk/disk";
import { openDb } from "#kernel/db/pool";
import { realDisk } from "#kernel/environment/disk";
import { noFailpoints } from "#kernel/environment/failpoint";
import { startPostgres } from "#kernel/postgres/postgres";
import { sweepPieces, sweepUploads } from "../../../src/services/upload/storage/orphans.ts";
import type { Tables } from "../../../src/services/upload/store.ts";

const hourMs = 3_600_000;

/** The server's hourly sweep, on a stopped folder; yields how much it removed. */
export async function sweep(data: string): Promise<number> {
  await using server = await startPostgres(data);
  const db = openDb<Tables>({ host: server.socket, user: server.user, database: "kinora" }, { service: "upload" });
  const blob = new DiskBlobStore({
    folder: join(data, "blobs"),
    disk: realDisk,
    failpoints: noFailpoints,
    now: Date.now,
  });
  try {
    const parts = { db, blob, writtenBeforeMs: Date.now() - 24 * hourMs, signal: new AbortController().signal };
    return (await sweepUploads(parts)) + (await sweepPieces(parts));
  } finally {
    await db.close();
  }
}

/** Makes files look as old as what the sweeper takes for forgotten. */
export async function forget(paths: readonly string[]): Promise<void> {
  const before = new Date(Date.now() - 26 * hourMs);
  for (const path of paths) await utimes(path, before, before);
}
