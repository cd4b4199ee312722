import type { Call, Id } from "#kernel";
import type { RoomEnds } from "../lifecycle.ts";
import type { StreamArrival } from "../../room/rooms/stream-arrival.ts";
import type { rooms } from "../../room/rooms/rooms.ts";
import type { GuestStreams } from "./guest-streams.ts";

type RoomParts = StreamArrival & RoomEnds & Pick<ReturnType<typeof rooms>, "own">;

/** What publishers do to what they publish to, which is a room or the stream of a guest. */
export const roomsAndGuests = (room: RoomParts, guests: () => GuestStreams) => ({
  withdraw: (id: Id) => room.withdraw(id),
  end: async (id: Id) => (await guests().end(id)) || room.end(id),
  abandon: async (id: Id) => (await guests().end(id)) || room.abandon(id),
  setPaused: async (id: Id, isPaused: boolean) =>
    (await guests().setPaused(id, isPaused)) || room.setPaused(id, isPaused),
  publishable: async (id: Id, call: Call) => (await guests().publishable(id, call)) ?? room.own(id, "change", call),
});
