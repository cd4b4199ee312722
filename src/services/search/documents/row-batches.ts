import type { MemoryRow, RowKey } from "./memory-store.ts";

export const batchMax = 200;
/** Texts of that many units are analysed before others have their turn: some milliseconds. */
export const unitsAtOnce = 10_000;

type ReadRows = (after: RowKey) => Promise<readonly MemoryRow[]>;

/** Rows in the order of their keys, `batchMax` at a time. */
export async function* rowBatches(read: ReadRows, first: RowKey): AsyncGenerator<readonly MemoryRow[]> {
  for (let after = first; ; ) {
    const rows = await read(after);
    yield rows;
    const last = rows.at(-1);
    if (rows.length < batchMax || !last) return;
    after = last;
  }
}

/**
 * The rows of these keys, `batchMax` at a time. A change may be of as many rows as a folder has files: what changed is asked
 * once, and not again for each batch.
 */
export async function* rowsByKey(
  keys: readonly RowKey[],
  read: (some: readonly RowKey[]) => Promise<readonly MemoryRow[]>,
): AsyncGenerator<readonly MemoryRow[]> {
  for (let at = 0; at < keys.length; at += batchMax) yield await read(keys.slice(at, at + batchMax));
}

export const unitsOf = ({ title, description, captions, tags, hashtags }: MemoryRow): number =>
  200 + title.length + description.length + (captions?.length ?? 0) + [...tags, ...hashtags].join(" ").length;
