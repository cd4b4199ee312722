import type { Id } from "#kernel";
import { ticksPerSecond } from "#media/frames/frame";
import { live } from "../../contract.ts";
import { hashOfKey } from "../../room/rooms/stream-key.ts";
import { holderOf } from "./ingest-store.ts";
import { roomOfFormerKey } from "./refusal-store.ts";
import type { IngestRefusals } from "./refusals.ts";
import * as rooms from "../../room/rooms/room-store.ts";
import type { Row } from "../../room/rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import type { Origin } from "../streams/live-stream.ts";
import type { Streams } from "../streams/streams.ts";

const windowMs = 10 * 60_000;
/** Wrong keys of one address within the window. */
const wrongKeysMax = 20;
/** More segments than a process sends between two records of how far it is. */
const unseenSegments = 16;
/** The time that the former process has to store the end of a stream; encoders wait for it. */
const releaseMs = 3_000;

/** A room, or the stream of a guest of one. */
type Published = Pick<Row, "id" | "status"> & { readonly roomId?: Id };
export type IngestAdmission = AdmittedPublisher | RefusedPublisher;
interface AdmittedPublisher {
  readonly ok: true;
  readonly liveId: Id;
  /** Takes the stream from the process that had it; undefined where it goes on here, or is the first of its room. */
  readonly resume: () => Promise<Origin | undefined>;
  readonly isGuest: boolean;
}
interface RefusedPublisher {
  readonly ok: false;
  readonly reason: "wrong_key" | "too_many_tries" | "ended" | "full";
  /** For the publisher's user. */
  readonly sentence: string;
}

const sentences: Readonly<Record<RefusedPublisher["reason"] | "key_replaced", string>> = {
  key_replaced: "this stream key was replaced by another one",
  wrong_key: "no such stream key",
  too_many_tries: "too many wrong stream keys, wait a few minutes",
  ended: "this live room has ended, create another one",
  full: "this server has as many live streams as it takes, try again later",
};
const refusalFor = (reason: RefusedPublisher["reason"]): RefusedPublisher => ({
  ok: false,
  reason,
  sentence: sentences[reason],
});

/** Decides by its stream key whether a publisher may begin (security S2.7). */
export interface IngestAdmissions {
  /** Decides if a room takes a publisher with the right to publish now. */
  readonly admitTo: (room: Published) => Promise<IngestAdmission>;
  /** `liveId`: the room that the key has to be of, where the publisher names one. */
  readonly admit: (key: string, address: string, liveId?: Id) => Promise<IngestAdmission>;
}

export function createIngestAdmissions(
  { db, cache, settings, peers, call }: LiveHost,
  streams: Streams,
  refusals: IngestRefusals,
): IngestAdmissions {
  /** Refuses, and says it to the owner of the room as well. */
  function refusedTo(liveId: Id, reason: "ended" | "full"): RefusedPublisher {
    refusals.write(liveId, reason, sentences[reason]);
    return refusalFor(reason);
  }

  /**
   * The position for a stream that begins in this process: behind what the former process stored when it let go, or behind
   * everything that a dead one may have sent since it was last seen. The clocks of the two are not compared: one that is
   * behind would make the output go back.
   */
  async function resume({ id, status }: Published): Promise<Origin | undefined> {
    if (streams.get(id)?.isAttended) return undefined;
    const holder = await holderOf(db, id);
    const isElsewhere = holder !== undefined && holder.instance !== settings.instance;
    if (isElsewhere) await takeOver(id);
    if (status === "waiting" || streams.get(id)) return undefined;
    const former = isElsewhere ? await holderOf(db, id) : holder;
    if (!former) return undefined;
    const { originMs, msn, generation, endMs, agoMs, discontinuities } = former;
    const endTicks = (endMs + agoMs) * (ticksPerSecond / 1_000);
    const next = msn + (former.isAttended ? unseenSegments : 1);
    return { originMs, msn: next, generation: generation + 1, endTicks, discontinuities };
  }

  /** A process that does not answer notices by itself that it has lost its claim. */
  async function takeOver(id: Id): Promise<void> {
    streams.release(id);
    await Promise.allSettled(peers(live).map((peer) => peer.releaseStream({ id }, call({ waitMs: releaseMs }))));
  }

  async function admitTo(room: Published): Promise<IngestAdmission> {
    if (room.status === "ended") return refusedTo(room.id, "ended");
    if (!streams.get(room.id) && streams.size >= settings.streamsMax) return refusedTo(room.id, "full");
    return { ok: true, liveId: room.id, resume: () => resume(room), isGuest: room.roomId !== undefined };
  }

  return {
    admitTo,

    async admit(key: string, address: string, liveId?: Id): Promise<IngestAdmission> {
      const counter = `live:wrong-keys:${address}`;
      const wrongKey = async () => {
        const { value } = await cache.add(counter, 1, windowMs);
        await refusals.writeWrongKey(address, sentences.wrong_key);
        return refusalFor(value > wrongKeysMax ? "too_many_tries" : "wrong_key");
      };
      // A key has 128 random bits: nobody guesses one, and a right key is good behind an address that sent wrong ones.
      const room = await rooms.byKey(db, hashOfKey(key));
      const former = room ? undefined : await roomOfFormerKey(db, hashOfKey(key));
      if (former) refusals.write(former.liveId, "key_replaced", sentences.key_replaced);
      if (!room || room.isRemoved || room.id !== (liveId ?? room.id)) return wrongKey();
      return admitTo(room);
    },
  };
}
