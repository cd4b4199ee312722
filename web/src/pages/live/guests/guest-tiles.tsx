import type { Live } from "#base/api/types.ts";
import { guestsOnAir } from "./guest-state.ts";
import { GuestTile } from "./guest-tile.tsx";
import { OwnTile } from "./own-tile.tsx";
import type { OwnGuest } from "./use-own-guest.ts";
import type { Sound } from "./use-stream.ts";

/** The guests of a room for its player: their streams, and the own picture of one who watches here. */
export function guestTilesOf(live: Live, ownGuest: OwnGuest | undefined, sound: Sound) {
  const stream = ownGuest?.isOn === true ? ownGuest.broadcast.stream : null;
  const otherGuests = guestsOnAir(live).filter(({ live_id }) => stream === null || live_id !== ownGuest?.guest.live_id);
  const tiles = otherGuests.map((guest) => (
    <GuestTile key={guest.live_id} guest={guest} roomId={live.id} sound={sound} isDirect={stream !== null} />
  ));
  if (stream !== null && ownGuest !== undefined)
    tiles.push(<OwnTile key="me" stream={stream} onLeave={ownGuest.leave} />);
  return tiles;
}
