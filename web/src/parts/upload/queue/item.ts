import { Failure } from "#base/api/request/failure.ts";

/** The queue of files on their way to the server, as rules without a clock, a network or a memory. */

/**
 * `preparing`: its destination is being made ready; `asking`: the user has to decide about it; `lost`: the page was
 * opened anew and the file has to be chosen again; `done`: the server has the file.
 */
export type Status = "preparing" | "asking" | "waiting" | "sending" | "paused" | "failed" | "lost" | "done" | "skipped";

/** The cause of a failure, as it can be stored. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

export const failureOf = ({ code, message }: Reason): Failure => new Failure(0, code, message);

/** One file; all of it survives a reload. */
export interface Item<Details = unknown> {
  readonly key: string;
  /** The kind of its view, which alone knows the details. */
  readonly kind: string;
  readonly userId: number;
  readonly name: string;
  readonly sizeBytes: number;
  /** 0 for a file that was not chosen here. */
  readonly modifiedMs: number;
  readonly status: Status;
  /** Its destination is there. */
  readonly isPlaced: boolean;
  /** The address of what the server has. */
  readonly url: string | null;
  /** SHA-256 of the first MiB and of the whole, as far as they are known. */
  readonly headHash: string | null;
  readonly sha256: string | null;
  readonly sentBytes: number;
  readonly failure: Reason | null;
  readonly details: Details;
}

/** An item of which nothing was sent yet. */
export const unsentItem = { url: null, headHash: null, sha256: null, sentBytes: 0, failure: null };

/** The file of an item, as far as it is seen from outside. */
export type FileFacts = Pick<Item, "name" | "sizeBytes" | "modifiedMs">;

export type Event<Details = unknown> =
  | { readonly kind: "placed"; readonly details: Details; readonly isAsking: boolean }
  | { readonly kind: "choose"; readonly details: Details; readonly isSkipped: boolean }
  | { readonly kind: "start" | "pause" | "resume" | "lose" | "find" }
  | { readonly kind: "moved"; readonly sentBytes: number }
  | { readonly kind: "begun"; readonly url: string }
  | { readonly kind: "hashed"; readonly hashes: Partial<Pick<Item, "headHash" | "sha256">> }
  /** `isAnew`: the server has nothing of it, or would never take it as it is. */
  | { readonly kind: "fail"; readonly failure: Reason; readonly isAnew: boolean }
  /** The file is of no use, also one that is done. */
  | { readonly kind: "refuse"; readonly failure: Reason }
  | { readonly kind: "replace"; readonly file: FileFacts }
  | { readonly kind: "done"; readonly details: Details };

/** True if nothing more happens to the transfer. */
export const isOver = ({ status }: Pick<Item, "status">): boolean => status === "done" || status === "skipped";

/** True if bytes of it move, or will without the user. */
export const isActive = ({ status }: Pick<Item, "status">): boolean =>
  status === "sending" || status === "waiting" || status === "preparing";

const again = <Details>(item: Item<Details>): Item<Details> => ({
  ...item,
  status: item.isPlaced ? "waiting" : "preparing",
  failure: null,
});

const unsent = { url: null, sentBytes: 0 };

