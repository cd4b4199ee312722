import { type Host, joinHandlers } from "#kernel";
import type { RequireUser } from "../access/user-check.ts";
import type { ViewerAccess } from "../access/viewer-access.ts";
import type { PostingPolicy } from "../posting-policy.ts";
import * as store from "../store.ts";
import { createPlaylistItems } from "./playlist-items.ts";
import { createPlaylists } from "./playlists.ts";

interface Parts extends ViewerAccess {
  readonly requireUser: RequireUser;
  readonly policy: PostingPolicy;
}

/** Playlists and the videos in them. */
export const createPlaylistHandlers = (host: Host<store.Tables>, parts: Parts) =>
  joinHandlers(
    createPlaylists(host, parts),
    createPlaylistItems(host, {
      ...parts,
      requireVideo: async (id, call) => parts.requireVisible(await store.byId(host.db, id), call, call),
    }),
  );
