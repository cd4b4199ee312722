/** The queue of files on their way, as rules without a clock, a network or a memory. */

export type Conflict = "rename" | "replace" | "skip";

/**
 * `preparing`: its folder is made and its name looked up; `asking`: the name is taken and the user has to decide;
 * `lost`: the page was opened anew and the file has to be chosen again.
 */
export type Status = "preparing" | "asking" | "waiting" | "sending" | "paused" | "failed" | "lost" | "done" | "skipped";

/** One file; all of it survives a reload. */
export interface Item {
  readonly key: string;
  readonly userId: number;
  readonly name: string;
  /** The folders it came in, such as `a/b`; empty for a file that came alone. */
  readonly path: string;
  /** The folder that all of it was dropped on; `null` for the root. */
  readonly rootId: number | null;
  /** The folder of the file; `undefined` until the folders of its path are there. */
  readonly folderId: number | null | undefined;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly status: Status;
  readonly conflict: Conflict | null;
  /** The address of what the server has. */
  readonly url: string | null;
  /** SHA-256 of the first MiB and of the whole, as far as they are known. */
  readonly headHash: string | null;
  readonly sha256: string | null;
  readonly sentBytes: number;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

export type Event =
  | { readonly kind: "placed"; readonly folderId: number | null; readonly isTaken: boolean }
  | { readonly kind: "choose"; readonly conflict: Conflict }
  | { readonly kind: "start" | "pause" | "resume" | "lose" | "find" | "done" }
  | { readonly kind: "moved"; readonly sentBytes: number }
  | { readonly kind: "begun"; readonly url: string; readonly headHash: string | null }
  | { readonly kind: "hashed"; readonly sha256: string }
  | {
      readonly kind: "fail";
      readonly failure: { readonly code: string; readonly message: string };
      /** The server has nothing of it any more. */
      readonly isGone: boolean;
    };

/** True if nothing more happens to it. */
export const isOver = ({ status }: Pick<Item, "status">): boolean => status === "done" || status === "skipped";

const again = (item: Item): Item => ({
  ...item,
  status: item.folderId === undefined ? "preparing" : "waiting",
  failure: null,
});

/** An item after an event; the same where the event does not concern it as it is. Pure. */
export function step(item: Item, event: Event): Item {
  const { status } = item;
  switch (event.kind) {
    case "placed":
      if (status !== "preparing") return item;
      return {
        ...item,
        folderId: event.folderId,
        status: event.isTaken && item.conflict === null ? "asking" : "waiting",
      };
    case "choose":
      if (status !== "asking") return item;
      return { ...item, conflict: event.conflict, status: event.conflict === "skip" ? "skipped" : "waiting" };
    case "start":
      return status === "waiting" ? { ...item, status: "sending" } : item;
    case "moved":
      return status === "sending" ? { ...item, sentBytes: Math.min(event.sentBytes, item.sizeBytes) } : item;
    case "begun":
      return status === "sending" ? { ...item, url: event.url, headHash: event.headHash ?? item.headHash } : item;
    case "hashed":
      return isOver(item) ? item : { ...item, sha256: event.sha256 };
    case "pause":
      return status === "sending" || status === "waiting" || status === "preparing"
        ? { ...item, status: "paused" }
        : item;
    case "resume":
      return status === "paused" || status === "failed" ? again(item) : item;
    case "fail":
      if (isOver(item) || status === "paused") return item;
      return {
        ...item,
        status: "failed",
        failure: event.failure,
        ...(event.isGone && { url: null, sentBytes: 0 }),
      };
    case "lose":
      return isOver(item) ? item : { ...item, status: "lost" };
    case "find":
      return status === "lost" ? again(item) : item;
    case "done":
      // A file that was taken by its hash at the moment it was paused is there all the same.
      return status === "sending" || status === "paused"
        ? { ...item, status: "done", sentBytes: item.sizeBytes, failure: null }
        : item;
  }
}

/** Items that start now, so that `atOnce` are on their way. Pure. */
export function toStart(items: Iterable<Item>, atOnce: number): Item[] {
  const waiting: Item[] = [];
  let free = atOnce;
  for (const item of items) {
    if (item.status === "sending") free -= 1;
    if (item.status === "waiting" && waiting.length < atOnce) waiting.push(item);
  }
  return waiting.slice(0, Math.max(0, free));
}

/** An item as it is after a reload, with its file at hand or without; `null` where there is nothing left to do. Pure. */
export function restoreItem(item: Item, hasFile: boolean): Item | null {
  if (isOver(item)) return null;
  if (!hasFile) return { ...item, status: "lost" };
  return item.status === "sending" || item.status === "lost" ? again(item) : item;
}

interface Seen {
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
}

/** Lost items that a file which was chosen again may be: its hash decides. Pure. */
export const candidates = (items: Iterable<Item>, { name, size, lastModified }: Seen): Item[] =>
  [...items].filter(
    (item) =>
      item.status === "lost" && item.name === name && item.sizeBytes === size && item.modifiedMs === lastModified,
  );

export interface Totals {
  readonly count: number;
  readonly over: number;
  readonly active: number;
  readonly asking: number;
  readonly failed: number;
  readonly lost: number;
  readonly paused: number;
  readonly sizeBytes: number;
  readonly sentBytes: number;
}

/** The progress of all items. A skipped one counts as nothing. Pure. */
export function totalsOf(items: Iterable<Item>): Totals {
  const totals = { count: 0, over: 0, active: 0, asking: 0, failed: 0, lost: 0, paused: 0, sizeBytes: 0, sentBytes: 0 };
  for (const { status, sizeBytes, sentBytes } of items) {
    totals.count += 1;
    if (status === "done" || status === "skipped") totals.over += 1;
    if (status === "sending" || status === "waiting" || status === "preparing") totals.active += 1;
    if (status === "asking" || status === "failed" || status === "lost" || status === "paused") totals[status] += 1;
    if (status === "skipped") continue;
    totals.sizeBytes += sizeBytes;
    totals.sentBytes += sentBytes;
  }
  return totals;
}
