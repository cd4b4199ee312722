import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { captionsPlaylist, type HlsAudio, keyframePlaylist, masterPlaylist, mediaPlaylist, type UriOf } from "./hls.ts";
import type { TrackIndex } from "../mp4/indexer.ts";

test("the byte ranges of a playlist cover the file from the first segment to the last without gaps", () => {
  fc.assert(
    fc.property(indexes, (index) => {
      const ranges = [...mediaPlaylist({ track: "v", index }, uriOf).matchAll(/BYTERANGE:(\d+)@(\d+)/g)];
      let at = index.segmentsOffset;
      for (const [, size, offset] of ranges) {
        assert.equal(Number(offset), at);
        at += Number(size);
      }
      assert.equal(ranges.length, index.segmentBytes.length);
      assert.equal(at, index.segmentsOffset + index.segmentBytes.reduce((sum, size) => sum + size, 0));
    }),
  );
});

test("segments are at most the target duration long, and together as long as the track", () => {
  fc.assert(
    fc.property(indexes, (index) => {
      const text = mediaPlaylist({ track: "v", index }, uriOf);
      const target = Number(/TARGETDURATION:(\d+)/.exec(text)?.[1]);
      const lasts = [...text.matchAll(/EXTINF:([\d.]+),/g)].map((match) => Number(match[1]));
      assert.ok(lasts.every((seconds) => seconds <= target));
      const total = lasts.reduce((sum, seconds) => sum + seconds, 0);
      assert.ok(Math.abs(total - index.durationTicks / index.timescale) < 1e-6 * (lasts.length + 1));
    }),
  );
});

