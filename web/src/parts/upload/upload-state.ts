import { randomKey } from "#base/api/request/attempt.ts";
import type { Failure } from "#base/api/request/failure.ts";
import { createAccountStore, useStore } from "#base/api/session/store.ts";
import { type Draft, revise } from "./draft.ts";
import { isActive, type Item } from "./queue.ts";
import type { Frame } from "./transfer/frames.ts";
import { type Rate, rateOf, type Sample } from "./transfer/rate.ts";
import { forgetUpload, keepUpload } from "./upload-memory.ts";

/** The state of an upload beside its stored part. */
export interface Live {
  file: File | null;
  handle: FileSystemFileHandle | null;
  /** Ends the transfer. */
  stop: AbortController;
  /** Ends the drawing of frames. */
  drawing: AbortController;
  samples: readonly Sample[];
  waitsFor: Failure | null;
  frames: readonly Frame[];
  /** The chosen cover, while it is on its way; publishing waits for it. */
  cover: Promise<void> | null;
  coverFailure: Failure | null;
}

/** An upload as it is shown. */
export interface Upload extends Item {
  readonly rate: Rate;
  /** It does not move, and will by itself: there is no connection, or the server is busy. */
  readonly waitsFor: Failure | null;
  readonly frames: readonly Frame[];
  /** The file itself is at hand. */
  readonly hasFile: boolean;
  /** Its file can be read again when the user allows it. */
  readonly hasHandle: boolean;
  readonly isCoverBusy: boolean;
  readonly coverFailure: Failure | null;
}

export const items = new Map<string, Item>();
export const lives = new Map<string, Live>();
// `upload-store.ts` ends the transfers at a log-out.
const uploads = createAccountStore<readonly Upload[]>([]);
/** Known before anything is kept: a video is added after the queue was restored. */
let tab = "";
export const keepFor = (ownTab: string): void => void (tab = ownTab);

/** The uploads in the order in which they were added. They outlive the page: moving through the app stops none. */
export const useUploads = (): readonly Upload[] => useStore(uploads);

export const itemOf = (key: string): Item | undefined => items.get(key);
export const liveOf = (key: string): Live | undefined => lives.get(key);

export const newLive = (file: File | null, handle: FileSystemFileHandle | null): Live => ({
  file,
  handle,
  stop: new AbortController(),
  drawing: new AbortController(),
  samples: [],
  waitsFor: null,
  frames: [],
  cover: null,
  coverFailure: null,
});

export function notify() {
  const visibleUploads = Array.from(items.values(), (item) => {
    const live = lives.get(item.key);
    return {
      ...item,
      rate: rateOf(live?.samples ?? [], item.sizeBytes),
      waitsFor: live?.waitsFor ?? null,
      frames: live?.frames ?? [],
      hasFile: live?.file != null,
      hasHandle: live?.handle != null,
      isCoverBusy: live?.cover != null,
      coverFailure: live?.coverFailure ?? null,
    };
  });
  const warns = [...items.values()].some(isActive);
  window[warns ? "addEventListener" : "removeEventListener"]("beforeunload", warn);
  uploads.set(visibleUploads);
}

/** Asks before the page goes and takes a running upload with it. */
const warn = (event: Event) => event.preventDefault();

/** Changes an upload. It is remembered where more than its progress changed. */
export function change(key: string, part: Partial<Item>): void {
  const before = items.get(key);
  if (before === undefined) return;
  const after = { ...before, ...part };
  items.set(key, after);
  if (!("sentBytes" in part) || Object.keys(part).length > 1) {
    if (after.status === "published") forgetUpload(key);
    else keepUpload(after, tab);
  }
  notify();
}

export function changeLive(key: string, part: Partial<Live>): void {
  const live = lives.get(key);
  if (live === undefined) return;
  Object.assign(live, part);
  notify();
}

export function changeDraft(key: string, part: Partial<Draft>): void {
  const item = items.get(key);
  if (item !== undefined) change(key, { draft: revise(item.draft, part, randomKey), publishFailure: null });
}
