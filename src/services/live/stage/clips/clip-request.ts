import { type Call, callerOf, type Id, type Language } from "#kernel";
import { lastSegments, segmentMs } from "#media/live/recording/recording-cut";
import { ClipTooShort, clipSeconds, LiveEnded, NotLive, NotRecorded, TooManyClips } from "../../contract.ts";
import { holderOf } from "../ingest/ingest-store.ts";
import { readHeader } from "../recording/header.ts";
import * as recordings from "../recording/recording-store.ts";
import type { TextGate } from "../../room/moderation/text-gate.ts";
import * as rooms from "../../room/rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import * as store from "../recording/clip-store.ts";

export interface ClipRequest {
  readonly id: Id;
  readonly seconds: number;
  readonly title?: string | undefined;
}

const clipsMax = 10;
const windowMs = 10 * 60_000;
/** Segments are a second long or longer, save where a publisher came back; an encoder may send key frames seldom. */
const segmentsMax = 3 * clipSeconds.max;
/** A recording that is this many segments behind its stream has stopped. */
const segmentsBehindMax = 15;
/** As long as answers under an idempotency key are kept. */
const keptMs = 24 * 3_600_000;
/** A clip that its request did not finish, since its process ended, is finished by a job. */
const jobDelayMs = 30_000;

/** Begins clips: which segments they have is decided, and durable, before a byte is copied. */
export function createClipRequests({ db, cache, jobs, now, nextId }: LiveHost, gate: TextGate) {
  /** The segments of the last seconds in the recording. @throws NotRecorded, ClipTooShort */
  async function newest({ id, keepsRecording }: rooms.Row, seconds: number) {
    const recording = (await recordings.openOf(db, id)).at(-1);
    if (!recording) throw keepsRecording ? ClipTooShort({}) : NotRecorded({});
    const stored = await recordings.storedOf(db, recording.id, -1, segmentsMax);
    const init = readHeader(recording.header);
    const segments = lastSegments(init, stored, seconds * 1_000);
    const filmMs = segments.reduce((sum, segment) => sum + segmentMs(segment, init.tracks), 0);
    const reached = (await holderOf(db, id))?.msn ?? 0;
    const last = segments.at(-1);
    if (last && reached - last.msn > segmentsBehindMax) throw NotRecorded({});
    if (filmMs < clipSeconds.min * 1_000) throw ClipTooShort({});
    return { header: recording.header, segments: JSON.stringify(segments) };
  }

  /** @throws TooManyClips */
  async function count(ownerId: Id): Promise<void> {
    const { value, leftMs } = await cache.add(`live:clips:${ownerId}`, 1, windowMs);
    if (value > clipsMax) throw TooManyClips({ retryAfterMs: Math.ceil(leftMs) });
  }

  /** The clip of a request for a room of the caller, with the job that finishes it. */
  return async (room: rooms.Row, { seconds, title }: ClipRequest, call: Call): Promise<store.Clip> => {
    const ownerId = callerOf(call);
    const { idempotencyKey = null, language } = call;
    // A repeated request may find the clip of a process that ended before the answer was stored.
    const before = idempotencyKey && (await store.byRequest(db, ownerId, idempotencyKey, now() - keptMs));
    if (before) return before;
    // A title with blocklist terms is flagged where the video is made.
    await gate.reasonToFlag([title], call);
    requireOnAir(room);
    const film = await newest(room, seconds);
    await count(ownerId);
    const id = nextId();
    return db.tx(async (tx) => {
      // A room that ends has its recording published once no clip is open.
      const locked = await rooms.lockById(tx, room.id);
      if (!locked) throw LiveEnded({});
      requireOnAir(locked);
      await store.insert(tx, {
        id,
        live_id: room.id,
        owner_id: ownerId,
        request_key: idempotencyKey,
        title: title ?? titleOf(room.title, language),
        ...film,
        created_at_ms: now(),
      });
      await jobs.add(tx, "make-clip", { payload: { clipId: id }, uniqueKey: String(id), delayMs: jobDelayMs });
      const clip = await store.byId(tx, id);
      if (!clip) throw new Error("a clip that was just inserted is not there");
      return clip;
    });
  };
}

/** @throws NotLive, LiveEnded */
function requireOnAir({ status }: rooms.Row): void {
  if (status === "ended") throw LiveEnded({});
  if (status !== "live" && status !== "paused") throw NotLive({});
}

const titleOf = (room: string, language: Language | undefined): string =>
  `${room} · ${language === "zh" ? "片段" : "clip"}`;
