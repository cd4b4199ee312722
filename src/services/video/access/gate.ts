import type { Handlers, Host } from "#kernel";
import { openState } from "#policy/gates/thing-access";
import { type video, VideoNotFound } from "../contract.ts";
import * as store from "../store.ts";
import { thingOf, type ViewerAccess } from "./viewer-access.ts";

/** The gate of a video for a viewer; a video without one is open to those who may see it. */
export function createVideoGate(
  { db }: Pick<Host<store.Tables>, "db">,
  { requireVisible, gateOf }: Pick<ViewerAccess, "requireVisible" | "gateOf">,
): Pick<Handlers<typeof video>, "gate"> {
  return {
    async gate({ id, isAnew }, call) {
      const row = await store.byId(db, id);
      if (row?.gate) {
        const state = await gateOf(thingOf(row), call, isAnew);
        if (!state) throw VideoNotFound({});
        return state;
      }
      const seen = await requireVisible(row, call, call).catch(() => Promise.reject(VideoNotFound({})));
      return openState(thingOf(seen.row));
    },
  };
}
