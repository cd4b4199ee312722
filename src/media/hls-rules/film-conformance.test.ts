import assert from "node:assert/strict";
import { test } from "node:test";
import { keyframePlaylist, masterPlaylist, mediaPlaylist, type UriTarget } from "../playlists/hls.ts";
import type { InitEvent, LiveEvent } from "../live/events.ts";
import { Packager } from "../live/packager.ts";
import { recordedIndex, type RecordedSegment, RecordingLayout } from "../live/recording/recording-layout.ts";
import { pictureFormat, soundFormat, steadyFrames } from "../live/testing.ts";
import type { TrackIndex } from "../mp4/indexer.ts";
import { masterRules } from "./master-rules.ts";
import { breachesOf, mediaRules } from "./media-rules.ts";
import { readPlaylist } from "./read.ts";

test("playlists of a film keep the rules of HTTP Live Streaming at 1, 25 and 60 pictures a second", () => {
  for (const framesPerSecond of [1, 25, 60]) {
    const tracks = filmOf(framesPerSecond);
    const [video, sound] = [tracks.get("video"), tracks.get("audio")];
    assert.ok(video && sound);
    const pictures = [{ track: "video", index: video }];
    const master = masterPlaylist(pictures, [{ track: "audio", index: sound, name: "Sound" }], [], uriOf);
    const peakBps = peakOf(video) + peakOf(sound);
    const measured = new Map([[uriOf({ kind: "playlist", track: "video" }), { peakBps, framesPerSecond }]]);
    assert.deepEqual(breachesOf(masterRules, { list: readPlaylist(master), measured }), [], master);
    for (const text of [
      mediaPlaylist({ track: "video", index: video }, uriOf),
      mediaPlaylist({ track: "audio", index: sound }, uriOf),
      keyframePlaylist({ track: "video", index: video }, uriOf),
    ]) {
      const list = readPlaylist(text);
      assert.deepEqual(breachesOf(mediaRules, list), [], text);
      assert.ok(list.segments.length >= 10);
    }
  }
});

const uriOf = ({ kind, track }: UriTarget): string => `${kind}/${track}`;

/** The greatest rate of a segment, which is at least that of any set of them. */
const peakOf = ({ segmentBytes, segmentTicks, timescale }: TrackIndex): number =>
  Math.max(
    ...segmentBytes.map((size, n) => {
      const seconds = (segmentTicks[n] ?? 0) / timescale;
      return seconds >= 1 ? Math.floor((size * 8) / seconds) : 0;
    }),
  );

/** A stream with a publisher that comes back. */
function filmOf(framesPerSecond: number): ReadonlyMap<string, TrackIndex> {
  const events: LiveEvent[] = [];
  const packager = new Packager({ originMs: 0, emit: (event) => events.push(event) });
  for (const fromMs of [0, 20_000]) {
    if (fromMs > 0) packager.restart();
    packager.format(pictureFormat);
    packager.format(soundFormat);
    for (const frame of steadyFrames({ seconds: 14, framesPerSecond }))
      packager.frame(frame, fromMs + (frame.kind === "video" ? frame.dts : frame.pts) / 90);
  }
  packager.end();
  const init = events.find((event): event is InitEvent => event.kind === "init");
  assert.ok(init);
  const layout = new RecordingLayout(init);
  const segments: RecordedSegment[] = events.flatMap((event) => layout.append(event)?.segment ?? []);
  return new Map(
    ["video", "audio"].flatMap((track) => {
      const index = recordedIndex(init, track, segments, layout.sizeBytes);
      return index ? [[track, index] as const] : [];
    }),
  );
}
