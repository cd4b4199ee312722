import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClosedEvent, LiveEvent, OpenedEvent, PartEvent } from "../events.ts";
import type { Frame, VideoFrame } from "../../frames/frame.ts";
import { Packager } from "../packager.ts";
import { RungPackager } from "./rung-packager.ts";
import { pictureFormat, soundFormat, steadyFrames } from "../testing.ts";
import { StreamWindow } from "../window.ts";

test("a rung has the leader's segments, with numbers, starts and durations", () => {
  const { events } = streamOf({});
  const [leader, rung] = [closings(events, "video"), closings(events, "low")];
  assert.deepEqual(
    rung.map(({ msn }) => msn),
    leader.map(({ msn }) => msn),
  );
  for (const { msn } of leader) {
    const [one, other] = [spanOf(events, "video", msn), spanOf(events, "low", msn)];
    assert.ok(Math.abs(one.start - other.start) <= 45 && Math.abs(one.ticks - other.ticks) <= 3_000, String(msn));
  }
  const target = events.find((event) => event.kind === "init")?.partTargetMs ?? 0;
  assert.ok(parts(events, "low").every(({ durationTicks }) => durationTicks <= target * 90));
});

test("a rung that lacks a key frame is degraded until the next one that both have", () => {
  const degraded: boolean[] = [];
  const lost = (frame: VideoFrame): VideoFrame => (frame.dts === 360_000 ? { ...frame, isKey: false } : frame);
  const { events } = streamOf({ change: lost, onFrame: (rung) => degraded.push(rung.isDegraded) });
  assert.deepEqual(
    closings(events, "low").map(({ msn, parts: count }) => [msn, count > 0]),
    [0, 1, 2, 3, 4].map((msn) => [msn, msn !== 2]),
  );
  assert.equal(degraded.filter((isDegraded) => isDegraded).length, 60);
  assert.equal(degraded.at(-1), false);
});

