import { useMemo } from "react";
import type { Failure } from "#base/api/request/failure.ts";
import { dropUpload } from "#base/api/request/sending.ts";
import { createAccountStore, useStore } from "#base/api/session/store.ts";
import { type Rate, rateOf, type Sample } from "../transfer/rate.ts";
import { nameOfTab } from "../transfer/tabs.ts";
import { type Event, isOver, type Item, step } from "./item.ts";
import { type Kept, remember } from "./memory.ts";
import type { Kind, View } from "./view.ts";

/** An item of the queue with the state of its transfer. Another file makes another entry of the same key. */
export interface Entry {
  readonly view: View;
  item: Item;
  file: File | null;
  handle: FileSystemFileHandle | null;
  sending: AbortController | null;
  samples: readonly Sample[];
  waitsFor: Failure | null;
}

/** An item as it is shown. */
export interface Shown<Details = unknown> extends Item<Details> {
  readonly rate: Rate;
  /** It does not move, and will without the user: there is no connection, or the server is busy. */
  readonly waitsFor: Failure | null;
  /** The file itself is at hand. */
  readonly hasFile: boolean;
  /** Its file can be read again when the user allows it. */
  readonly hasHandle: boolean;
}

/** How often progress is shown. */
const notifyMs = 100;

export const entries = new Map<string, Entry>();
const noRows: readonly Shown[] = [];
/** A log-out stops the transfers and removes them from the server. */
const rows = createAccountStore<ReadonlyMap<string, readonly Shown[]>>(new Map(), () => {
  for (const key of entries.keys()) endEntry(takeOut(key));
});

/** The items of a view in the order in which they were added. They outlive the page: moving through the app stops none. */
export function useItems<Details>({ name, has }: Kind<Details>): readonly Shown<Details>[] {
  const all = useStore(rows, (current) => current.get(name) ?? noRows);
  return useMemo(() => all.filter((row) => has(row)), [all, has]);
}

export function itemOf<Details>({ has }: Kind<Details>, key: string): Item<Details> | undefined {
  const item = entries.get(key)?.item;
  return item !== undefined && has(item) ? item : undefined;
}

export const itemsOf = <Details>({ has }: Kind<Details>): readonly Item<Details>[] =>
  Array.from(entries.values(), ({ item }) => item).filter((item) => has(item));

export const fileOf = (key: string): File | null => entries.get(key)?.file ?? null;

export const createEntry = (view: View, item: Item, file: File | null, handle: FileSystemFileHandle | null): Entry => ({
  view,
  item,
  file,
  handle,
  sending: null,
  samples: [],
  waitsFor: null,
});

export function putEntry(entry: Entry): void {
  entries.set(entry.item.key, entry);
  keep(entry.item.key);
  notify(entry.view.kind);
}

const changedKinds = new Set<string>();
let notification: ReturnType<typeof setTimeout> | undefined;

/** Shows the changes of a kind soon. */
export function notify({ name }: Pick<Kind<unknown>, "name">): void {
  changedKinds.add(name);
  notification ??= setTimeout(flush, notifyMs);
}

/** Shows all changes now. Acts of the user end with it. */
export function flush(): void {
  clearTimeout(notification);
  notification = undefined;
  const next = new Map(rows.get());
  const ordered = [...entries.values()].toSorted((a, b) => (a.item.key < b.item.key ? -1 : 1));
  for (const kind of changedKinds) next.set(kind, ordered.filter(({ item }) => item.kind === kind).map(showEntry));
  changedKinds.clear();
  const warns = ordered.some(({ view, item, handle }) => view.warns(item, handle !== null));
  window[warns ? "addEventListener" : "removeEventListener"]("beforeunload", warn);
  rows.set(next);
}

/** Asks before the page closes and takes a running upload with it. */
const warn = (event: globalThis.Event) => event.preventDefault();

const showEntry = ({ item, file, handle, samples, waitsFor }: Entry): Shown => ({
  ...item,
  rate: rateOf(samples, item.sizeBytes),
  waitsFor,
  hasFile: file !== null,
  hasHandle: handle !== null,
});

/** Changes an item; it is remembered when more than its progress changed. */
export function apply(key: string, event: Event): Item | null {
  const entry = entries.get(key);
  if (entry === undefined) return null;
  const after = step(entry.item, event);
  if (after === entry.item) return after;
  entry.item = after;
  if (event.kind !== "moved") keep(key);
  notify(entry.view.kind);
  entry.view.onChange?.(after, event);
  return after;
}

/** Changes what only its view knows of an item. */
export function changeDetails<Details>(kind: Kind<Details>, key: string, part: Partial<Details>): void {
  const entry = entries.get(key);
  const item = itemOf(kind, key);
  if (entry === undefined || item === undefined) return;
  entry.item = { ...item, details: { ...item.details, ...part } };
  keep(key);
  notify(kind);
  flush();
}

/** True if a reload needs the item no longer. */
const isForgotten = ({ item, view }: Entry): boolean => isOver(item) && view.isKept?.(item) !== true;

const unsaved = new Set<string>();
/** Changes of one moment are written together. */
function keep(key: string) {
  const entry = entries.get(key);
  if (entry !== undefined && isForgotten(entry)) entry.file = null;
  unsaved.add(key);
  if (unsaved.size === 1) void nameOfTab().then(save);
}

async function save(tab: string): Promise<void> {
  const keys = [...unsaved];
  unsaved.clear();
  const records = keys.flatMap((key): Kept[] => {
    const entry = entries.get(key);
    if (entry === undefined || isForgotten(entry)) return [];
    const { item, handle, view } = entry;
    return [{ item: { ...item, details: view.strip?.(item.details) ?? item.details }, handle, tab }];
  });
  const keptKeys = new Set(records.map(({ item }) => item.key));
  await remember(
    records,
    keys.filter((key) => !keptKeys.has(key)),
  );
}

/** Stops an item and takes it out of the queue; the server keeps what it has of it. */
export function takeOut(key: string): Entry | undefined {
  const entry = entries.get(key);
  if (entry === undefined) return undefined;
  entry.sending?.abort();
  entries.delete(key);
  keep(key);
  notify(entry.view.kind);
  return entry;
}

/** Forgets an entry that was taken out, here and on the server. */
export function endEntry(entry: Entry | undefined): void {
  if (entry === undefined) return;
  if (entry.item.url !== null) dropUpload(entry.item.url);
  entry.view.onRemove?.(entry.item);
}
