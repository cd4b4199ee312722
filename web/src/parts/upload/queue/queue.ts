import { meQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { dropUpload } from "#base/api/request/sending.ts";
import { readAgain } from "../transfer/file-handles.ts";
import { headHashOf } from "../transfer/hashing.ts";
import { livingTabs, nameOfTab } from "../transfer/tabs.ts";
import { type Event, type FileFacts, isLike, type Item, type Reason, restoreItem, unsentItem } from "./item.ts";
import { type Kept, recall, remember } from "./memory.ts";
import { pump } from "./pump.ts";
import { apply, createEntry, endEntry, type Entry, entries, flush, itemsOf, putEntry, takeOut } from "./store.ts";
import type { Kind, View } from "./view.ts";

/** A file that was dropped or chosen, with a handle where the browser gave one. */
export interface Picked {
  readonly file: File;
  readonly handle: FileSystemFileHandle | null;
}

/** An item to be queued: with its file, or the facts of one that is elsewhere. */
type NewItem<Details> = Pick<Item<Details>, "status" | "details"> & (Picked | { readonly facts: FileFacts });

const factsOf = (file: File): FileFacts => ({
  name: file.name,
  sizeBytes: file.size,
  modifiedMs: file.lastModified,
});

let lastNumber = 0;

/** Queues items; returns their keys. */
export function addItems<Details>(view: View<Details>, added: readonly NewItem<Details>[]): readonly string[] {
  const userId = queryClient.getQueryData(meQuery.queryKey)?.id ?? 0;
  const time = Date.now().toString(36);
  const suffix = Math.random().toString(36).slice(2, 8);
  const keys = added.map(({ status, details, ...source }) => {
    lastNumber += 1;
    // Sorted by it, items are in the order in which they were added.
    const key = `${time}-${String(lastNumber).padStart(6, "0")}-${suffix}`;
    const facts = "facts" in source ? source.facts : factsOf(source.file);
    const item: Item<Details> = {
      ...unsentItem,
      ...facts,
      key,
      kind: view.kind.name,
      userId,
      status,
      details,
      isPlaced: status !== "preparing",
      sentBytes: status === "done" ? facts.sizeBytes : 0,
    };
    if ("facts" in source) putEntry(createEntry(view, item, null, null));
    else putFile(createEntry(view, item, source.file, source.handle));
    return key;
  });
  pump();
  flush();
  return keys;
}

/** Puts an entry with its file into the queue, and asks its view whether the file can be sent. */
function putFile(entry: Entry): void {
  putEntry(entry);
  const code = entry.file === null ? null : (entry.view.open?.(entry.item, entry.file) ?? null);
  if (code !== null) apply(entry.item.key, { kind: "refuse", failure: { code, message: "" } });
}

/** The hash of its beginning decides, where that is known. */
async function isSame(file: File, item: Item): Promise<boolean> {
  if (!isLike(file, item)) return false;
  return item.headHash === null || (await headHashOf(file).catch(() => null)) === item.headHash;
}

/** The lost item that this very file belongs to. */
export async function lostItemOf<Details>(kind: Kind<Details>, file: File): Promise<string | null> {
  for (const item of itemsOf(kind)) if (item.status === "lost" && (await isSame(file, item))) return item.key;
  return null;
}

/** Gives an item a file: the one that it lost goes on where it was, any other takes its place. */
export async function giveFile(key: string, { file, handle }: Picked): Promise<void> {
  const before = entries.get(key);
  if (before === undefined) return;
  const isFound = before.item.status === "lost" && (await isSame(file, before.item));
  const event: Event = isFound ? { kind: "find" } : { kind: "replace", file: factsOf(file) };
  if (entries.get(key) !== before) return;
  before.sending?.abort();
  const entry = createEntry(before.view, before.item, file, handle);
  entries.set(key, entry);
  const { url } = before.item;
  apply(key, event);
  if (url !== null && entry.item.url === null) dropUpload(url);
  putFile(entry);
  pump();
  flush();
}

export function pauseItems(keys: Iterable<string>): void {
  for (const key of keys) if (apply(key, { kind: "pause" })?.status === "paused") entries.get(key)?.sending?.abort();
  pump();
  flush();
}

/** Goes on with what was paused, failed or lost; where the browser asks for it, the user allows reading again. */
export async function resumeItems(keys: Iterable<string>): Promise<void> {
  const all = [...keys];
  for (const key of all) {
    const entry = entries.get(key);
    if (entry?.item.status !== "lost" || entry.handle === null) continue;
    const file = await readAgain(entry.handle, true);
    if (file !== null) await giveFile(key, { file, handle: entry.handle });
  }
  for (const key of all) apply(key, { kind: "resume" });
  pump();
  flush();
}

/** An item that was taken out of the queue; the server has its part of the file until {@link Removed.end}. */
export interface Removed {
  readonly undo: () => void;
  readonly end: () => void;
}

export function removeItem(key: string): Removed | null {
  const entry = takeOut(key);
  if (entry === undefined) return null;
  pump();
  flush();
  let isSettled = false;
  const settle = (work: () => void) => () => {
    if (!isSettled) work();
    isSettled = true;
  };
  return {
    undo: settle(() => {
      const item = restoreItem(entry.item, entry.file !== null);
      putEntry(createEntry(entry.view, item, entry.file, entry.handle));
      pump();
      flush();
    }),
    end: settle(() => endEntry(entry)),
  };
}

/** Stops items and forgets them, here and on the server. */
export function cancelItems(keys: Iterable<string>): void {
  for (const key of keys) endEntry(takeOut(key));
  pump();
  flush();
}

/** Fails an item whose file the server cannot use. */
export function refuseItem(key: string, failure: Reason): void {
  apply(key, { kind: "refuse", failure });
  flush();
}

const restorations = new Map<string, Promise<void>>();

/** Takes up the items of a view that were there when the page closed: of this tab, and of tabs that are closed. */
export function restoreItems<Details>(view: View<Details>): Promise<void> {
  const { name } = view.kind;
  const restoration = restorations.get(name) ?? restore(view);
  restorations.set(name, restoration);
  return restoration;
}

async function restore<Details>(view: View<Details>): Promise<void> {
  const tab = await nameOfTab();
  const me = await queryClient.ensureQueryData(meQuery).catch(() => null);
  if (me === null) {
    // The next page tries again.
    restorations.delete(view.kind.name);
    return;
  }
  const otherTabs = await livingTabs();
  const uselessKeys: string[] = [];
  for (const record of await recall(view.kind.name)) {
    const { key, userId } = record.item;
    if (userId !== me.id || entries.has(key) || (record.tab !== tab && otherTabs.has(record.tab))) continue;
    const item = view.parse(record.item);
    if (item === null) uselessKeys.push(key);
    else putFile(await revive(view, item, record));
  }
  await remember([], uselessKeys);
  pump();
  flush();
}

/** The entry of a remembered item, with its file where the browser lets it be read without a question. */
async function revive<Details>(view: View<Details>, item: Item<Details>, { handle }: Kept): Promise<Entry> {
  const file = handle === null ? null : await readAgain(handle, false);
  const sameFile = file !== null && (await isSame(file, item)) ? file : null;
  return createEntry(view, restoreItem(item, sameFile !== null), sameFile, handle);
}
