import { uploadPrefix } from "#base/api/upload-names.ts";
import { type Item, itemFrom } from "./queue.ts";

export function keepUpload(item: Item, tab: string): void {
  // A password is never kept on the device.
  const draft = { ...item.draft, password: undefined };
  localStorage.setItem(uploadPrefix + item.key, JSON.stringify({ ...item, draft, tab }));
}

export const forgetUpload = (key: string): void => localStorage.removeItem(uploadPrefix + key);

export interface KeptUpload {
  readonly item: Item;
  readonly tab: string;
}

/** All that is remembered, whichever tab it is of, in the order in which it was added. */
export function recallUploads(): KeptUpload[] {
  const uploads = Array.from({ length: localStorage.length }, (_, place) => localStorage.key(place) ?? "")
    .filter((name) => name.startsWith(uploadPrefix))
    .flatMap((name) => parseUpload(localStorage.getItem(name)) ?? []);
  return uploads.toSorted((a, b) => (a.item.key < b.item.key ? -1 : 1));
}

/** A stored entry, checked. Pure. */
export function parseUpload(text: string | null): KeptUpload | null {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? "null");
  } catch {
    return null;
  }
  const item = itemFrom(stored);
  if (item === null || typeof stored !== "object" || stored === null || !("tab" in stored)) return null;
  return typeof stored.tab === "string" ? { item, tab: stored.tab } : null;
}
