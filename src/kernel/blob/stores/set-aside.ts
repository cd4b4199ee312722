import type { BlobStore } from "../port.ts";
import { asStores } from "./stores.ts";

/**
 * Puts an object of one store into its quarantine, unless it was stored again since it was looked at; whether it is
 * there now. The caller keeps new records from referring to the object meanwhile: an upload that stored it just now and
 * finds it missing sends it again.
 */
export async function setAside(
  blob: BlobStore,
  { key, store, writtenBeforeMs }: { readonly key: string; readonly store: string; readonly writtenBeforeMs: number },
): Promise<boolean> {
  const stores = asStores(blob);
  const stats = await stores.has(store, key);
  if (stats && stats.changedAtMs >= writtenBeforeMs) return false;
  await stores.only(store).quarantine.put(key);
  return true;
}
