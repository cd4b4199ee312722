import type { Live } from "#base/api/types.ts";
import { guestsOnAir } from "./guest-state.ts";
import { GuestTile } from "./guest-tile.tsx";
import { OwnTile } from "./own-tile.tsx";
import type { OwnGuest } from "./use-own-guest.ts";
import type { Sound } from "./use-stream.ts";

/** The guests of a room for its player: their streams, and the own picture of one who watches here. */
export function guestTilesOf(live: Live, own: OwnGuest | undefined, sound: Sound) {
  const stream = own?.isOn === true ? own.broadcast.stream : null;
  const others = guestsOnAir(live).filter(({ live_id }) => stream === null || live_id !== own?.guest.live_id);
  const tiles = others.map((guest) => (
    <GuestTile key={guest.live_id} guest={guest} roomId={live.id} sound={sound} isDirect={stream !== null} />
  ));
  if (stream !== null && own !== undefined) tiles.push(<OwnTile key="me" stream={stream} onLeave={own.leave} />);
  return tiles;
}
