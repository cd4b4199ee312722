import { keyOf } from "./keys.ts";
import { invalidate } from "./query-client.ts";

/** Asks again for favourites and their folders after a change. In a file of its own, for the first page imports it. */
export const foldersChanged = (): Promise<unknown> =>
  invalidate(keyOf("favorites"), keyOf("favorite-place"), keyOf("folders"));
