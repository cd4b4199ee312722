import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveEvent } from "./events.ts";
import type { Frame } from "../frames/frame.ts";
import type { LiveUriTarget } from "./live-playlist.ts";
import { liveTrack } from "./live-track.ts";
import { Packager } from "./packager.ts";
import { opusFormat, pictureFormat, soundFormat, steadyFrames } from "./testing.ts";
import { StreamWindow, type StreamWindowOptions } from "./window.ts";

test("a playlist lists parts of the newest segments, whole older ones, and the next part", () => {
  const { window } = streamOf(9.5);
  const lines = linesOf(window, "video");
  assert.deepEqual(lines.slice(0, 8), [
    "#EXTM3U",
    "#EXT-X-VERSION:9",
    "#EXT-X-TARGETDURATION:4",
    "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=24.0,PART-HOLD-BACK=0.708,HOLD-BACK=12.0",
    "#EXT-X-PART-INF:PART-TARGET=0.236",
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-DISCONTINUITY-SEQUENCE:0",
    "#EXT-X-INDEPENDENT-SEGMENTS",
  ]);
  assert.deepEqual(
    lines.filter((line) => line.startsWith("segment")),
    [0, 1, 2, 3].map((msn) => `segment/video/${msn}`),
  );
  const parts = lines.filter((line) => line.startsWith("#EXT-X-PART:"));
  // Segment 0 has only its whole; 1 to 3 have nine parts each, and the open one six.
  assert.equal(parts.length, 3 * 9 + 6);
  assert.equal(parts[0], '#EXT-X-PART:DURATION=0.23333,URI="part/video/1/0",INDEPENDENT=YES');
  assert.equal(parts[1], '#EXT-X-PART:DURATION=0.23333,URI="part/video/1/1"');
  assert.deepEqual(lines.slice(-3, -1), [
    '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part/video/4/6"',
    '#EXT-X-RENDITION-REPORT:URI="playlist/audio",LAST-MSN=4,LAST-PART=5',
  ]);
  assert.equal(lines.filter((line) => line.startsWith("#EXT-X-PROGRAM-DATE-TIME")).length, 5);
  assert.ok(lines.includes("#EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:04.000Z"));
});

test("every address of a playlist has bytes, and the parts of a segment are its bytes", () => {
  const { window } = streamOf(30);
  for (const track of ["video", "audio"]) {
    const lines = linesOf(window, track);
    const parts = lines.flatMap(
      (line) => /^#EXT-X-PART:.*URI="part\/\w+\/(\d+)\/(\d+)"/.exec(line)?.slice(1).map(Number) ?? [],
    );
    for (let n = 0; n < parts.length; n += 2) assert.ok(window.partBytes(track, parts[n] ?? -1, parts[n + 1] ?? -1));
    for (const line of lines.filter((one) => one.startsWith("segment"))) {
      const msn = Number(line.split("/")[2]);
      const whole = window.segmentBytes(track, msn);
      assert.ok(whole !== undefined, line);
      const count = window.partsOf(track, msn) ?? 0;
      if (count > 0)
        assert.deepEqual(
          whole,
          Array.from({ length: count }, (_, part) => window.partBytes(track, msn, part)),
        );
    }
  }
});

test("a playlist lists 40 s, and a segment that leaves it stays for as long as the playlist lasts", () => {
  const { window } = streamOf(200);
  for (const track of ["video", "audio"]) {
    const listed = linesOf(window, track).flatMap(
      (line) => /^segment\/\w+\/(\d+)/.exec(line)?.slice(1).map(Number) ?? [],
    );
    const [first = 0] = listed;
    assert.equal(listed.length, 20);
    // The playlist that named it last had 20 whole segments of 2 s and it: so long, and its own length.
    const isThere = (msn: number) => window.segmentBytes(track, msn) !== undefined;
    assert.deepEqual([first - 1, first - 21, first - 23].map(isThere), [true, true, false], track);
  }
});

test("a rendition that was away for long begins a list anew", () => {
  const { window } = streamOf(20);
  window.apply({ kind: "rung", generation: 0, track: liveTrack("low", 1, pictureFormat, someRates) });
  const segment = (msn: number): void => {
    window.apply(opening(msn));
    window.apply({ ...partOfOpening, track: "low", msn, startTicks: msn * 180_000 });
    window.apply({ kind: "closed", track: "low", msn, parts: 1 });
  };
  for (const msn of [9, 10, 90, 91]) segment(msn);
  const lines = linesOf(window, "low");
  assert.ok(lines.includes("#EXT-X-MEDIA-SEQUENCE:90"));
  assert.deepEqual(
    lines.filter((line) => line.startsWith("segment")),
    ["segment/low/90", "segment/low/91"],
  );
  assert.ok(window.segmentBytes("low", 10), "players may still have the list before");
});

