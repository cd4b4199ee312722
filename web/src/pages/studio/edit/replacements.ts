import { useEffect } from "react";
import { patchVideo } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import { isActive, isObject } from "#parts/upload/queue/item.ts";
import { addItems, cancelItems, giveFile, restoreItems } from "#parts/upload/queue/queue.ts";
import { itemsOf, type Shown, useItems } from "#parts/upload/queue/store.ts";
import { createKind, type View } from "#parts/upload/queue/view.ts";
import { mediaOf } from "#parts/upload/transfer/instant.ts";
import { uploadBytesMax } from "#parts/upload/upload-limit.ts";
import { refusalOf } from "#parts/upload/upload.ts";

interface Details {
  readonly videoId: number;
}

/** A file on its way to take the place of a video's own. The server reports what it prepares. */
export type Replacement = Shown<Details>;

const replacements = createKind<Details>("replacement");

const view: View<Details> = {
  kind: replacements,
  // A file that failed is chosen anew.
  parse: ({ details, ...item }) =>
    isObject(details) && typeof details["videoId"] === "number" && item.status !== "failed"
      ? { ...item, details: { videoId: details["videoId"] } }
      : null,
  destination: () => ({ purpose: "media" }),
  warns: isActive,
  open: (_item, { name, size }) => refusalOf({ name, size, type: "" }, uploadBytesMax()),
  async arrive({ details }, made, file, signal) {
    const { videoId } = details;
    const mediaId = await mediaOf(made, file, signal);
    patchVideo(videoId, await ask("video.replaceMedia", { path: { id: videoId }, body: { media_id: mediaId } }));
    return details;
  },
};

const itemFor = (id: number) => itemsOf(replacements).find(({ details }) => details.videoId === id);

/** The file that is sent for this video, wherever it was chosen: closing the sheet does not stop it. */
export function useReplacement(videoId: number): Replacement | undefined {
  useEffect(() => void restoreItems(view), []);
  return useItems(replacements).find(({ details }) => details.videoId === videoId);
}

/** Sends the file and gives it to the video. The one that a closed page was sending goes on where it was. */
export async function replaceFile(videoId: number, file: File): Promise<void> {
  await restoreItems(view);
  const item = itemFor(videoId);
  if (item !== undefined) await giveFile(item.key, { file, handle: null });
  else addItems(view, [{ file, handle: null, status: "waiting", details: { videoId } }]);
}

/** Stops a file on its way and forgets it, also one that did not get there. */
export function cancelReplacement(videoId: number): void {
  const item = itemFor(videoId);
  if (item !== undefined) cancelItems([item.key]);
}
