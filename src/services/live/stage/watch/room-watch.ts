import { randomUUID } from "node:crypto";
import type { Fanout, Id } from "#kernel";
import { z } from "zod";
import type { Recorders } from "../recording/recorders.ts";
import { byId, type Row } from "../../room/rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import type { Streams } from "../streams/streams.ts";

const topic = "live-rooms";
/** A room was changed by the process `from`. */
const Notice = z.object({ id: z.int(), isNewKey: z.boolean(), from: z.string() });

interface Parts {
  readonly streams: Streams;
  readonly recorders: Recorders;
  readonly fanout: Fanout;
}

/**
 * Applies changes of a room to its stream, in whichever process it is. The stream of an ended room ends, that of a
 * started room is recorded, and a new key ends the publisher with the old one.
 */
export interface RoomWatch {
  readonly stop: () => void;
  /** Call it after the commit. */
  readonly changed: (row: Row, isNewKey?: boolean) => void;
}

export function createRoomWatch(
  { db, log }: Pick<LiveHost, "db" | "log">,
  { streams, recorders, fanout }: Parts,
): RoomWatch {
  const from = randomUUID();

  function stopPublisher(id: Id): void {
    streams.get(id)?.stopPublisher("key_replaced", "the stream key was replaced");
  }

  function apply(row: Row): void {
    recorders.recordChanged(streams.get(row.id), row);
    if (row.status === "ended") streams.end(row.id);
  }

  async function changedElsewhere(id: Id): Promise<void> {
    const row = await byId(db, id);
    if (row) apply(row);
    else streams.end(id);
  }

  const stop = fanout.subscribe(topic, (bytes) => {
    const { id, isNewKey, from: sender } = Notice.parse(JSON.parse(Buffer.from(bytes).toString()));
    if (sender === from || !streams.get(id)) return;
    // Before its owner has the new key: a publisher with that is not stopped.
    if (isNewKey) stopPublisher(id);
    else
      changedElsewhere(id).catch((error: unknown) =>
        log.warn("a change of a live room was not applied to its stream", { liveId: id, err: error }),
      );
  });

  return {
    stop,

    changed: (row: Row, isNewKey = false): void => {
      apply(row);
      if (isNewKey && row.status !== "ended") stopPublisher(row.id);
      fanout.publish(topic, Buffer.from(JSON.stringify({ id: row.id, isNewKey, from })));
    },
  };
}
