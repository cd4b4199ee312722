import { createAccountStore, useStore } from "#base/api/session/store.ts";
import type { Video } from "#base/api/types.ts";

/** The video that goes on in the corner while its viewer is on another page. */
export interface Mini {
  readonly video: Video;
  /** The position where it goes on, in seconds. */
  readonly atS: number;
}

// It may be a video that visitors cannot see.
const mini = createAccountStore<Mini | null>(null);

/** Shows a video in the corner, or none. */
export const setMini = mini.set;

export const useMini = (): Mini | null => useStore(mini);
