import type { Id } from "#kernel";
import { ticksPerSecond } from "#media/live/frame";
import { hashOfKey } from "../rooms/stream-key.ts";
import { holderOf } from "./ingest-store.ts";
import * as rooms from "../rooms/room-store.ts";
import type { Row } from "../rooms/room-store.ts";
import type { LiveHost } from "../settings.ts";
import type { Origin } from "../streams/live-stream.ts";
import type { Streams } from "../streams/streams.ts";

const windowMs = 10 * 60_000;
/** Wrong keys of one address within the window. */
const wrongKeysMax = 20;
/** More segments than a process sends between two records of how far it is. */
const unseenSegments = 16;

export type IngestAdmission =
  | { readonly ok: true; readonly liveId: Id; readonly resume: Origin | undefined }
  | { readonly ok: false; readonly sentence: string };

const refused = (sentence: string): IngestAdmission => ({ ok: false, sentence });

/** Decides by its stream key whether a publisher may begin (security S2.7). */
export function ingestAdmission({ db, cache, now, settings }: LiveHost, streams: Streams) {
  /** A stream that another process had goes on behind everything that it may have sent since it was last seen. */
  async function resumeOf({ id, status }: Row): Promise<Origin | undefined> {
    const former = status === "waiting" ? undefined : await holderOf(db, id);
    if (!former) return undefined;
    const { originMs, msn, generation } = former;
    const endTicks = Math.max(0, now() - originMs) * (ticksPerSecond / 1_000);
    return { originMs, msn: msn + unseenSegments, generation: generation + 1, endTicks };
  }

  return async (key: string, address: string): Promise<IngestAdmission> => {
    const counter = `live:wrong-keys:${address}`;
    const wrongKey = async () => {
      const { value } = await cache.add(counter, 1, windowMs);
      return refused(value > wrongKeysMax ? "too many wrong stream keys, wait a few minutes" : "no such stream key");
    };
    // Asked before the key is looked at, so that guessing goes on blindly.
    const { value: wrongKeys } = await cache.add(counter, 0, windowMs);
    if (wrongKeys > wrongKeysMax) return wrongKey();
    const room = await rooms.byKey(db, hashOfKey(key));
    if (!room || room.isRemoved) return wrongKey();
    if (room.status === "ended") return refused("this live room has ended, create another one");
    if (!streams.get(room.id) && streams.size >= settings.streamsMax)
      return refused("this server has as many live streams as it takes, try again later");
    return { ok: true, liveId: room.id, resume: streams.get(room.id) ? undefined : await resumeOf(room) };
  };
}
export type AdmitPublisher = ReturnType<typeof ingestAdmission>;
