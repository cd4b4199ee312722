import type { Handlers, Host, RotatingKey } from "#kernel";
import { createUnlock } from "#policy/unlock";
import { NoPlaylistPassword, PlaylistNotFound, type video, WrongPlaylistPassword } from "../contract.ts";
import type { Tables } from "../store.ts";
import type { PlaylistAccess } from "./playlist-access.ts";
import * as playlistStore from "./playlist-store.ts";

interface Parts {
  readonly access: Pick<PlaylistAccess, "visible" | "gateOf">;
  /** Signs unlock tokens. */
  readonly key: RotatingKey;
}

/** The gates of playlists for viewers, and the exchange of their passwords. */
export function createPlaylistGate(
  { db, cache, now }: Pick<Host<Tables>, "db" | "cache" | "now">,
  { access, key }: Parts,
): Pick<Handlers<typeof video>, "playlistGate" | "unlockPlaylist"> {
  const wrongPassword = () => WrongPlaylistPassword({});
  const unlock = createUnlock({ cache, now, key, kind: "playlist", wrongPassword });

  return {
    playlistGate: ({ id, isAnew }, call) =>
      access.gateOf(id, isAnew, call).catch(() => Promise.reject(PlaylistNotFound({}))),

    async unlockPlaylist({ id, password }, call) {
      const { passwordHash = null } = (await playlistStore.playlistById(db, id)) ?? {};
      if (passwordHash === null) {
        await access.visible(id, call);
        throw NoPlaylistPassword({});
      }
      return unlock({ id, passwordHash }, password, call);
    },
  };
}