test("each playlist is built once for each part, however many ask", () => {
  let [builds, changes] = [0, 0];
  const window = windowOf({ built: () => builds++ });
  let before = "";
  const packager = new Packager({
    originMs,
    emit: (event) => {
      window.apply(event);
      const head = JSON.stringify(window.head("video"));
      if (head !== undefined && head !== before) changes++;
      before = head ?? "";
      for (let viewer = 0; viewer < 50; viewer++) window.mediaPlaylist("video");
    },
  });
  send(packager, steadyFrames({ seconds: 10 }), 0);
  assert.ok(changes > 40);
  assert.equal(builds, changes);
});

test("a delta update leaves out what is older than the skip boundary", () => {
  const { window } = streamOf(100, { listedMs: 90_000 });
  const [whole, delta] = [linesOf(window, "video"), linesOf(window, "video", { isDelta: true })];
  const skipped = Number(delta.find((line) => line.startsWith("#EXT-X-SKIP"))?.split("=")[1]);
  const count = (lines: readonly string[]): number => lines.filter((line) => line.startsWith("segment")).length;
  assert.equal(skipped + count(delta), count(whole));
  // 24 s: what is left covers them with segments of 2 s and what is open.
  assert.ok(count(delta) >= 12 && count(delta) <= 13, String(count(delta)));
  assert.ok(delta.some((line) => line.startsWith("#EXT-X-MAP")));
});

