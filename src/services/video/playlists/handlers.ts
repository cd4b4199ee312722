import { type Host, joinHandlers, type RotatingKey } from "#kernel";
import type { GateCheck } from "#policy/gates/check";
import type { RequireUser } from "../access/user-check.ts";
import type { ViewerAccess } from "../access/viewer-access.ts";
import type { PostingPolicy } from "../posting-policy.ts";
import * as store from "../store.ts";
import type { PlaylistAccess } from "./playlist-access.ts";
import { createPlaylistGate } from "./playlist-gate.ts";
import { createPlaylistItems } from "./playlist-items.ts";
import { createPlaylists } from "./playlists.ts";

interface Parts extends ViewerAccess {
  readonly requireUser: RequireUser;
  readonly policy: PostingPolicy;
  readonly playlistAccess: PlaylistAccess;
  readonly checkGate: GateCheck;
  /** Signs unlock tokens. */
  readonly key: RotatingKey;
}

/** Playlists and the videos in them. */
export function createPlaylistHandlers(host: Host<store.Tables>, { playlistAccess: access, ...parts }: Parts) {
  return joinHandlers(
    createPlaylists(host, { ...parts, access }),
    createPlaylistItems(host, {
      ...parts,
      access,
      requireVideo: async (id, call) => parts.requireVisible(await store.byId(host.db, id), call, call),
    }),
    createPlaylistGate(host, { ...parts, access }),
  );
}