test("a very short last segment of audio is merged into the one before it", () => {
  const index: TrackIndex = {
    ...example,
    kind: "audio",
    segmentsOffset: 100,
    segmentBytes: [1000, 900, 7],
    segmentTicks: [2000, 2000, 20],
    keyframeBytes: [1, 1, 1],
  };
  const text = mediaPlaylist({ track: "a", index }, uriOf);
  assert.deepEqual(text.match(/^#EXTINF.*|^#EXT-X-BYTERANGE.*|^#EXT-X-TARGET.*/gm), [
    "#EXT-X-TARGETDURATION:3",
    "#EXTINF:2.000000,",
    "#EXT-X-BYTERANGE:1000@100",
    "#EXTINF:2.020000,",
    "#EXT-X-BYTERANGE:907@1100",
  ]);
  const longer = { ...index, segmentTicks: [2000, 2000, 400] };
  assert.equal(mediaPlaylist({ track: "a", index: longer }, uriOf).match(/#EXTINF/g)?.length, 3);
  assert.equal(mediaPlaylist({ track: "v", index: { ...index, kind: "video" } }, uriOf).match(/#EXTINF/g)?.length, 3);
});

test("a key frame playlist has the ranges of the key frames, and lasts as long as the track", () => {
  fc.assert(
    fc.property(indexes, (index) => {
      const text = keyframePlaylist({ track: "v", index }, uriOf);
      const lasts = [...text.matchAll(/EXTINF:([\d.]+),/g)].map((match) => Number(match[1]));
      const total = lasts.reduce((sum, seconds) => sum + seconds, 0);
      assert.ok(Math.abs(total - index.durationTicks / index.timescale) < 1e-6 * (lasts.length + 1));
      assert.match(text, /#EXT-X-I-FRAMES-ONLY/);
      let at = index.segmentsOffset;
      const expected = index.segmentBytes.flatMap((size, n) => {
        const keyframe = index.keyframeBytes[n] ?? 0;
        at += size;
        return keyframe > 0 ? [`${keyframe}@${at - size}`] : [];
      });
      assert.deepEqual(
        [...text.matchAll(/BYTERANGE:(.+)/g)].map((match) => match[1]),
        expected,
      );
    }),
  );
});

test("a master playlist adds the audio's rate to every rendition, and ends with the audio alone", () => {
  assert.equal(
    masterPlaylist([{ track: "720p", index: example }], [sound], [], uriOf),
    [
      "#EXTM3U",
      "#EXT-X-VERSION:7",
      "#EXT-X-INDEPENDENT-SEGMENTS",
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,URI="playlist/audio",CHANNELS="2"',
      '#EXT-X-STREAM-INF:BANDWIDTH=5000,AVERAGE-BANDWIDTH=4200,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="sound",CLOSED-CAPTIONS=NONE',
      "playlist/720p",
      '#EXT-X-STREAM-INF:BANDWIDTH=1000,AVERAGE-BANDWIDTH=900,CODECS="mp4a.40.2",AUDIO="sound",CLOSED-CAPTIONS=NONE',
      "playlist/audio",
      '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=400,CODECS="avc1.64001f",RESOLUTION=1280x720,URI="keyframes/720p"',
      "",
    ].join("\n"),
  );
});

test("audio without video in several languages is one group, named by one stream", () => {
  const chinese: HlsAudio = { ...sound, track: "audio-2", name: "中文", language: "zh" };
  const master = masterPlaylist([], [sound, chinese], [], uriOf);
  assert.equal(master.match(/#EXT-X-STREAM-INF:/g)?.length, 1);
  assert.match(master, /CODECS="mp4a.40.2",AUDIO="sound",CLOSED-CAPTIONS=NONE\nplaylist\/audio\n/);
  assert.deepEqual(
    [...master.matchAll(/NAME="([^"]+)",LANGUAGE="(\w+)",DEFAULT=(\w+)/g)].map(([, ...attributes]) => attributes),
    [
      ["English", "en", "YES"],
      ["中文", "zh", "NO"],
    ],
  );
});

test("a master playlist without audio has no audio group, and audio alone is a rendition", () => {
  assert.doesNotMatch(masterPlaylist([{ track: "720p", index: example }], [], [], uriOf), /AUDIO/);
  const alone = masterPlaylist([], [sound], [], uriOf);
  assert.match(
    alone,
    /#EXT-X-STREAM-INF:BANDWIDTH=1000,AVERAGE-BANDWIDTH=900,CODECS="mp4a.40.2",CLOSED-CAPTIONS=NONE\nplaylist\/audio\n/,
  );
  assert.doesNotMatch(alone, /RESOLUTION|EXT-X-MEDIA:/);
});

test("captions are a group that every rendition names, each with a playlist of one segment", () => {
  const captions = [{ track: "caption-7", name: "简体中文", language: "zh-Hans" }];
  const master = masterPlaylist([{ track: "720p", index: example }], [sound], captions, uriOf);
  assert.match(
    master,
    /#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="简体中文",LANGUAGE="zh-Hans",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="playlist\/caption-7"\n/,
  );
  assert.match(master, /FRAME-RATE=30.000,AUDIO="sound",SUBTITLES="captions",CLOSED-CAPTIONS=NONE\n/);
  assert.match(
    masterPlaylist([], [sound], captions, uriOf),
    /CODECS="mp4a.40.2",SUBTITLES="captions",CLOSED-CAPTIONS=NONE\n/,
  );
  const lines = captionsPlaylist("caption-7", 12_340, uriOf).split("\n");
  assert.deepEqual(lines.slice(-4), ["#EXTINF:12.340,", "captions/caption-7", "#EXT-X-ENDLIST", ""]);
  assert.ok(lines.includes("#EXT-X-TARGETDURATION:13"));
});

test("captions of a longer film are segments, none longer than the target duration", () => {
  const parts: UriOf = (target) => `${target.kind}/${target.kind === "captions_part" ? target.part : ""}`;
  for (const durationMs of [60_001, 90_000, 90_400, 7_263_120]) {
    const lines = captionsPlaylist("caption-7", durationMs, parts).split("\n");
    assert.ok(lines.includes("#EXT-X-TARGETDURATION:30"));
    const lengths = lines.flatMap((line) => /^#EXTINF:(\d+\.\d{3}),$/.exec(line)?.[1] ?? []).map(Number);
    assert.ok(lengths.every((length) => length > 0 && Math.round(length) <= 30));
    assert.equal(Math.round(lengths.reduce((sum, length) => sum + length, 0) * 1_000), durationMs);
    const uris = lines.filter((line) => line.startsWith("captions"));
    assert.deepEqual(
      uris,
      lengths.map((_, n) => `captions_part/${n + 1}`),
    );
  }
});

test("a track's name cannot break out of its quotes", () => {
  const named: HlsAudio = { ...sound, name: 'a",URI="x\n#EXT' };
  const lines = masterPlaylist([{ track: "v", index: example }], [named], [], uriOf).split("\n");
  assert.ok(lines.some((line) => line.includes('NAME="a ,URI= x #EXT"')));
});

const uriOf: UriOf = ({ kind, track }) => `${kind}/${track}`;
const example: TrackIndex = {
  kind: "video",
  codec: "avc1.64001f",
  timescale: 1000,
  width: 1280,
  height: 720,
  sizeBytes: 2200,
  init: { offset: 0, size: 100 },
  durationTicks: 4000,
  samples: 120,
  peakBps: 4000,
  averageBps: 3300,
  segmentsOffset: 200,
  segmentBytes: [1000, 1000],
  segmentTicks: [2000, 2000],
  keyframeBytes: [100, 80],
};
const sound: HlsAudio = {
  track: "audio",
  name: "English",
  language: "en",
  index: {
    ...example,
    kind: "audio",
    codec: "mp4a.40.2",
    channels: 2,
    width: 0,
    height: 0,
    peakBps: 1000,
    averageBps: 900,
  },
};
const indexes = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 100, max: 1e7 }), fc.integer({ min: 1, max: 500_000 })), { minLength: 1 }),
    fc.integer({ min: 1, max: 90_000 }),
    fc.nat({ max: 1e6 }),
  )
  .map(
    ([segments, timescale, segmentsOffset]): TrackIndex => ({
      ...example,
      timescale,
      segmentsOffset,
      segmentBytes: segments.map(([size]) => size),
      segmentTicks: segments.map(([, ticks]) => ticks),
      // The first segment always begins with a key frame.
      keyframeBytes: segments.map(([size], n) => (n === 0 || size % 3 > 0 ? 50 : 0)),
      durationTicks: segments.reduce((sum, [, ticks]) => sum + ticks, 0),
    }),
  );
