import { type Call, callerOf, type Host } from "#kernel";
import type { Tables } from "../store.ts";
import * as begunStore from "./begun-store.ts";

/** The lists of a watch history besides the history itself. */
export const createBegunVideos = ({ db }: Pick<Host<Tables>, "db">) => ({
  continueWatching: async ({ limit }: { readonly limit: number }, call: Call) => ({
    items: await begunStore.begunBy(db.read(call), callerOf(call), limit),
  }),
});
