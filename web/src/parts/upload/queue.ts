import { type Draft, draftFrom, fileNameOf } from "./draft.ts";

/** The queue of videos on the upload page, as rules without a clock, a network or a memory. */

/**
 * `lost`: the page was opened anew and the file has to be chosen again; `stored`: the server has all of it;
 * `elsewhere`: the server fetches it from an address.
 */
export type Status =
  | "waiting"
  | "sending"
  | "checking"
  | "paused"
  | "failed"
  | "lost"
  | "stored"
  | "elsewhere"
  | "published";

interface Said {
  readonly code: string;
  readonly message: string;
}

/** One video with its file and its details; all but a password survives a reload. */
export interface Item {
  readonly key: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** 0 for a file that was not chosen here. */
  readonly modifiedMs: number;
  readonly status: Status;
  /** The address of what the server has, and the SHA-256 of the first MiB, as far as they are known. */
  readonly url: string | null;
  readonly headHash: string | null;
  readonly sentBytes: number;
  readonly failure: Said | null;
  /** Publishing was asked for, and happens as soon as the file is there. */
  readonly publish: "no" | "wanted" | "sending";
  readonly publishFailure: Said | null;
  readonly videoId: number | null;
  readonly draft: Draft;
}

/** How many files are sent together: more would only make each of them slower. */
export const atOnce = 2;

const isMoving = ({ status }: Pick<Item, "status">): boolean => status === "sending" || status === "checking";

/** True if bytes of it move, or will without the user. */
export const isActive = (item: Pick<Item, "status">): boolean => isMoving(item) || item.status === "waiting";

/** True if the server has its bytes, or knows where to fetch them. */
export const isThere = ({ status }: Pick<Item, "status">): boolean => status === "stored" || status === "elsewhere";

/** Items that start now, so that {@link atOnce} move: those to be published first, then in their order. Pure. */
export function toStart(items: Iterable<Item>): Item[] {
  const all = [...items];
  const waiting = all.filter(({ status }) => status === "waiting");
  const ordered = waiting.toSorted((a, b) => Number(b.publish === "wanted") - Number(a.publish === "wanted"));
  return ordered.slice(0, Math.max(0, atOnce - all.filter(isMoving).length));
}

type Seen = Pick<File, "name" | "size" | "type">;
const playable = /\.(?:mp4|m4v|mov|mkv|webm|ts|mts|m2ts|flv|avi|wmv|mpe?g|ogv|3gp|mp3|m4a|aac|flac|ogg|opus|wav)$/i;

/**
 * Why a file would be refused, known before a byte is sent; `null` where only the server can know. `bytesMax` is 0 where
 * it is unknown. Pure.
 */
export function refusalOf({ name, size, type }: Seen, bytesMax: number): string | null {
  if (size === 0) return "media.empty";
  const isOther = /^(?:image|text|font)\/|^application\/(?:pdf|zip|json)/.test(type) && !playable.test(name);
  if (isOther) return "upload.not_media";
  return bytesMax > 0 && size > bytesMax ? "upload.too_large" : null;
}

type Like = Pick<File, "name" | "size" | "lastModified">;

/** True if a file is the one that was being sent, by all that is seen from outside. Pure. */
export const isLike = (file: Like, item: Pick<Item, "name" | "sizeBytes" | "modifiedMs">): boolean =>
  file.name === item.name && file.size === item.sizeBytes && file.lastModified === item.modifiedMs;

/** An item as it is after a reload, without its file; `null` where there is nothing left to do. Pure. */
export function restoreItem(item: Item): Item | null {
  if (item.status === "published") return null;
  const publish = item.publish === "wanted" && !isThere(item) ? "wanted" : "no";
  if (isThere(item)) return { ...item, publish };
  if (item.status === "failed") return { ...item, publish: "no" };
  return { ...item, status: "lost", publish };
}

export interface Totals {
  readonly count: number;
  readonly active: number;
  readonly failed: number;
  readonly percent: number;
}

/** How far all transfers are together; files that failed count as neither sent nor to be sent. Pure. */
export function totalsOf(items: Iterable<Item>): Totals {
  const totals = { count: 0, active: 0, failed: 0 };
  let sizeBytes = 0;
  let sentBytes = 0;
  for (const item of items) {
    totals.count += 1;
    if (isActive(item)) totals.active += 1;
    if (item.status === "failed" || item.status === "lost") totals.failed += 1;
    if (!isActive(item) && item.status !== "paused" && item.status !== "stored") continue;
    sizeBytes += item.sizeBytes;
    sentBytes += Math.min(item.sentBytes, item.sizeBytes);
  }
  return { ...totals, percent: sizeBytes === 0 ? 100 : Math.floor((100 * sentBytes) / sizeBytes) };
}

const statuses = ["waiting", "paused", "failed", "lost", "stored", "elsewhere"] as const;
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** A stored item, checked: another version or a curious user may have changed it. Pure. */
export function itemFrom(stored: unknown): Item | null {
  if (!isObject(stored)) return null;
  const { key, name, sizeBytes, modifiedMs, url, headHash, publish, failure } = stored;
  if (typeof key !== "string" || typeof name !== "string") return null;
  if (typeof sizeBytes !== "number" || typeof modifiedMs !== "number") return null;
  const draft = draftFrom(stored["draft"]);
  const status = statuses.find((option) => option === stored["status"]) ?? "lost";
  const isKept = status === "stored" ? draft.media !== null : status !== "elsewhere" || draft.address !== null;
  return {
    key,
    name: status === "elsewhere" && draft.address !== null ? fileNameOf(draft.address) : name,
    sizeBytes,
    modifiedMs,
    status: isKept ? status : "lost",
    url: typeof url === "string" && /^\/api\/v1\/tus\/\d+$/.test(url) ? url : null,
    headHash: typeof headHash === "string" ? headHash : null,
    sentBytes: status === "stored" ? sizeBytes : 0,
    failure: saidFrom(failure),
    publish: publish === "wanted" ? "wanted" : "no",
    publishFailure: null,
    videoId: null,
    draft,
  };
}

function saidFrom(value: unknown): Said | null {
  if (!isObject(value)) return null;
  const { code, message } = value;
  return typeof code === "string" && typeof message === "string" ? { code, message } : null;
}
