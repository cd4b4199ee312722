import type { BlobStore, Db } from "#kernel";
import { removeOrphans } from "#kernel/blob/orphans";
import * as contentStore from "../completion/content-store.ts";
import * as pieceStore from "../sessions/piece-store.ts";
import * as store from "../store.ts";

interface SweepParts {
  readonly db: Db<store.Tables>;
  readonly blob: BlobStore;
  readonly writtenBeforeMs: number;
  readonly signal: AbortSignal;
}

/** Removes stored bytes that never became a file, such as bytes of a process that died in between; yields how many. */
export const sweepUploads = ({ db, ...parts }: SweepParts): Promise<number> =>
  removeOrphans({
    ...parts,
    space: "upload",
    findReferred: (keys) => contentStore.findReferenced(db, keys),
    unlessReferred: (key, remove) =>
      db.tx(async (tx) => {
        await contentStore.lockKey(tx, key);
        if (!(await contentStore.findReferenced(tx, [key])).has(key)) await remove();
      }),
  });

const batch = 500;

/**
 * Removes pieces that no upload has, such as the piece of a chunk whose process died before it was recorded; returns
 * how many.
 */
export async function sweepPieces({ db, blob, writtenBeforeMs, signal }: SweepParts): Promise<number> {
  let removed = 0;
  let names: string[] = [];
  const look = async () => {
    const knownNames = await pieceStore.knownPieces(db, names);
    const unknown = names.filter((name) => !knownNames.has(name));
    await blob.drop(unknown);
    removed += unknown.length;
    names = [];
  };
  for await (const { name, changedAtMs } of blob.pieces()) {
    if (signal.aborted) return removed;
    if (changedAtMs < writtenBeforeMs && names.push(name) === batch) await look();
  }
  await look();
  return removed;
}
