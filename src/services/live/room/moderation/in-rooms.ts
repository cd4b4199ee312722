import type { NameLookup } from "../log/names.ts";
import type { RoomLog } from "../log/room-log.ts";
import type { HeldTexts } from "./held-texts.ts";
import type { RoomStanding } from "./room-state.ts";
import type { TextGate } from "./text-gate.ts";

/** The common part of everything that writes into rooms. */
export interface InRooms {
  readonly standing: RoomStanding;
  readonly gate: TextGate;
  readonly held: HeldTexts;
  readonly log: RoomLog;
  readonly nameOf: NameLookup;
}
