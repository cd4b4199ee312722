import { isActive, isObject, isOver, type Item } from "#parts/upload/queue/item.ts";

/** The details of a file on its way to the drive, as rules without a network. */

export type Conflict = "rename" | "replace" | "skip";

/** The place of a file in the drive. */
export interface Details {
  /** The folders it came in, such as `a/b`; empty for a file that came alone. */
  readonly path: string;
  /** The folder that all of it was dropped on; `null` for the root. */
  readonly rootId: number | null;
  /** The folder of the file, once the folders of its path are there. */
  readonly folderId: number | null;
  readonly conflict: Conflict | null;
}

export const isDetails = (value: unknown): value is Details =>
  isObject(value) && typeof value["path"] === "string" && "rootId" in value && "folderId" in value;

/** The place that was found for an item: the user decides about a taken name, unless a choice was made before. Pure. */
export const placementOf = (
  { details }: Pick<Item<Details>, "details">,
  folderId: number | null,
  isTaken: boolean,
) => ({
  kind: "placed" as const,
  details: { ...details, folderId },
  isAsking: isTaken && details.conflict === null,
});

/** The progress of all items. A skipped one counts as nothing. Pure. */
export function totalsOf(items: Iterable<Pick<Item, "status" | "sizeBytes" | "sentBytes">>) {
  const totals = { count: 0, over: 0, active: 0, asking: 0, failed: 0, lost: 0, paused: 0, sizeBytes: 0, sentBytes: 0 };
  for (const item of items) {
    const { status, sizeBytes, sentBytes } = item;
    totals.count += 1;
    if (isOver(item)) totals.over += 1;
    if (isActive(item)) totals.active += 1;
    if (status === "asking" || status === "failed" || status === "lost" || status === "paused") totals[status] += 1;
    if (status === "skipped") continue;
    totals.sizeBytes += sizeBytes;
    totals.sentBytes += sentBytes;
  }
  return totals;
}
