import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { Client, Contract } from "#kernel";
import { silentLog } from "#kernel/log/port";
import type { InitEvent, LiveEvent } from "#media/live/events";
import { Packager } from "#media/live/packager";
import { type RecordedSegment, RecordingLayout } from "#media/live/recording/recording-layout";
import { pictureFormat, soundFormat, steadyFrames } from "#media/live/testing";
import { RoomEdge } from "./room-edge.ts";

describe("going back in a live stream", () => {
  afterEach(() => edge?.close());

  it("lists what is recorded before the segments in memory, from the first answer on", async () => {
    const { playlist } = await begin({});
    const listed = segmentsIn(playlist());
    assert.deepEqual(
      listed,
      Array.from({ length: 50 }, (_, msn) => msn),
    );
    assert.equal(playlist().match(/#EXT-X-MAP/g)?.length, 1);
    for (const track of ["video", "audio"]) assert.match(playlist(track), /#EXT-X-INDEPENDENT-SEGMENTS/, track);
  });

  it("lists its window at most", async () => {
    const { playlist } = await begin({ windowMs: 60_000 });
    const [first] = segmentsIn(playlist());
    assert.equal(first, 18);
  });

  it("lists the newest segments alone where nothing is recorded, or the recording is late or has other headers", async () => {
    for (const options of [{ windowMs: 0 }, { storedTo: 42 }, { changeHeader: true }]) {
      const { playlist } = await begin(options);
      assert.equal(segmentsIn(playlist())[0], 30, JSON.stringify(options));
      edge?.close();
    }
  });

  it("gives up what lies elsewhere when the recording stops", async () => {
    const { playlist, recording, more } = await begin({});
    recording.isOn = false;
    await edge?.history.look();
    await more();
    assert.equal(segmentsIn(playlist())[0], 31);
  });

  it("lists nothing that is stored nowhere where the room was started behind the beginning of its stream", async () => {
    const { playlist, more } = await begin({ storedFrom: 40 });
    assert.equal(segmentsIn(playlist())[0], 30);
    await more();
    assert.equal(segmentsIn(playlist())[0], 31);
  });

  it("announces the first part of the next segment to players that wait for the last one of a segment", async () => {
    const { room, playlist, more } = await begin({});
    const hintOf = () => /PRELOAD-HINT:TYPE=PART,URI="([^"]+)"/.exec(playlist())?.[1];
    // Segment 50 has nine parts, as all have.
    const reached = room.wait("video", { msn: 50, part: 8 }, new AbortController().signal).then(hintOf);
    await more();
    assert.equal(await reached, "video-51.0.m4s");
  });

  it("asks once for a segment that many go back to", async () => {
    const { asked } = await begin({});
    const all = await Promise.all([1, 2, 3].map(async () => edge?.history.segment("video", 3)));
    assert.deepEqual(new Set(all.map(String)), new Set(["video 3"]));
    assert.deepEqual(asked, ["video 3"]);
  });
});

let edge: RoomEdge | undefined;

interface Beginning {
  readonly windowMs?: number;
  readonly storedFrom?: number;
  readonly storedTo?: number;
  readonly changeHeader?: boolean;
}

/** A gateway that comes to a stream of 50 segments, of which the process that has it remembers 22. */
async function begin({ windowMs = 7_200_000, storedFrom = 0, storedTo = 48, changeHeader = false }: Beginning) {
  const { events, init, segments } = streamOf(104);
  const asked: string[] = [];
  const recording = { isOn: true };
  const opened = Promise.withResolvers<void>();
  const applied = Promise.withResolvers<void>();
  const atOpening = events.findIndex((event) => event.kind === "opened" && event.msn === 50);
  const kept = [init, ...events.slice(0, atOpening).filter((event) => "msn" in event && event.msn >= 28)];
  const methods = {
    async *media() {
      for (const [n, event] of kept.entries()) yield { event, waiting: kept.length - n - 1 };
      await opened.promise;
      // The events of one frame come together.
      const later = events.slice(
        atOpening,
        events.findIndex((event) => event.kind === "opened" && event.msn === 51) + 1,
      );
      for (const [n, event] of later.entries()) {
        const isTogether = event.kind === "closed" || later[n + 1]?.kind === "closed";
        yield { event, waiting: isTogether ? 1 : 0 };
      }
      applied.resolve();
      await new Promise(() => undefined);
    },
    async history({ afterMsn }: { afterMsn: number }) {
      if (!recording.isOn) return { windowMs: 0, tracks: [], segments: [] };
      return {
        windowMs,
        tracks: init.tracks.map(({ track, init: bytes }) => ({
          track,
          init: changeHeader ? bytes.subarray(1) : bytes,
        })),
        segments: segments
          .filter(({ msn }) => msn > afterMsn && msn >= storedFrom && msn <= storedTo)
          .map(({ ranges, ...segment }) => ({
            ...segment,
            ranges: ranges.map(({ size, keyframeBytes, offset: _, ...range }) => ({
              ...range,
              sizeBytes: size,
              isIndependent: keyframeBytes > 0,
            })),
          })),
      };
    },
    async segment({ track, msn }: { track: string; msn: number }) {
      asked.push(`${track} ${msn}`);
      return { bytes: Buffer.from(`${track} ${msn}`) };
    },
  };
  // The methods that an edge calls are those above.
  const client = <C extends Contract>(_: C) => methods as unknown as Client<C>;
  const counters = { part: () => undefined, playlist: () => undefined };
  const room = new RoomEdge({ id: 7, client, log: silentLog, counters });
  edge = room;
  assert.ok(await room.hasBegun(10_000));
  const more = async (): Promise<void> => {
    opened.resolve();
    await applied.promise;
  };
  return {
    room,
    playlist: (track = "video") => String(room.window.mediaPlaylist(track, { isDvr: true })),
    asked,
    recording,
    more,
  };
}

function streamOf(seconds: number) {
  const events: LiveEvent[] = [];
  const packager = new Packager({ originMs: 0, emit: (event) => events.push(event) });
  packager.format(pictureFormat);
  packager.format(soundFormat);
  for (const frame of steadyFrames({ seconds })) packager.frame(frame, 0);
  packager.end();
  const init = events.find((event): event is InitEvent => event.kind === "init");
  assert.ok(init);
  const layout = new RecordingLayout(init);
  const segments: RecordedSegment[] = events.flatMap((event) => layout.append(event)?.segment ?? []);
  return { events, init, segments };
}

const segmentsIn = (playlist: string): number[] =>
  Array.from(playlist.matchAll(/^video-(\d+)\.m4s$/gm), ([, msn]) => Number(msn));
