import type { Call } from "#kernel";
import type { Playlist } from "../contract.ts";
import type { PlaylistRow } from "./playlist-store.ts";

/** A playlist as events and batches have it. Pure. */
export const playlistFact = ({ id: playlistId, userId, title, description, visibility, version }: PlaylistRow) => ({
  playlistId,
  userId,
  title,
  description,
  visibility,
  version,
});

/** A playlist as the caller sees it. Pure. */
export function presentPlaylist(row: PlaylistRow, { userId }: Pick<Call, "userId">): Playlist {
  const { passwordHash: _, generation: __, gate, teaser, ...shown } = row;
  const isMine = row.userId === userId;
  return { ...shown, isMine, ...(isMine && gate && { gate, teaser }) };
}
