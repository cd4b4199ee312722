import { type Draft, draftFrom, fileNameOf } from "./draft.ts";
import { isObject, type Item, type Reason } from "./queue/item.ts";
import type { Shown } from "./queue/store.ts";
import type { Frame } from "./transfer/frames.ts";

/** The details of a video in the queue, which is done with its file when it is published; as rules without a network. */
export interface Details {
  /** Publishing was asked for, and happens as soon as the file is there. */
  readonly publish: "no" | "wanted" | "sending";
  readonly publishFailure: Reason | null;
  readonly videoId: number | null;
  readonly draft: Draft;
}

/**
 * `checking`: all is sent, and the server makes the file; `stored`: the server has it; `elsewhere`: the server fetches it
 * from an address.
 */
export type UploadStatus =
  | Exclude<Item["status"], "done" | "skipped">
  | "checking"
  | "stored"
  | "elsewhere"
  | "published";

/** An upload as it is shown. */
export interface Upload extends Omit<Shown<Details>, "status" | "details">, Details {
  readonly status: UploadStatus;
  readonly frames: readonly Frame[];
  readonly isCoverBusy: boolean;
  readonly coverFailure: Reason | null;
}

/** The status of an upload as the page knows it. Pure. */
export function statusOf({ status, sentBytes, sizeBytes, details }: Item<Details>): UploadStatus {
  if (status === "sending") return sentBytes >= sizeBytes ? "checking" : "sending";
  if (status !== "done" && status !== "skipped") return status;
  if (details.videoId !== null) return "published";
  return details.draft.media === null ? "elsewhere" : "stored";
}

export const isUnpublished = ({ details }: Pick<Item<Details>, "details">): boolean => details.videoId === null;

/** True if bytes of it move, or will without the user. */
export const isMoving = ({ status }: Pick<Upload, "status">): boolean =>
  status === "sending" || status === "checking" || status === "waiting";

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

/** A stored upload, with its details checked; a file that is not known to be there is lost. Pure. */
export function parseUpload(item: Item): Item<Details> | null {
  const stored = isObject(item.details) ? item.details : {};
  const draft = draftFrom(stored["draft"]);
  const { media, address } = draft;
  const isDone = item.status === "done";
  const isLost = isDone && media === null && address === null;
  const publish = stored["publish"] === "wanted" && !isDone ? "wanted" : "no";
  return {
    ...item,
    name: isDone && media === null && address !== null ? fileNameOf(address) : item.name,
    status: isLost ? "lost" : item.status,
    details: { publish, publishFailure: null, videoId: null, draft },
  };
}

/** How far all transfers are together; files that failed count as neither sent nor to be sent. Pure. */
export function totalsOf(uploads: Iterable<Pick<Upload, "status" | "sizeBytes" | "sentBytes">>) {
  const totals = { active: 0, failed: 0 };
  let sizeBytes = 0;
  let sentBytes = 0;
  for (const upload of uploads) {
    if (isMoving(upload)) totals.active += 1;
    if (upload.status === "failed" || upload.status === "lost") totals.failed += 1;
    if (!isMoving(upload) && upload.status !== "paused" && upload.status !== "stored") continue;
    sizeBytes += upload.sizeBytes;
    sentBytes += Math.min(upload.sentBytes, upload.sizeBytes);
  }
  return { ...totals, percent: sizeBytes === 0 ? 100 : Math.floor((100 * sentBytes) / sizeBytes) };
}
