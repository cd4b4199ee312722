import type { Call, Id } from "#kernel";
import type { RoomEnds } from "../room-lifecycle.ts";
import type { StreamArrival } from "../../room/rooms/stream-arrival.ts";
import type { Rooms } from "../../room/rooms/rooms.ts";
import type { GuestStreams } from "./guest-streams.ts";
import type { Row } from "../../room/rooms/room-store.ts";
import type { Guest } from "./guest-store.ts";

type RoomParts = StreamArrival & RoomEnds & Pick<Rooms, "requireOwnRoom">;

/** The operations of publishers on their target: a room or the stream of a guest. */
export interface RoomsAndGuests {
  readonly withdraw: (id: Id) => Promise<void>;
  readonly end: (id: Id) => Promise<true | Row | undefined>;
  readonly abandon: (id: Id) => Promise<unknown>;
  readonly setPaused: (id: Id, isPaused: boolean) => Promise<true | void>;
  readonly publishable: (id: Id, call: Call) => Promise<Row | Guest>;
}

export const createRoomsAndGuests = (room: RoomParts, guests: GuestStreams): RoomsAndGuests => ({
  withdraw: (id: Id) => room.withdraw(id),
  end: async (id: Id) => (await guests.end(id)) || room.end(id),
  abandon: async (id: Id) => (await guests.end(id)) || room.abandon(id),
  setPaused: async (id: Id, isPaused: boolean) =>
    (await guests.setPaused(id, isPaused)) || room.setPaused(id, isPaused),
  publishable: async (id: Id, call: Call) =>
    (await guests.publishable(id, call)) ?? room.requireOwnRoom(id, "change", call),
});
