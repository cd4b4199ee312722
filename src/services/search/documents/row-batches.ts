import type { MemoryRow, RowKey } from "./memory-store.ts";

export const batchMax = 200;
/** Texts of that many units are analysed before others have their turn: some milliseconds. */
export const unitsAtOnce = 10_000;

export type ReadRows = (after: RowKey) => Promise<readonly MemoryRow[]>;

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

export const unitsOf = ({ title, description, captions, tags, hashtags }: MemoryRow): number =>
  200 + title.length + description.length + (captions?.length ?? 0) + [...tags, ...hashtags].join(" ").length;
