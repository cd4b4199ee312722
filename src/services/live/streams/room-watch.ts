import type { Recorders } from "../recording/recorders.ts";
import type { Row } from "../rooms/room-store.ts";
import type { Streams } from "./streams.ts";

/** What a change of a room does to its stream in this process: one that has ended has none, and a new key ends the old. */
export const roomWatch =
  (streams: Streams, recorders: Recorders) =>
  (row: Row, isNewKey = false): void => {
    const { id, status } = row;
    recorders.changed(streams.get(id), row);
    if (status === "ended") streams.end(id);
    else if (isNewKey) streams.get(id)?.stopPublisher("the stream key was replaced");
  };
