import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type DashCaptions, dashManifest, type DashTrack } from "./dash.ts";
import type { TrackIndex } from "../mp4/indexer.ts";

test("a DASH manifest names each file with the inclusive byte ranges of its header and index", () => {
  assert.equal(
    dashManifest([picture("480p"), picture("720p")], [sound], [], (track) => `g1/${track}.mp4?a=1&b=2`),
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" type="static" mediaPresentationDuration="PT4.000S" minBufferTime="PT2S">',
      '<Period id="0" start="PT0S">',
      '<AdaptationSet contentType="video" mimeType="video/mp4" subsegmentAlignment="true" subsegmentStartsWithSAP="1">',
      ...["480p", "720p"].flatMap((track) => [
        `<Representation id="${track}" codecs="avc1.64001f" bandwidth="4000" width="1280" height="720" sar="1:1" frameRate="30">`,
        `<BaseURL>g1/${track}.mp4?a=1&amp;b=2</BaseURL>`,
        '<SegmentBase timescale="1000" indexRange="100-199"><Initialization range="0-99"/></SegmentBase>',
        "</Representation>",
      ]),
      "</AdaptationSet>",
      '<AdaptationSet contentType="audio" mimeType="audio/mp4" lang="en" subsegmentAlignment="true" subsegmentStartsWithSAP="1">',
      '<Representation id="audio" codecs="mp4a.40.2" bandwidth="1000" audioSamplingRate="48000">',
      '<AudioChannelConfiguration schemeIdUri="urn:mpeg:mpegB:cicp:ChannelConfiguration" value="2"/>',
      "<BaseURL>g1/audio.mp4?a=1&amp;b=2</BaseURL>",
      '<SegmentBase timescale="48000" indexRange="100-199"><Initialization range="0-99"/></SegmentBase>',
      "</Representation>",
      "</AdaptationSet>",
      "</Period>",
      "</MPD>",
      "",
    ].join("\n"),
  );
});

test("renditions of another codec are an adaptation set of their own", () => {
  const other: DashTrack = { track: "720p", index: { ...example, codec: "av01.0.05M.08" } };
  const text = dashManifest([picture("480p"), other, picture("1080p")], [], [], (track) => track) ?? "";
  const sets = [...text.matchAll(/<AdaptationSet[^]*?<\/AdaptationSet>/g)].map(([set]) =>
    [...set.matchAll(/codecs="([^".]+)/g)].map(([, codec]) => codec),
  );
  assert.deepEqual(sets, [["avc1", "avc1"], ["av01"]]);
});

test("segments are called aligned, and begun with key frames, only where they are", () => {
  const claims = (...segments: readonly (readonly [ticks: readonly number[], keyframes: readonly number[]])[]) => {
    const tracks = segments.map(([segmentTicks, keyframeBytes], n) => ({
      track: `${n}`,
      index: { ...example, segmentTicks, keyframeBytes, segmentBytes: segmentTicks.map(() => 500) },
    }));
    const text = dashManifest(tracks, [], [], (track) => track) ?? "";
    return [/subsegmentAlignment="true"/, /subsegmentStartsWithSAP="1"/].map((claim) => claim.test(text));
  };
  const even = [
    [2000, 2000],
    [9, 9],
  ] as const;
  assert.deepEqual(claims(even), [true, true]);
  assert.deepEqual(
    claims(even, [
      [2001, 1999],
      [9, 9],
    ]),
    [true, true],
  );
  assert.deepEqual(
    claims(even, [
      [2080, 1920],
      [9, 9],
    ]),
    [false, true],
  );
  assert.deepEqual(claims(even, [[4000], [9]]), [false, true]);
  assert.deepEqual(
    claims(even, [
      [2000, 2000],
      [9, 0],
    ]),
    [true, false],
  );
});

test("a frame rate that is not an integer is written as a fraction", () => {
  const index: TrackIndex = { ...example, samples: 24_000, durationTicks: 1_001_000 };
  assert.match(dashManifest([{ track: "v", index }], [], [], (track) => track) ?? "", /frameRate="23976\/1000"/);
});

test("tracks without a segment index are left out, and without any track there is no manifest", () => {
  const { sidx: _, ...bare } = example;
  const without: DashTrack = { track: "240p", index: bare };
  assert.equal(
    dashManifest([without], [], [], (track) => track),
    undefined,
  );
  assert.equal(
    dashManifest([], [], [captions], (track) => track),
    undefined,
  );
  assert.doesNotMatch(dashManifest([without, picture("480p")], [], [], (track) => track) ?? "", /240p/);
  assert.doesNotMatch(dashManifest([], [sound], [], (track) => track) ?? "", /contentType="video"/);
});

test("captions of each language are a set of their own, and their labels are escaped", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (label) => {
      const text = dashManifest([picture("480p")], [], [{ ...captions, label }], (track) => `g1/${track}.vtt`) ?? "";
      assert.equal([...text.matchAll(/<AdaptationSet /g)].length, 2);
      assert.match(text, /<AdaptationSet contentType="text" mimeType="text\/vtt" lang="zh-Hans">/);
      const [, shown = "<"] = /<Label>([^]*)<\/Label>/.exec(text) ?? [];
      assert.doesNotMatch(shown, /[<>"\p{Cc}]|&(?!amp;|lt;|gt;|quot;)/u);
      assert.ok(shown.isWellFormed());
    }),
  );
});

const example: TrackIndex = {
  kind: "video",
  codec: "avc1.64001f",
  timescale: 1000,
  width: 1280,
  height: 720,
  sizeBytes: 2200,
  init: { offset: 0, size: 100 },
  sidx: { offset: 100, size: 100 },
  durationTicks: 4000,
  samples: 120,
  peakBps: 4000,
  averageBps: 3300,
  segmentsOffset: 200,
  segmentBytes: [1000, 1000],
  segmentTicks: [2000, 2000],
  keyframeBytes: [100, 80],
};
const picture = (track: string): DashTrack => ({ track, index: example });
const sound: DashTrack = {
  track: "audio",
  language: "en",
  index: {
    ...example,
    kind: "audio",
    codec: "mp4a.40.2",
    channels: 2,
    timescale: 48_000,
    durationTicks: 192_000,
    width: 0,
    height: 0,
    peakBps: 1000,
  },
};
const captions: DashCaptions = { track: "caption-7", language: "zh-Hans", label: "简体中文" };
