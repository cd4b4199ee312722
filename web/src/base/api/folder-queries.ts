import { queryClient } from "./queries.ts";

/** Asks again for favourites and their folders after a change. In a file of its own, for the first page imports it. */
export const foldersChanged = (): Promise<unknown> =>
  Promise.all(
    ["favorites", "favorite-place", "folders"].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
  );
