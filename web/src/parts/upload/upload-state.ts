import { randomKey } from "#base/api/request/attempt.ts";
import type { Failure } from "#base/api/request/failure.ts";
import { type Draft, revise } from "./draft.ts";
import type { Item } from "./queue/item.ts";
import { changeDetails, flush, itemOf, notify } from "./queue/store.ts";
import { createKind } from "./queue/view.ts";
import { type Frame, releaseFrames } from "./transfer/frames.ts";
import type { Details } from "./upload.ts";

/** The pictures of a local file, beside the stored part of its upload. */
interface Pictures {
  /** Ends the drawing of frames. */
  readonly drawing: AbortController;
  frames: readonly Frame[];
  /** The chosen cover, while it is on its way; publishing waits for it. */
  cover: Promise<void> | null;
  coverFailure: Failure | null;
}

export const videos = createKind<Details>("video");
const pictures = new Map<string, Pictures>();

export const uploadOf = (key: string): Item<Details> | undefined => itemOf(videos, key);

export const change = (key: string, part: Partial<Details>): void => changeDetails(videos, key, part);

export function changeDraft(key: string, part: Partial<Draft>): void {
  const draft = uploadOf(key)?.details.draft;
  if (draft !== undefined) change(key, { draft: revise(draft, part, randomKey), publishFailure: null });
}

export function picturesOf(key: string): Pictures {
  const current = pictures.get(key) ?? { drawing: new AbortController(), frames: [], cover: null, coverFailure: null };
  pictures.set(key, current);
  return current;
}

export function changePictures(key: string, part: Partial<Pictures>): void {
  Object.assign(picturesOf(key), part);
  notify(videos);
  flush();
}

export function dropPictures(key: string): void {
  const { drawing, frames } = picturesOf(key);
  drawing.abort();
  releaseFrames(frames);
  pictures.delete(key);
}
