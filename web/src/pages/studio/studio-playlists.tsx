import { PlaylistCards } from "#parts/playlists/playlist-cards.tsx";
import { StudioFrame } from "./studio-frame.tsx";

export const StudioPlaylistsPage = () => (
  <StudioFrame tab="playlists">{(me) => <PlaylistCards user={me} />}</StudioFrame>
);