/** An item after an event; the same where the event does not concern it as it is. Pure. */
export function step<Details>(item: Item<Details>, event: Event<Details>): Item<Details> {
  const { status } = item;
  switch (event.kind) {
    case "placed":
      if (status !== "preparing") return item;
      return { ...item, isPlaced: true, details: event.details, status: event.isAsking ? "asking" : "waiting" };
    case "choose":
      if (status !== "asking") return item;
      return { ...item, details: event.details, status: event.isSkipped ? "skipped" : "waiting" };
    case "start":
      return status === "waiting" ? { ...item, status: "sending" } : item;
    case "moved":
      return status === "sending" ? { ...item, sentBytes: Math.min(event.sentBytes, item.sizeBytes) } : item;
    case "begun":
      return status === "sending" ? { ...item, url: event.url } : item;
    case "hashed":
      return isOver(item) ? item : { ...item, ...event.hashes };
    case "pause":
      return isActive(item) ? { ...item, status: "paused" } : item;
    case "resume":
      return status === "paused" || status === "failed" ? again(item) : item;
    case "fail":
      if (isOver(item) || status === "paused") return item;
      return { ...item, status: "failed", failure: event.failure, ...(event.isAnew && unsent) };
    case "refuse":
      return { ...item, ...unsent, status: "failed", failure: event.failure };
    case "lose":
      return isOver(item) ? item : { ...item, status: "lost" };
    case "find":
      // Without the hash of its beginning, nothing proves that the server has a part of this very file.
      return status === "lost" ? again({ ...item, ...(item.headHash === null && unsent) }) : item;
    case "replace":
      return again({ ...item, ...event.file, ...unsentItem });
    case "done":
      // A file that was taken by its hash at the moment it was paused is there all the same.
      return status === "sending" || status === "paused"
        ? { ...item, status: "done", details: event.details, sentBytes: item.sizeBytes, url: null, failure: null }
        : item;
  }
}

/** How many files are sent together, of all views: more would only make each of them slower. */
export const atOnce = 2;

/** Items that start now, so that `limit` are on their way: urgent ones first, then in their order. Pure. */
export function toStart(
  items: Iterable<Item>,
  limit: number,
  isUrgent: (item: Item) => boolean = () => false,
): readonly Item[] {
  const waiting: Item[] = [];
  let free = limit;
  for (const item of items) {
    if (item.status === "sending") free -= 1;
    if (item.status === "waiting") waiting.push(item);
  }
  if (free <= 0) return [];
  const ordered = waiting.toSorted(
    (a, b) => Number(isUrgent(b)) - Number(isUrgent(a)) || (a.key < b.key ? -1 : Number(a.key > b.key)),
  );
  return ordered.slice(0, free);
}

/** An item as it is after a reload, with its file at hand or without; one that failed keeps its reason. Pure. */
export function restoreItem<Details>(item: Item<Details>, hasFile: boolean): Item<Details> {
  if (isOver(item) || (item.status === "failed" && !hasFile)) return item;
  if (!hasFile) return { ...item, status: "lost" };
  return item.status === "sending" || item.status === "lost" ? again(item) : item;
}

/** True if a file is the one that was being sent, by all that is seen from outside. Pure. */
export const isLike = (file: Pick<File, "name" | "size" | "lastModified">, item: FileFacts): boolean =>
  file.name === item.name && file.size === item.sizeBytes && file.lastModified === item.modifiedMs;

const statuses = ["preparing", "asking", "waiting", "sending", "paused", "failed", "lost", "done"] as const;
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const textFrom = (value: unknown): string | null => (typeof value === "string" ? value : null);
const isReason = (value: unknown): value is Reason =>
  isObject(value) && typeof value["code"] === "string" && typeof value["message"] === "string";

/** A stored item, checked except for its details: another version or a curious user may have changed it. Pure. */
export function itemFrom(stored: unknown): Item | null {
  if (!isObject(stored)) return null;
  const { key, kind, userId, name, sizeBytes, modifiedMs, sentBytes, failure } = stored;
  if (typeof key !== "string" || typeof kind !== "string" || typeof name !== "string") return null;
  if (typeof userId !== "number" || typeof sizeBytes !== "number" || typeof modifiedMs !== "number") return null;
  const url = textFrom(stored["url"]);
  return {
    key,
    kind,
    userId,
    name,
    sizeBytes,
    modifiedMs,
    status: statuses.find((option) => option === stored["status"]) ?? "lost",
    isPlaced: stored["isPlaced"] === true,
    url: url !== null && /^\/api\/v1\/tus\/\d+$/.test(url) ? url : null,
    headHash: textFrom(stored["headHash"]),
    sha256: textFrom(stored["sha256"]),
    sentBytes: typeof sentBytes === "number" ? sentBytes : 0,
    failure: isReason(failure) ? failure : null,
    details: stored["details"],
  };
}
