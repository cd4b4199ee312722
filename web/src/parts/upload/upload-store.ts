import { useMemo } from "react";
import { showTray } from "#base/frame/trays.ts";
import { randomKey } from "#base/api/request/attempt.ts";
import { lastChoices } from "./choices.ts";
import { type Draft, emptyDraft, fileNameOf, revise, titleOf } from "./draft.ts";
import { publishNow } from "./publication.ts";
import { type FileFacts, isActive } from "./queue/item.ts";
import { addItems, giveFile, lostItemOf, pauseItems, type Picked, restoreItems } from "./queue/queue.ts";
import { type Shown, useItems } from "./queue/store.ts";
import type { View } from "./queue/view.ts";
import { drawFrames } from "./transfer/frames.ts";
import { mediaOf } from "./transfer/instant.ts";
import { takeShared } from "./transfer/shared-files.ts";
import { type Details, isUnpublished, parseUpload, refusalOf, statusOf, type Upload } from "./upload.ts";
import { uploadBytesMax } from "./upload-limit.ts";
import { change, changeDraft, changePictures, dropPictures, picturesOf, uploadOf, videos } from "./upload-state.ts";

const view: View<Details> = {
  kind: videos,
  parse: parseUpload,
  destination: () => ({ purpose: "media" }),
  warns: isActive,
  isKept: isUnpublished,
  isUrgent: ({ details }) => details.publish === "wanted",
  // A password is never kept on the device.
  strip: (details) => ({ ...details, draft: { ...details.draft, password: "" } }),
  open({ key }, file) {
    dropPictures(key);
    const code = refusalOf(file, uploadBytesMax());
    if (code !== null) return code;
    const { drawing } = picturesOf(key);
    drawFrames(file, drawing.signal, (frame) => changePictures(key, { frames: [...picturesOf(key).frames, frame] }));
    return null;
  },
  async arrive({ key, details: before }, made, file, signal) {
    const media = { id: await mediaOf(made, file, signal), name: file.name, sizeBytes: file.size };
    const details = uploadOf(key)?.details ?? before;
    return { ...details, draft: revise(details.draft, { media }, randomKey) };
  },
  onChange({ key, name, status, details: { publish, draft } }, { kind }) {
    if (kind === "done" && publish === "wanted") void publishNow(key);
    if (status === "failed" && publish !== "no") change(key, { publish: "no" });
    if (kind !== "replace") return;
    const isFrame = draft.coverAtS !== null;
    const title = draft.title.trim() === "" ? titleOf(name) : draft.title;
    change(key, { publish: "no" });
    changeDraft(key, { media: null, address: null, title, ...(isFrame && { coverUrl: null, coverAtS: null }) });
  },
  onRemove: ({ key }) => dropPictures(key),
};

/** The details of a new upload. */
const detailsOf = (part: Partial<Draft>): Details => ({
  publish: "no",
  publishFailure: null,
  videoId: null,
  draft: revise({ ...emptyDraft, ...lastChoices() }, part, randomKey),
});

/** Queues files; one that was on its way before a reload goes on where it was. Returns the key of the first. */
export async function addFiles(
  picked: readonly Picked[],
  status: "waiting" | "paused" = "waiting",
): Promise<string | null> {
  await restoreUploads();
  showTray("video");
  const keys: string[] = [];
  for (const { file, handle } of picked) {
    const lostKey = await lostItemOf(videos, file);
    if (lostKey !== null) {
      await giveFile(lostKey, { file, handle });
      if (status === "paused") pauseItems([lostKey]);
      keys.push(lostKey);
    } else keys.push(...addItems(view, [{ file, handle, status, details: detailsOf({ title: titleOf(file.name) }) }]));
  }
  return keys[0] ?? null;
}

/**
 * Queues what another app shared into this one, with its title and text. It waits for the user: a page of another site
 * can send a form to the same address, and must not use the storage of whom it leads here. Returns whether there was
 * something, and whether the browser had no room for it.
 */
export async function addShared(): Promise<"none" | "added" | "lost"> {
  // A browser that forbids caches has nothing.
  const shared = await takeShared().catch(() => null);
  if (shared === null) return "none";
  const { files, title, text, isLost } = shared;
  const picked = files.map((file) => ({ file, handle: null }));
  const key = await addFiles(picked, "paused");
  // Both are about the one file that was shared.
  if (key !== null && files.length === 1)
    changeDraft(key, { ...(title !== "" && { title: titleOf(title) }), ...(text !== "" && { description: text }) });
  return isLost ? "lost" : files.length > 0 ? "added" : "none";
}

/** Queues what is at an address: the server fetches it when it is published. Returns its key. */
export async function addAddress(address: string): Promise<string> {
  const name = fileNameOf(address);
  return addDone({ name, sizeBytes: 0 }, { address, title: titleOf(name) });
}

/** Queues a file that is on the server already. */
export const adoptMedia = (media: NonNullable<Draft["media"]>, title: string): Promise<string> =>
  addDone(media, { media, title });

async function addDone({ name, sizeBytes }: Pick<FileFacts, "name" | "sizeBytes">, part: Partial<Draft>) {
  await restoreUploads();
  showTray("video");
  const facts = { name, sizeBytes, modifiedMs: 0 };
  const [key = ""] = addItems(view, [{ facts, status: "done", details: detailsOf(part) }]);
  return key;
}

/** The uploads in the order in which they were added. */
export function useUploads(): readonly Upload[] {
  const items = useItems(videos);
  return useMemo(() => items.map(presentUpload), [items]);
}

function presentUpload({ details, ...item }: Shown<Details>): Upload {
  const { frames, cover, coverFailure } = picturesOf(item.key);
  const status = statusOf({ ...item, details });
  return { ...item, ...details, status, frames, isCoverBusy: cover !== null, coverFailure };
}

/** Takes up what was not published when the page went: of this tab, and of tabs that are closed. */
export const restoreUploads = (): Promise<void> => restoreItems(view);
