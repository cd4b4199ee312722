import { instanceQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { dropUpload } from "#base/api/request/sending.ts";
import { onLogOut } from "#base/api/session/session.ts";
import { showUploads } from "#base/frame/trays.ts";
import { lastChoices } from "./choices.ts";
import { emptyDraft, fileNameOf, titleOf } from "./draft.ts";
import { isActive, isLike, isThere, type Item, refusalOf, restoreItem } from "./queue.ts";
import { dropHandle, keepHandle, readAgain, recallHandle } from "./transfer/file-handles.ts";
import { drawFrames, releaseFrames } from "./transfer/frames.ts";
import { headHashOf } from "./transfer/hashing.ts";
import { takeShared } from "./transfer/shared-files.ts";
import { livingTabs, nameOfTab } from "./transfer/tabs.ts";
import { pump } from "./transfer/transfer.ts";
import { forgetUpload, recallUploads } from "./upload-memory.ts";
import { change, changeDraft, changeLive, items, keepFor, type Live, lives, newLive, notify } from "./upload-state.ts";

/** A file that was dropped or chosen, with a handle where the browser gave one. */
export interface Picked {
  readonly file: File;
  readonly handle: FileSystemFileHandle | null;
}

let lastKey = 0;
function add(part: Partial<Item>, live: Live): string {
  lastKey += 1;
  // Sorted by it, uploads are in the order in which they were added.
  const key = `${Date.now().toString(36)}-${String(lastKey).padStart(4, "0")}-${Math.random().toString(36).slice(2, 6)}`;
  lives.set(key, live);
  items.set(key, {
    key,
    name: "",
    sizeBytes: 0,
    modifiedMs: 0,
    status: "waiting",
    url: null,
    headHash: null,
    sentBytes: 0,
    failure: null,
    publish: "no",
    publishFailure: null,
    videoId: null,
    draft: { ...emptyDraft, ...lastChoices() },
    ...part,
  });
  showUploads();
  return key;
}

const aboutFile = (file: File) => ({ name: file.name, sizeBytes: file.size, modifiedMs: file.lastModified });

/** Queues files; one that was on its way before a reload goes on where it was. Returns the key of the first. */
export async function addFiles(
  picked: readonly Picked[],
  status: "waiting" | "paused" = "waiting",
): Promise<string | null> {
  await restoreUploads();
  let first: string | null = null;
  for (const { file, handle } of picked) {
    const lostKey = await lostLike(file);
    const key = lostKey ?? add({ ...aboutFile(file) }, newLive(null, null));
    if (lostKey === null) changeDraft(key, { title: titleOf(file.name) });
    first ??= key;
    begin(key, file, handle, status);
  }
  return first;
}

/** The upload that this very file belongs to: its hash decides, where it was begun. */
async function lostLike(file: File): Promise<string | null> {
  for (const item of items.values()) {
    if (item.status !== "lost" || !isLike(file, item)) continue;
    const isSame = item.url === null || (await headHashOf(file).catch(() => null)) === item.headHash;
    if (isSame) return item.key;
  }
  return null;
}

/** Sends another file for an upload; its title and details stay. The same file goes on where it was. */
export async function replaceFile(key: string, { file, handle }: Picked): Promise<void> {
  const item = items.get(key);
  if (item === undefined) return;
  if (item.status === "lost" && (await lostLike(file)) === key) {
    begin(key, file, handle);
    return;
  }
  if (item.url !== null) dropUpload(item.url);
  const title = item.draft.title.trim() === "" ? titleOf(file.name) : item.draft.title;
  const wasFrame = item.draft.coverAtS !== null;
  change(key, { ...aboutFile(file), url: null, headHash: null, sentBytes: 0, publish: "no" });
  changeDraft(key, { media: null, address: null, title, ...(wasFrame && { coverUrl: null, coverAtS: null }) });
  begin(key, file, handle);
}

/** Takes a file as that of an upload, and sends it in its turn, or once it is resumed. */
function begin(
  key: string,
  file: File,
  handle: FileSystemFileHandle | null,
  status: "waiting" | "paused" = "waiting",
): void {
  const before = lives.get(key);
  before?.stop.abort();
  before?.drawing.abort();
  releaseFrames(before?.frames ?? []);
  const live = newLive(file, handle);
  lives.set(key, live);
  if (handle !== null) keepHandle(key, handle);
  const code = refusalOf(file, queryClient.getQueryData(instanceQuery.queryKey)?.upload_bytes_max ?? 0);
  if (code !== null) {
    change(key, { status: "failed", failure: { code, message: "" }, publish: "no" });
    return;
  }
  change(key, { status, failure: null });
  drawFrames(file, live.drawing.signal, (frame) => changeLive(key, { frames: [...live.frames, frame] }));
  pump();
}

/** Stops the transfer; the file and its frames stay. */
function stopTransfer(key: string): void {
  const live = lives.get(key);
  if (live === undefined) return;
  live.stop.abort();
  changeLive(key, { stop: new AbortController(), samples: [], waitsFor: null });
}

export function pauseUpload(key: string): void {
  const item = items.get(key);
  if (item?.status !== "sending" && item?.status !== "waiting") return;
  stopTransfer(key);
  change(key, { status: "paused" });
  pump();
}

/** Goes on with what was paused, failed or lost; where the browser asks for it, the user allows reading again. */
export async function resumeUpload(key: string): Promise<void> {
  const live = lives.get(key);
  if (live === undefined) return;
  if (live.file === null && live.handle !== null) {
    const file = await readAgain(live.handle, true);
    if (file !== null) await replaceFile(key, { file, handle: live.handle });
    return;
  }
  if (live.file === null) return;
  change(key, { status: "waiting", failure: null });
  pump();
}

/** Takes an upload out of the queue; what the server has of it goes with {@link Removed.end}. */
export interface Removed {
  readonly undo: () => void;
  readonly end: () => void;
}

export function removeUpload(key: string): Removed | null {
  const item = items.get(key);
  const live = lives.get(key);
  if (item === undefined || live === undefined) return null;
  const order = [...items.keys()];
  stopTransfer(key);
  items.delete(key);
  forgetUpload(key);
  notify();
  pump();
  let isOver = false;
  return {
    undo: () => {
      if (isOver) return;
      isOver = true;
      const all = new Map(items).set(key, item);
      items.clear();
      for (const itemKey of new Set([...order, ...all.keys()])) {
        const entry = all.get(itemKey);
        if (entry !== undefined) items.set(itemKey, entry);
      }
      change(key, isActive(item) ? { status: "waiting" } : {});
      pump();
    },
    end: () => {
      if (isOver) return;
      isOver = true;
      live.drawing.abort();
      releaseFrames(live.frames);
      lives.delete(key);
      dropHandle(key);
      if (item.url !== null && !isThere(item) && item.status !== "published") dropUpload(item.url);
    },
  };
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

/** Queues what is at an address: the server fetches it when it is published. */
export async function addAddress(address: string): Promise<string> {
  await restoreUploads();
  const name = fileNameOf(address);
  const key = add({ name, status: "elsewhere" }, newLive(null, null));
  changeDraft(key, { address, title: titleOf(name) });
  return key;
}

/** Queues a file that is on the server already. */
export async function adoptMedia(media: { id: number; name: string; sizeBytes: number }, title: string): Promise<void> {
  await restoreUploads();
  const { name, sizeBytes } = media;
  const key = add({ name, sizeBytes, sentBytes: sizeBytes, status: "stored" }, newLive(null, null));
  changeDraft(key, { media, title });
}

let restoring: Promise<void> | null = null;

/** Takes up what was not published when the page went: of this tab, and of tabs that are closed. */
export const restoreUploads = (): Promise<void> => (restoring ??= restore());

async function restore(): Promise<void> {
  const tab = await nameOfTab();
  keepFor(tab);
  const otherTabs = await livingTabs();
  for (const kept of recallUploads()) {
    if (kept.tab !== tab && otherTabs.has(kept.tab)) continue;
    const item = restoreItem(kept.item);
    if (item === null) continue;
    const { key } = item;
    const handle = item.status === "lost" ? await recallHandle(key) : null;
    lives.set(key, newLive(null, handle));
    items.set(key, item);
    change(key, {});
    const file = handle === null ? null : await readAgain(handle, false);
    if (file !== null && (await lostLike(file)) === key) begin(key, file, handle);
  }
}

// The uploads belong to the user who was logged in.
onLogOut(() => {
  for (const key of items.keys()) removeUpload(key)?.end();
});
