import type { Call, Host, Id, Tx } from "#kernel";
import { can } from "#policy/can";
import { NotYourPlaylist, PlaylistNotFound } from "../contract.ts";
import type { Tables } from "../store.ts";
import * as playlistStore from "./playlist-store.ts";

/** Decides which users may see and change playlists. */
export interface PlaylistAccess {
  /** @throws PlaylistNotFound */
  readonly visible: (id: Id, call: Call) => Promise<playlistStore.PlaylistRow>;
  /** @throws PlaylistNotFound, NotYourPlaylist */
  readonly own: (id: Id, call: Call) => Promise<playlistStore.PlaylistRow>;
  /** Changes the caller's own playlist, which is locked. @throws PlaylistNotFound, NotYourPlaylist */
  readonly change: <R>(
    id: Id,
    call: Call,
    work: (tx: Tx<Tables>, row: playlistStore.PlaylistRow) => Promise<R>,
  ) => Promise<R>;
}

export function createPlaylistAccess({ db }: Pick<Host<Tables>, "db">): PlaylistAccess {
  /** @throws PlaylistNotFound */
  function requireVisible(row: playlistStore.PlaylistRow | undefined, call: Call): playlistStore.PlaylistRow {
    if (!row || !can(call, "see", resourceOf(row))) throw PlaylistNotFound({});
    return row;
  }

  /** @throws PlaylistNotFound, NotYourPlaylist */
  function requireOwn(row: playlistStore.PlaylistRow | undefined, call: Call): playlistStore.PlaylistRow {
    const visible = requireVisible(row, call);
    if (!can(call, "change", resourceOf(visible))) throw NotYourPlaylist({});
    return visible;
  }

  const change = <R>(
    id: Id,
    call: Call,
    work: (tx: Tx<Tables>, row: playlistStore.PlaylistRow) => Promise<R>,
  ): Promise<R> => db.tx(async (tx) => work(tx, requireOwn(await playlistStore.lockPlaylist(tx, id), call)));

  return {
    visible: async (id: Id, call: Call) => requireVisible(await playlistStore.playlistById(db, id), call),
    own: async (id: Id, call: Call) => requireOwn(await playlistStore.playlistById(db, id), call),
    change,
  };
}

const resourceOf = ({ userId: ownerId, visibility }: playlistStore.PlaylistRow) => ({
  ownerId,
  visibility,
  isPublished: true,
});