test("a playlist with DVR lists segments whose bytes are elsewhere, and its reports are of playlists with DVR", () => {
  const { window } = streamOf(100, { listedMs: 60_000 });
  const lines = linesOf(window, "video", { isDvr: true });
  const listed = lines.filter((line) => line.startsWith("segment"));
  assert.equal(listed.length, 30);
  assert.equal(window.segmentBytes("video", Number(listed[0]?.split("/")[2])), undefined);
  assert.match(lines.at(-2) ?? "", /^#EXT-X-RENDITION-REPORT:URI="playlist\/audio\/true"/);
});

test("renditions begin together, however far back some of them go (RFC 8216 §6.2.4)", () => {
  const withDvr = windowOf({ listedMs: 60_000 });
  // As renditions that are not recorded.
  const withoutDvr = windowOf();
  const playlistsIn = (window: StreamWindow) => ["video", "audio"].map((track) => linesOf(window, track));
  const emit = (event: LiveEvent): void => {
    for (const window of [withDvr, withoutDvr]) window.apply(event);
    if (event.kind === "closed") assert.deepEqual(playlistsIn(withDvr), playlistsIn(withoutDvr));
  };
  send(new Packager({ originMs, emit }), steadyFrames({ seconds: 100 }), 0);
  assert.equal(linesOf(withDvr, "video").filter((line) => line.startsWith("segment")).length, 20);
});

test("a master playlist with DVR has the tracks that are kept", () => {
  const { window } = streamOf(10, { listedMs: 60_000 });
  window.apply({ kind: "rung", generation: 0, track: liveTrack("aac", 2, soundFormat, someRates) });
  window.apply({ track: "aac", msn: 3, startTicks: 0, ...partOfOpening });
  window.apply({ kind: "closed", track: "aac", msn: 3, parts: 1 });
  window.apply({ track: "aac", msn: 4, startTicks: 0, ...partOfOpening });
  assert.match(String(window.masterPlaylist()), /playlist\/aac/);
  const withDvr = String(window.masterPlaylist({ isDvr: true }));
  assert.deepEqual(
    new Set(withDvr.match(/playlist\/\w+\/\w+/g)),
    new Set(["playlist/video/true", "playlist/audio/true"]),
  );
});

test("a reconnect is a discontinuity that is counted once it has left the window", () => {
  const window = windowOf();
  const events: LiveEvent[] = [];
  const emit = (event: LiveEvent): void => {
    window.apply(event);
    events.push(event);
  };
  const packager = new Packager({ originMs, emit });
  send(packager, steadyFrames({ seconds: 4 }), 0);
  packager.restart();
  send(packager, steadyFrames({ seconds: 8 }), 7_000);
  const lines = linesOf(window, "audio");
  const at = lines.indexOf("#EXT-X-DISCONTINUITY");
  assert.equal(lines[at + 1], "#EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:07.000Z");
  assert.ok(lines.includes("#EXT-X-DISCONTINUITY-SEQUENCE:0"));
  send(
    packager,
    steadyFrames({ seconds: 60 }).filter((frame) => timeOf(frame) >= 8 * 90_000),
    7_000,
  );
  for (const track of ["video", "audio"]) {
    const later = linesOf(window, track);
    assert.ok(later.includes("#EXT-X-DISCONTINUITY-SEQUENCE:1") && !later.includes("#EXT-X-DISCONTINUITY"));
  }
  // As for a process that follows the stream only now, and for one that goes on behind a process that is gone.
  const late = windowOf();
  const [init, from] = [
    events.filter(({ kind }) => kind === "init"),
    events.findLastIndex(({ kind }) => kind === "opened"),
  ];
  for (const event of [...init, ...events.slice(from - 200)]) late.apply(event);
  assert.ok(linesOf(late, "video").includes("#EXT-X-DISCONTINUITY-SEQUENCE:1"));
  const { msn, generation, endMs, discontinuities } = packager.reached;
  const after = windowOf();
  const resume = { msn: msn + 9, generation: generation + 1, endTicks: endMs * 90, discontinuities };
  send(new Packager({ originMs, emit: (event) => after.apply(event), resume }), steadyFrames({ seconds: 60 }), 90_000);
  assert.ok(linesOf(after, "video").includes("#EXT-X-DISCONTINUITY-SEQUENCE:2"));
});

test("a track without a frame in a segment has a gap there", () => {
  const window = windowOf();
  const packager = new Packager({ originMs, emit: (event) => window.apply(event) });
  const frames = steadyFrames({ seconds: 12 }).filter(
    (one) => one.kind === "video" || Math.abs(timeOf(one) - 540_000) > 270_000,
  );
  send(packager, frames, 0);
  const lines = linesOf(window, "audio");
  const gaps = lines.flatMap((line, n) => (line === "#EXT-X-GAP" ? [lines.slice(n - 1, n + 2)] : []));
  assert.deepEqual(gaps, [
    ["#EXTINF:2.00000,", "#EXT-X-GAP", "segment/audio/2"],
    ["#EXTINF:2.00000,", "#EXT-X-GAP", "segment/audio/3"],
  ]);
});

test("the end of a stream ends its playlists", () => {
  const { window, packager } = streamOf(5);
  packager.end();
  for (const track of ["video", "audio"]) {
    const lines = linesOf(window, track);
    assert.equal(lines.at(-2), "#EXT-X-ENDLIST");
    assert.ok(!lines.some((line) => line.includes("PRELOAD-HINT") || line.includes("CAN-BLOCK-RELOAD")));
  }
});

test("the master playlist names both tracks, with bounds of their rates, from the first part on", () => {
  const window = windowOf();
  assert.equal(window.masterPlaylist(), undefined);
  const packager = new Packager({ originMs, emit: (event) => window.apply(event) });
  send(packager, steadyFrames({ seconds: 1 }), 0);
  const master = String(window.masterPlaylist());
  assert.match(master, /#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound-audio",.*URI="playlist\/audio",CHANNELS="2"/);
  assert.match(
    master,
    /#EXT-X-STREAM-INF:BANDWIDTH=942000,AVERAGE-BANDWIDTH=660000,CODECS="avc1.42c00d,mp4a.40.2",RESOLUTION=320x180,FRAME-RATE=30.000,AUDIO="sound-audio",CLOSED-CAPTIONS=NONE\nplaylist\/video\n/,
  );
});

test("the rates of the first master playlist are bounds of a still that becomes motion, and never fall", () => {
  for (const declared of [{ videoBps: 2_000_000, audioBps: 96_000, framesPerSecond: 25 }, {}]) {
    const window = windowOf();
    const packager = new Packager({ originMs, emit: (event) => window.apply(event) });
    const rates: Record<string, number>[] = [];
    const read = (): void => {
      const text = /#EXT-X-STREAM-INF:(.*AUDIO.*)/.exec(String(window.masterPlaylist()))?.[1] ?? "";
      rates.push(
        Object.fromEntries(
          ["BANDWIDTH", "AVERAGE-BANDWIDTH", "FRAME-RATE"].map((name) => [
            name,
            Number(new RegExp(`(?:^|,)${name}=([\\d.]+)`).exec(text)?.[1]),
          ]),
        ),
      );
    };
    const frames = steadyFrames({ seconds: 24 }).map((frame): Frame => {
      const isMotion = timeOf(frame) >= 8 * 90_000 && timeOf(frame) < 16 * 90_000;
      return frame.kind === "video" && isMotion ? { ...frame, bytes: Buffer.alloc(2_000) } : frame;
    });
    packager.declare(declared);
    send(packager, frames.slice(0, 100), 0);
    read();
    for (const frame of frames.slice(100)) {
      packager.frame(frame, timeOf(frame) / 90);
      read();
    }
    const [first, last] = [rates[0], rates.at(-1)];
    // 30 pictures of 2,000 bytes a second are 480 kb/s, with the sound and boxes half a megabit.
    assert.ok((first?.["BANDWIDTH"] ?? 0) >= 500_000, JSON.stringify(first));
    for (const name of ["BANDWIDTH", "AVERAGE-BANDWIDTH", "FRAME-RATE"]) {
      const values = rates.map((rate) => rate[name] ?? 0);
      assert.deepEqual(
        values,
        values.toSorted((a, b) => a - b),
        name,
      );
    }
    assert.ok((last?.["BANDWIDTH"] ?? 0) >= 480_000, JSON.stringify(last));
    assert.equal(first?.["FRAME-RATE"], 30);
  }
});

test("a track without a segment has rates in the master playlist too", () => {
  const window = windowOf();
  const packager = new Packager({ originMs, emit: (event) => window.apply(event) });
  const late = steadyFrames({ seconds: 6 }).filter((frame) => frame.kind === "video");
  send(packager, [...late, { kind: "audio", pts: 9_000_000, samples: 1_024, bytes: Buffer.alloc(9) }], 0);
  assert.doesNotMatch(String(window.masterPlaylist()), /BANDWIDTH=0\b/);
});

test("the master playlist has all pictures with each encoding of the sound, the stream's own first", () => {
  const { window } = streamOf(5, {}, opusFormat);
  const header = window.ownTracks.find(({ kind }) => kind === "audio");
  assert.ok(header);
  const variants = () =>
    Array.from(
      String(window.masterPlaylist()).matchAll(/CODECS="([^"]+)".*AUDIO="([^"]+)".*\nplaylist\/(.*)/g),
      ([, ...found]) => found,
    );
  const own = [
    ["avc1.42c00d,opus", "sound-audio", "video"],
    ["opus", "sound-audio", "audio"],
  ];
  window.apply({ kind: "rung", generation: 0, track: liveTrack("aac", 2, soundFormat, someRates) });
  const part = (msn: number, startTicks: number): void =>
    window.apply({ ...partOfOpening, track: "aac", msn, startTicks, durationTicks: 96_000, frames: 94 });
  part(0, 0);
  assert.deepEqual(variants(), own, "it has no whole segment");
  window.apply({ kind: "closed", track: "aac", msn: 0, parts: 1 });
  part(1, 96_000);
  assert.deepEqual(variants(), [
    own[0],
    ["avc1.42c00d,mp4a.40.2", "sound-aac", "video"],
    own[1],
    ["mp4a.40.2", "sound-aac", "aac"],
  ]);
  window.apply({ ...opening(3), isDiscontinuous: true, discontinuities: 1 });
  assert.deepEqual(variants(), own, "it lacks the newest discontinuity");
});

const opening = (msn: number) =>
  ({
    kind: "opened",
    msn,
    generation: 0,
    isDiscontinuous: false,
    discontinuities: 0,
    isIndependent: true,
    startTicks: msn * 180_000,
  }) as const;
const partOfOpening = {
  kind: "part",
  part: 0,
  bytes: Buffer.alloc(9),
  durationTicks: 180_000,
  isIndependent: true,
  keyframeBytes: 0,
  frames: 60,
} as const;
const someRates = { peakBps: 500_000, averageBps: 400_000, framesPerSecond: 30 };
const originMs = Date.UTC(2027, 0, 15, 8);

const uriOf = (target: LiveUriTarget): string => {
  const { kind, track, ...rest } = target;
  return [kind, track, ...Object.values(rest).filter((value) => value !== false)].join("/");
};
const windowOf = (options: Partial<StreamWindowOptions> = {}): StreamWindow => new StreamWindow({ uriOf, ...options });
const timeOf = (frame: Frame): number => (frame.kind === "video" ? frame.dts : frame.pts);

function send(packager: Packager, frames: readonly Frame[], fromMs: number, sound = soundFormat): void {
  packager.format(pictureFormat);
  packager.format(sound);
  for (const frame of frames) packager.frame(frame, fromMs + timeOf(frame) / 90);
}

function streamOf(
  seconds: number,
  options: Partial<StreamWindowOptions> = {},
  sound = soundFormat,
): { readonly window: StreamWindow; readonly packager: Packager } {
  const window = windowOf(options);
  const packager = new Packager({ originMs, emit: (event) => window.apply(event) });
  send(packager, steadyFrames({ seconds }), 0, sound);
  return { window, packager };
}

const linesOf = (window: StreamWindow, track: string, view = {}): string[] =>
  String(window.mediaPlaylist(track, view)).split("\n");
