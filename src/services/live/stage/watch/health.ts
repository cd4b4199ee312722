import type { Call, Id } from "#kernel";
import type { z } from "zod";
import type { StreamHealth } from "../../contract.ts";
import type { IngestRefusals } from "../ingest/refusals.ts";
import type { Rooms } from "../../room/rooms/rooms.ts";
import type { LiveHost } from "../../settings.ts";
import type { LiveStream } from "../streams/live-stream.ts";
import { peerWith } from "../streams/peer.ts";
import type { Streams } from "../streams/streams.ts";

type Health = z.output<typeof StreamHealth>;

const nothing: Health = {
  isSending: false,
  source: null,
  sinceMs: null,
  bitrateBps: 0,
  framesPerSecond: 0,
  keyframeMs: null,
  droppedFrames: 0,
  video: null,
  audio: null,
  warnings: [],
  lastRefusal: null,
  rungs: [],
};

/** How the stream of a room comes in, for its owner, from whichever process has it. */
export function createStreamHealth(
  host: LiveHost,
  streams: Streams,
  { requireOwnRoom, refusals }: Pick<Rooms, "requireOwnRoom"> & { readonly refusals: Pick<IngestRefusals, "last"> },
) {
  async function healthOf(id: Id, call: Call): Promise<Health> {
    const stream = streams.get(id);
    if (stream) return presentHealth(stream);
    const peer = await peerWith(host, id, call);
    return peer ? peer.incoming({ id }, call) : nothing;
  }

  return {
    async health({ id }: { id: Id }, call: Call): Promise<Health> {
      await requireOwnRoom(id, "change", call);
      const [health, lastRefusal] = await Promise.all([
        healthOf(id, host.call({ traceId: call.traceId, signal: call.signal })),
        refusals.last(id, call),
      ]);
      return { ...health, lastRefusal };
    },

    async incoming({ id }: { id: Id }): Promise<Health> {
      const stream = streams.get(id);
      return stream ? presentHealth(stream) : nothing;
    },
  };
}

function presentHealth({ attendance, rungStates, isRecordingLost, clockWarnings }: LiveStream): Health {
  const rungs = Array.from(rungStates);
  if (!attendance) return { ...nothing, rungs };
  const { source, sinceMs, facts } = attendance;
  const isDegraded = rungs.some(({ state }) => state === "degraded" || state === "given_up");
  return {
    isSending: true,
    lastRefusal: null,
    source,
    sinceMs,
    ...facts,
    warnings: [
      ...facts.warnings,
      ...clockWarnings,
      ...(isDegraded ? (["rung_degraded"] as const) : []),
      ...(isRecordingLost ? (["recording_stopped"] as const) : []),
    ],
    rungs,
  };
}
