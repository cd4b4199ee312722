import { createAccountStore, useStore } from "#base/api/session/store.ts";
import type { Listed } from "../entries/entries.ts";

/** Entries that were cut or copied, until they are put somewhere. */
interface Held {
  how: "move" | "copy";
  entries: readonly Listed[];
}

const clipboard = createAccountStore<Held | null>(null);

export const hold = clipboard.set;

export const useHeld = (): Held | null => useStore(clipboard);
