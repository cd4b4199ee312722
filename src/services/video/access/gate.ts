import type { Handlers, Host } from "#kernel";
import { can } from "#policy/can";
import { type video, VideoNotFound } from "../contract.ts";
import * as store from "../store.ts";
import type { ViewerAccess } from "./viewer-access.ts";

/** The gate of a video for a viewer; a video without one is open to those who may see it. */
export function createVideoGate(
  { db }: Pick<Host<store.Tables>, "db">,
  { requireVisible, resource, standings }: Pick<ViewerAccess, "requireVisible" | "resource" | "standings">,
): Pick<Handlers<typeof video>, "gate"> {
  return {
    async gate({ id, isAnew }, call) {
      const row = await store.byId(db, id);
      if (!row?.gate) {
        const { row: seen } = await requireVisible(row, call, call).catch(() => Promise.reject(VideoNotFound({})));
        return { ...stateOf(seen), title: seen.title, opening: "open", terms: [] };
      }
      const isOwner = row.userId === call.userId;
      if (row.status !== store.published && !isOwner) throw VideoNotFound({});
      const standing = (await standings([row], call, call, isAnew)).get(id);
      const opening = standing?.opening ?? "open";
      const isSeen = can(call, "see", resource(row, call, undefined, opening));
      return {
        ...stateOf(row),
        title: isSeen || row.teaser !== "none" ? row.title : "",
        opening: isSeen ? "open" : opening,
        terms: [...(standing?.terms ?? [])],
        gate: row.gate,
      };
    },
  };
}

const stateOf = ({ id, userId: ownerId, generation, teaser }: store.Row) => ({ id, ownerId, generation, teaser });
