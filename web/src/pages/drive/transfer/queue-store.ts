import { meQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { asFailure, type Failure } from "#base/api/request/failure.ts";
import { dropUpload } from "#base/api/request/sending.ts";
import { createAccountStore, useStore } from "#base/api/session/store.ts";
import { showTray } from "#base/frame/trays.ts";
import { carry } from "#parts/upload/transfer/carry.ts";
import type { Dropped } from "#parts/upload/transfer/dropped.ts";
import { readAgain } from "#parts/upload/transfer/file-handles.ts";
import { headHashOf } from "#parts/upload/transfer/hashing.ts";
import { addSample, type Rate, rateOf, type Sample } from "#parts/upload/transfer/rate.ts";
import { livingTabs, nameOfTab } from "#parts/upload/transfer/tabs.ts";
import { refreshLists } from "../entries/entries.ts";
import { Names } from "./names.ts";
import { forget, type Kept, queueMark, recall, remember } from "./queue-memory.ts";
import { candidates, type Conflict, type Event, isOver, type Item, restoreItem, step, toStart } from "./queue.ts";

const atOnce = 2;
/** How often listeners are called. */
const notifyMs = 100;

/** The state of a file on its way beside its stored part. */
interface Live {
  file: File | null;
  handle: FileSystemFileHandle | null;
  sending: AbortController | null;
  samples: Sample[];
  waitsFor: Failure | null;
}

/** A file of the queue as it is shown. */
export interface Shown extends Item {
  readonly rate: Rate;
  /** It does not move, and will by itself. */
  readonly waitsFor: Failure | null;
  /** Its file can be read again when the person allows it. */
  readonly hasHandle: boolean;
}

const items = new Map<string, Item>();
const lives = new Map<string, Live>();
// A log-out stops the transfers and removes them from the server.
const queue = createAccountStore<readonly Shown[]>([], () => cancelItems([...items.keys()]));

export const useQueue = (): readonly Shown[] => useStore(queue);

let notification: ReturnType<typeof setTimeout> | null = null;
function notify() {
  notification ??= setTimeout(() => {
    notification = null;
    const visibleItems = Array.from(items.values(), (item) => {
      const live = lives.get(item.key);
      return {
        ...item,
        rate: rateOf(live?.samples ?? [], item.sizeBytes),
        waitsFor: live?.waitsFor ?? null,
        hasHandle: live?.handle != null,
      };
    });
    warnIfLosing();
    queue.set(visibleItems);
  }, notifyMs);
}

/** Changes an item; it is remembered when more than its progress changed. */
function apply(key: string, event: Event): Item | null {
  const before = items.get(key);
  if (before === undefined) return null;
  const after = step(before, event);
  if (after === before) return after;
  items.set(key, after);
  if (event.kind !== "moved") keep(after);
  notify();
  return after;
}

const unsaved = new Set<string>();
/** Changes of one moment are written together. */
function keep(item: Item) {
  unsaved.add(item.key);
  if (unsaved.size > 1) return;
  queueMicrotask(() => {
    const changed = [...unsaved];
    unsaved.clear();
    const save = async () => {
      const ownTab = await nameOfTab();
      const records = changed.flatMap((key): Kept[] => {
        const current = items.get(key);
        return current === undefined ? [] : [{ item: current, handle: lives.get(key)?.handle ?? null, tab: ownTab }];
      });
      await remember(records);
    };
    void save();
  });
}

const liveOf = (file: File | null, handle: FileSystemFileHandle | null): Live => ({
  file,
  handle,
  sending: null,
  samples: [],
  waitsFor: null,
});

let lastKey = 0;

/** Queues what was dropped or chosen for a folder; empty folders are made as well. */
export async function enqueue({ files, emptyFolders }: Dropped, rootId: number | null): Promise<void> {
  const me = queryClient.getQueryData(meQuery.queryKey);
  if (me === undefined) return;
  showTray();
  const prefix = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  const added = files.map(({ file, path, handle }): Item => {
    lastKey += 1;
    const key = `${prefix}-${String(lastKey).padStart(6, "0")}`;
    lives.set(key, liveOf(file, handle));
    return {
      key,
      userId: me.id,
      name: file.name,
      path,
      rootId,
      folderId: undefined,
      sizeBytes: file.size,
      modifiedMs: file.lastModified,
      status: "preparing",
      conflict: null,
      url: null,
      headHash: null,
      sha256: null,
      sentBytes: 0,
      failure: null,
    };
  });
  for (const item of added) {
    items.set(item.key, item);
    keep(item);
  }
  notify();
  const names = new Names();
  for (const path of emptyFolders) await names.folderOf(rootId, path).catch(() => undefined);
  if (emptyFolders.length > 0) refreshLists();
  await prepare(added, names);
}

/** Makes the folders of items and looks their names up, one folder after the other. */
async function prepare(waiting: readonly Item[], names = new Names()): Promise<void> {
  for (const { key } of waiting) {
    const item = items.get(key);
    if (item?.status !== "preparing") continue;
    try {
      const folderId = await names.folderOf(item.rootId, item.path);
      const isTaken = await names.isTaken(folderId, item.name);
      apply(key, { kind: "placed", folderId, isTaken });
      pump();
    } catch (thrown) {
      apply(key, { kind: "fail", failure: shortFailure(asFailure(thrown)), isGone: false });
    }
  }
  refreshLists();
}

const shortFailure = ({ code, message }: Failure) => ({ code, message });

/** Starts what may start. */
function pump() {
  for (const { key } of toStart(items.values(), atOnce)) {
    const live = lives.get(key);
    apply(key, { kind: "start" });
    if (live?.file == null) apply(key, { kind: "lose" });
    else void send(key, live, live.file);
  }
}

/** The server has nothing of it, or would never take it as it is. */
const lostUploadCodes = new Set(["upload.gone", "upload.not_found", "upload.completed", "upload.hash_mismatch"]);

async function send(key: string, live: Live, file: File): Promise<void> {
  const controller = new AbortController();
  live.sending = controller;
  live.samples = [];
  const item = items.get(key);
  if (item === undefined) return;
  try {
    // A file that is not there any more, or cannot be read, says so here and not in the middle.
    await file.slice(0, 1).arrayBuffer();
    await carry({
      file,
      name: item.name,
      to: {
        purpose: "drive",
        folderId: item.folderId ?? null,
        ...(item.conflict !== null && { conflict: item.conflict }),
      },
      url: item.url,
      sha256: item.sha256,
      signal: controller.signal,
      onUrl: (url) => {
        apply(key, { kind: "begun", url, headHash: null });
        headHashOf(file).then(
          (headHash) => apply(key, { kind: "begun", url, headHash }),
          // Without it the file is sent anew after a reload.
          () => undefined,
        );
      },
      onHash: (sha256) => apply(key, { kind: "hashed", sha256 }),
      onProgress: (sentBytes) => {
        live.samples = addSample(live.samples, { atMs: performance.now(), loadedBytes: sentBytes });
        apply(key, { kind: "moved", sentBytes });
      },
      onWaiting: (waitsFor) => {
        if (waitsFor !== null) live.samples = [];
        live.waitsFor = waitsFor;
        notify();
      },
    });
    apply(key, { kind: "done" });
    live.file = null;
    refreshLists();
  } catch (thrown) {
    if (!controller.signal.aborted) {
      const isUnreadable = thrown instanceof DOMException && thrown.name !== "AbortError";
      const failure = isUnreadable ? { code: "queue.unreadable", message: "" } : shortFailure(asFailure(thrown));
      apply(key, { kind: "fail", failure, isGone: lostUploadCodes.has(failure.code) });
    }
  } finally {
    if (live.sending === controller) live.sending = null;
    live.waitsFor = null;
    notify();
    pump();
  }
}

export function pauseItems(keys: Iterable<string>): void {
  for (const key of keys) {
    if (apply(key, { kind: "pause" })?.status === "paused") lives.get(key)?.sending?.abort();
  }
  pump();
}

/** Goes on with what was paused, failed or lost; where the browser asks for it, the person allows reading again. */
export async function resumeItems(keys: Iterable<string>): Promise<void> {
  const all = [...keys];
  for (const key of all) {
    const live = lives.get(key);
    if (items.get(key)?.status !== "lost" || live?.handle == null) continue;
    const file = await readAgain(live.handle, true);
    if (file !== null) await giveFile(key, live, file);
  }
  for (const key of all) apply(key, { kind: "resume" });
  void prepare(all.flatMap((key) => items.get(key) ?? []));
  pump();
}

/** Stops items and forgets them; what the server has of them goes too. */
export function cancelItems(keys: Iterable<string>): void {
  const all = [...keys];
  for (const key of all) {
    const item = items.get(key);
    lives.get(key)?.sending?.abort();
    if (item !== undefined && item.url !== null && !isOver(item)) dropUpload(item.url);
    items.delete(key);
    lives.delete(key);
  }
  void forget(all);
  if (items.size === 0) localStorage.removeItem(queueMark);
  notify();
  pump();
}

/** Says what happens to a file whose name is taken, or to all such files. */
export function chooseFor(key: string, conflict: Conflict, isForAll: boolean): void {
  const keys = isForAll
    ? [...items.values()].filter(({ status }) => status === "asking").map((item) => item.key)
    : [key];
  for (const itemKey of keys) apply(itemKey, { kind: "choose", conflict });
  pump();
}

/** Gives lost items their files back; how many found one. */
export async function foundAgain(files: Iterable<File>): Promise<number> {
  let count = 0;
  for (const file of files) {
    for (const item of candidates(items.values(), file)) {
      // The address of a file that was never begun needs no proof.
      if (item.headHash !== null && (await headHashOf(file).catch(() => null)) !== item.headHash) continue;
      await giveFile(item.key, lives.get(item.key) ?? liveOf(null, null), file);
      count += 1;
      break;
    }
  }
  void prepare([...items.values()]);
  pump();
  return count;
}

async function giveFile(key: string, live: Live, file: File): Promise<void> {
  live.file = file;
  lives.set(key, live);
  apply(key, { kind: "find" });
}

let restoring: Promise<void> | null = null;

/** Takes up what was on its way when the page went: of this tab, and of tabs that are gone. */
export const restoreQueue = (): Promise<void> => (restoring ??= restore());

async function restore(): Promise<void> {
  const ownTab = await nameOfTab();
  const me = await queryClient.ensureQueryData(meQuery).catch(() => null);
  if (me === null) return;
  const otherTabs = await livingTabs();
  const over: string[] = [];
  const again: Item[] = [];
  for (const record of await recall()) {
    if (record.item.userId !== me.id || items.has(record.item.key)) continue;
    if (record.tab !== ownTab && otherTabs.has(record.tab)) continue;
    const file = record.handle === null ? null : await readAgain(record.handle, false);
    const isSame =
      file !== null && file.size === record.item.sizeBytes && file.lastModified === record.item.modifiedMs
        ? file
        : null;
    const item = restoreItem(record.item, isSame !== null);
    if (item === null) {
      over.push(record.item.key);
      continue;
    }
    lives.set(item.key, liveOf(isSame, record.handle));
    items.set(item.key, item);
    keep(item);
    again.push(item);
  }
  await forget(over);
  if (items.size === 0) localStorage.removeItem(queueMark);
  notify();
  void prepare(again);
  pump();
}

/** Asks before the page goes only where a file would have to be chosen again. */
const warn = (event: BeforeUnloadEvent) => event.preventDefault();
function warnIfLosing() {
  const isLosing = [...items.values()].some(
    (item) => !isOver(item) && item.status !== "lost" && lives.get(item.key)?.handle == null,
  );
  if (isLosing) window.addEventListener("beforeunload", warn);
  else window.removeEventListener("beforeunload", warn);
}