test("a rung that begins late takes the leader's number, and its playlist begins where its bytes begin", () => {
  const { events, window } = streamOf({ from: 200_000 });
  assert.deepEqual(
    closings(events, "low").map(({ msn }) => msn),
    [2, 3, 4],
  );
  const playlist = String(window.mediaPlaylist("low"));
  assert.match(playlist, /#EXT-X-MEDIA-SEQUENCE:2\n/);
  assert.doesNotMatch(playlist, /#EXT-X-GAP/);
  const dates = (track: string) => String(window.mediaPlaylist(track)).match(/#EXT-X-PROGRAM-DATE-TIME:\S+/g);
  assert.deepEqual(dates("low"), dates("video")?.slice(2));
});

test("the master playlist names a rung once it has a segment", () => {
  const named: [number, boolean][] = [];
  streamOf({
    onFrame: (_, window, frame) => named.push([frame.dts, String(window.masterPlaylist()).includes("playlist/low")]),
  });
  const first = named.find(([, isNamed]) => isNamed)?.[0] ?? 0;
  assert.equal(first, 180_000);
});

test("the master playlist names a rung again once it has the discontinuity that the sound has", () => {
  const named: [number, boolean][] = [];
  streamOf({
    seconds: 4,
    starts: [0, 9_000],
    onFrame: (_, window, frame) => named.push([frame.dts, String(window.masterPlaylist()).includes("playlist/low")]),
  });
  const again = 9 * 90_000;
  // Its encoder is ten frames late: the last of those before the gap come behind the sound's.
  assert.deepEqual([...new Set(named.filter(([dts]) => dts < again && dts > 330_000).map(([, is]) => is))], [false]);
  assert.equal(named.find(([dts]) => dts > again + 22_500)?.[1], true);
});

test("a rung whose encoder has gone is offered to nobody, two segments later", () => {
  const { events } = streamOf({});
  const window = new StreamWindow({ uriOf: ({ kind, track }) => `${kind}/${track}` });
  const isOffered: boolean[] = [];
  for (const event of events) {
    if (!("track" in event && event.track === "low" && "msn" in event && event.msn >= 1)) window.apply(event);
    if (event.kind === "opened") isOffered.push(window.mediaPlaylist("low") !== undefined);
  }
  assert.deepEqual(isOffered, [false, true, true, true, false]);
  assert.doesNotMatch(String(window.masterPlaylist()), /playlist\/low/);
});

test("a group that the leader cuts between key frames is cut in the rung as well", () => {
  const { events } = streamOf({ keySeconds: 6, seconds: 12 });
  const openings = events.filter((event): event is OpenedEvent => event.kind === "opened");
  assert.deepEqual(
    openings.map(({ isIndependent }) => isIndependent),
    [true, false, true, false],
  );
  for (const { msn, isIndependent } of openings)
    assert.equal(parts(events, "low").find((part) => part.msn === msn)?.isIndependent, isIndependent);
});

test("a rung with uneven times keeps its place between key frames, as GStreamer's streams need", () => {
  const degraded: boolean[] = [];
  const uneven = (frame: VideoFrame): VideoFrame => {
    const laterTicks = frame.isKey || (frame.dts / 3_000) % 2 === 1 ? 0 : 1_700;
    return { ...frame, dts: frame.dts + laterTicks, pts: frame.pts + laterTicks };
  };
  const { events } = streamOf({
    keySeconds: 10,
    seconds: 20,
    change: uneven,
    onFrame: (rung) => degraded.push(rung.isDegraded),
  });
  assert.deepEqual(
    closings(events, "low").map(({ msn, parts: count }) => [msn, count > 0]),
    closings(events, "video").map(({ msn }) => [msn, true]),
  );
  assert.ok(!degraded.slice(1).includes(true));
});

test("a rung follows the leader across a reconnect", () => {
  const { events } = streamOf({ seconds: 4, starts: [0, 9_000] });
  assert.deepEqual(
    closings(events, "low").map(({ msn }) => msn),
    [0, 1, 2, 3],
  );
  assert.ok(Math.abs(spanOf(events, "low", 2).start - spanOf(events, "video", 2).start) <= 45);
  // The picture before the gap does not last through it.
  assert.ok(spanOf(events, "low", 1).ticks <= 180_000 + 90);
});

interface StreamOptions {
  readonly seconds?: number;
  readonly keySeconds?: number;
  /** When each publisher begins. */
  readonly starts?: readonly number[];
  /** The encoder's change of a frame. */
  readonly change?: (frame: VideoFrame) => VideoFrame;
  /** Output time from which the encoder gives frames. */
  readonly from?: number;
  readonly onFrame?: (rung: RungPackager, window: StreamWindow, frame: VideoFrame) => void;
}

/** A leader and a rung that is ten frames late, with times in milliseconds. */
function streamOf({
  seconds = 10,
  keySeconds = 2,
  starts = [0],
  change = (one) => one,
  from = 0,
  onFrame,
}: StreamOptions) {
  const events: LiveEvent[] = [];
  const window = new StreamWindow({ uriOf: ({ kind, track }) => `${kind}/${track}` });
  const emit = (event: LiveEvent): void => {
    events.push(event);
    window.apply(event);
  };
  const rung = new RungPackager({ track: "low", maxrateBps: 450_000, emit });
  rung.format({ ...pictureFormat, width: 160, height: 90 });
  const late: VideoFrame[] = [];
  const encode = (count: number): void => {
    for (const frame of late.splice(0, count)) {
      const [dts, pts] = [Math.round(frame.dts / 90) * 90, Math.round(frame.pts / 90) * 90];
      if (frame.dts < from) continue;
      rung.frame(change({ ...frame, dts, pts }));
      onFrame?.(rung, window, { ...frame, dts });
    }
  };
  const packager = new Packager({
    originMs: 0,
    emit: (event) => {
      if (event.kind === "end") {
        encode(late.length);
        rung.end();
      }
      rung.follow(event);
      emit(event);
    },
    onFrame: (frame: Frame) => {
      if (frame.kind === "video") late.push(frame);
      if (late.length > 10) encode(1);
    },
  });
  for (const [n, fromMs] of starts.entries()) {
    if (n > 0) packager.restart();
    packager.format(pictureFormat);
    packager.format(soundFormat);
    for (const frame of steadyFrames({ seconds, keySeconds }))
      packager.frame(frame, fromMs + (frame.kind === "video" ? frame.dts : frame.pts) / 90);
  }
  packager.end();
  return { events, window };
}

const parts = (events: readonly LiveEvent[], track: string): PartEvent[] =>
  events.filter((event): event is PartEvent => event.kind === "part" && event.track === track);
const closings = (events: readonly LiveEvent[], track: string): ClosedEvent[] =>
  events.filter((event): event is ClosedEvent => event.kind === "closed" && event.track === track);

function spanOf(events: readonly LiveEvent[], track: string, msn: number): { start: number; ticks: number } {
  const own = parts(events, track).filter((part) => part.msn === msn);
  return { start: own[0]?.startTicks ?? -1, ticks: own.reduce((sum, { durationTicks }) => sum + durationTicks, 0) };
}
