import { keyOf } from "#base/api/keys.ts";
import { uploadPicture } from "#base/api/picture.ts";
import { invalidate, markStale, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import { rememberChoices } from "./choices.ts";
import { bodyOf } from "./draft.ts";
import { missingIn } from "./missing-details.ts";
import { refuseItem } from "./queue/queue.ts";
import { fileOf } from "./queue/store.ts";
import { coverAt } from "./transfer/frames.ts";
import { statusOf } from "./upload.ts";
import { change, changeDraft, changePictures, picturesOf, uploadOf } from "./upload-state.ts";

/** Publishes now, or as soon as the last byte is there. The caller has made sure that nothing is missing. */
export function publish(key: string): void {
  const item = uploadOf(key);
  if (item === undefined || item.details.publish !== "no" || item.details.videoId !== null) return;
  if (item.status === "done") void publishNow(key);
  else change(key, { publish: "wanted", publishFailure: null });
}

/** Takes back that it is published by itself. */
export const editAgain = (key: string): void => change(key, { publish: "no" });

export async function publishNow(key: string): Promise<void> {
  change(key, { publish: "sending", publishFailure: null });
  await picturesOf(key).cover;
  const item = uploadOf(key);
  if (item === undefined) return;
  const { draft } = item.details;
  const body = bodyOf(draft);
  // A draft that was complete when publishing was asked for may not be any more: its time is over, or its password is
  // not kept.
  if (
    body === null ||
    draft.publishKey === null ||
    missingIn({ status: statusOf(item), draft }, Date.now()).length > 0
  ) {
    change(key, { publish: "no" });
    return;
  }
  try {
    const video = await ask("video.create", { body, idempotencyKey: draft.publishKey });
    queryClient.setQueryData(keyOf("video", video.id), video);
    void invalidate(keyOf("videos-of"));
    markStale(keyOf("feed"));
    rememberChoices(draft);
    change(key, { publish: "no", videoId: video.id });
  } catch (thrown) {
    const { code, message } = asFailure(thrown);
    // The stored file was cleaned up in the meantime: only a new upload helps.
    if (code === "video.media_not_found") {
      refuseItem(key, { code, message });
      changeDraft(key, { media: null });
    } else change(key, { publish: "no", publishFailure: { code, message } });
  }
}

/** Makes a moment of the video, or an own picture, its cover; it is chosen immediately and sent behind that. */
export function chooseCover(key: string, chosen: { atS: number } | { picture: File }): void {
  const before = uploadOf(key)?.details.draft;
  if (before === undefined) return;
  const atS = "atS" in chosen ? chosen.atS : null;
  const isCurrent = () => picturesOf(key).cover === cover;
  const work = async () => {
    const file = fileOf(key);
    const picture = "picture" in chosen ? chosen.picture : file && (await coverAt(file, chosen.atS));
    if (picture === null) throw new Error("this browser cannot draw the frame");
    return uploadPicture(picture, "cover");
  };
  const cover: Promise<void> = work().then(
    ({ url }) => {
      if (isCurrent()) changeDraft(key, { coverUrl: url, coverAtS: atS });
    },
    (thrown: unknown) => {
      if (!isCurrent()) return;
      changeDraft(key, { coverUrl: before.coverUrl, coverAtS: before.coverUrl === null ? null : before.coverAtS });
      changePictures(key, { coverFailure: asFailure(thrown) });
    },
  );
  changePictures(key, { cover, coverFailure: null });
  changeDraft(key, { coverAtS: atS });
  void cover.then(() => isCurrent() && changePictures(key, { cover: null }));
}

/** Leaves the choice of the cover to the server. */
export function removeCover(key: string): void {
  changePictures(key, { cover: null, coverFailure: null });
  changeDraft(key, { coverUrl: null, coverAtS: null });
}
