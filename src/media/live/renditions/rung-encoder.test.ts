import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "#test/until";
import { type Child, systemChildren } from "../../process/children.ts";
import { testTools, without } from "../../testing.ts";
import type { Tools } from "../../process/tools.ts";
import { isCommonPicture } from "./common-picture.ts";
import type { LiveEvent, OpenedEvent, PartEvent } from "../events.ts";
import type { Frame, VideoFormat, VideoFrame } from "../../frames/frame.ts";
import { Packager } from "../packager.ts";
import { RungEncoder, type RungState } from "./rung-encoder.ts";
import { liveRungs, rungArguments } from "./rung-ladder.ts";
import { RungPackager } from "./rung-packager.ts";
import { PicturePipe } from "./rung-pipe.ts";
import { type EncodedStream, encodedStream, uncommonStream } from "../testing.ts";
import { StreamWindow } from "../window.ts";

const tools: Tools | undefined = await testTools();

describe("the encoder of a rung", { timeout: 120_000, skip: without(tools, "FFmpeg") }, () => {
  before(async () => {
    source = await encodedStream({ seconds: 10, size: "640x360", bFrames: 2 });
  });
  after(() => {
    for (const end of ends) end();
  });

  it("makes segments with the numbers and starts of the copy's, of a source with B-frames", async () => {
    const { events, feed, encoder } = begin({ start: ffmpeg });
    await feed(source.frames);
    await until(() => closedOf(events, "240p").length >= 3);
    const rung = partsOf(events, "240p");
    const opened = events.filter((event): event is OpenedEvent => event.kind === "opened");
    const whole = closedOf(events, "240p");
    assert.deepEqual(
      whole,
      whole.map((_, n) => (whole[0] ?? 0) + n),
    );
    for (const msn of whole) {
      const start = opened.find((one) => one.msn === msn)?.startTicks ?? -1;
      const first = rung.find((part) => part.msn === msn);
      assert.ok(first?.isIndependent && Math.abs(first.startTicks - start) <= 90, `${first?.startTicks} for ${start}`);
      const frames = (track: string) =>
        partsOf(events, track)
          .filter((part) => part.msn === msn)
          .reduce((sum, part) => sum + part.frames, 0);
      assert.equal(frames("240p"), frames("video"));
    }
    assert.equal(encoder.state, "steady");
  });

  for (const codec of ["hevc", "av1", "h264"] as const)
    it(`makes one H.264 rendition of ${codec} that browsers do not play everywhere, with its segments`, async () => {
      const uncommon = await uncommonStream(codec, 9);
      const { events, feed, encoder } = begin({ of: uncommon, start: () => ffmpegFor(formatOf(uncommon)) });
      await feed(uncommon.frames);
      await until(() => closedOf(events, "240p").length >= 2);
      const headers = events.find((event) => event.kind === "rung");
      const format = headers?.kind === "rung" ? headers.track.format : undefined;
      assert.ok(format?.kind === "video" && isCommonPicture(format), JSON.stringify(format));
      assert.deepEqual([format.width, format.height], [320, 180]);
      for (const msn of closedOf(events, "240p")) {
        const [own] = partsOf(events, "240p").filter((part) => part.msn === msn);
        const [copied] = partsOf(events, "video").filter((part) => part.msn === msn);
        assert.ok(own && copied && Math.abs(own.startTicks - copied.startTicks) <= 90, `${own?.startTicks}`);
      }
      assert.equal(encoder.state, "steady");
    });

  it("has every segment from the first on, also between key frames that are ten seconds apart", async () => {
    const sparse = await encodedStream({ seconds: 24, size: "640x360", keySeconds: 10, bFrames: 2 });
    const { events, feed, encoder } = begin({ of: sparse, start: ffmpeg });
    await feed(sparse.frames);
    const leaderSegments = closedOf(events, "video").slice(0, -1);
    await until(() => closedOf(events, "240p").includes(leaderSegments.at(-1) ?? 0));
    assert.deepEqual(closedOf(events, "240p").slice(0, leaderSegments.length), leaderSegments);
    assert.equal(encoder.state, "steady");
  });

  it("leaves pictures out where it is never read from, and the copy goes on", async () => {
    const { events, send, encoder, window } = begin({ start: stub("sleep", "600") });
    await until(() => pids.length > 0);
    await send(source.frames, 40);
    assert.ok(encoder.dropped > 0);
    assert.equal(encoder.state, "degraded");
    assert.deepEqual(closedOf(events, "video"), [0, 1, 2, 3]);
    assert.doesNotMatch(String(window.masterPlaylist()), /240p/);
  });

  it("is started again when it ends, and given up after its last pause", async () => {
    const states: RungState[] = [];
    const { encoder } = begin({ start: stub("false"), backoffMs: [1, 1], failed: (state) => states.push(state) });
    await until(() => encoder.state === "given_up");
    assert.deepEqual(states, ["degraded", "degraded", "given_up"]);
  });

  it("goes on with the next key frame after its child was killed, and playlists say what is missing", async () => {
    const { events, feed, window } = begin({ start: ffmpeg, backoffMs: [1, 1, 1] });
    const half = source.frames.findIndex((frame) => frame.kind === "video" && frame.dts > 5.2 * 90_000);
    await feed(source.frames.slice(0, half));
    await until(() => closedOf(events, "240p").length >= 1);
    systemChildren.endGroup(pids.at(-1) ?? 0);
    const lives = pids.length;
    await until(() => pids.length > lives);
    await feed(source.frames.slice(half));
    const rung = () => new Set(partsOf(events, "240p").map(({ msn }) => msn));
    await until(() => rung().has(4));
    assert.match(String(window.masterPlaylist()), /240p/);
  });

  it("that hangs is ended and started again", async () => {
    let nowMs = 0;
    const { send, encoder } = begin({ start: stub("sleep", "600"), backoffMs: [1], monotonicMs: () => (nowMs += 200) });
    await until(() => pids.length > 0);
    await send(source.frames, 100);
    await until(() => encoder.state === "given_up");
    assert.equal(pids.length, 2);
  });
});

let source: EncodedStream;
let pids: number[] = [];
const ends: (() => void)[] = [];

async function started(command: readonly string[]): Promise<Child> {
  const child = await systemChildren.start(command, { env: { PATH: process.env["PATH"] ?? "" }, hasInput: true });
  pids.push(child.pid);
  return child;
}
const stub =
  (...command: string[]) =>
  () =>
    started(command);

const ffmpeg = (): Promise<Child> => ffmpegFor({ ...formatOf(source), width: 640, height: 360 });

const ffmpegFor = (format: VideoFormat): Promise<Child> => {
  const [rung] = liveRungs(format);
  assert.ok(tools && rung);
  const command = [tools.ffmpeg.path, ...rungArguments(rung)];
  return started(tools.sandbox.wrap(command, { cpuSeconds: 60, fileBytes: 2 ** 20 }, { inputs: [] }));
};

function formatOf(of: EncodedStream): VideoFormat {
  const format = of.formats.find((one) => one.kind === "video");
  assert.ok(format);
  return format;
}

interface Beginning {
  readonly of?: EncodedStream;
  readonly start: () => Promise<Child>;
  readonly backoffMs?: readonly number[];
  readonly monotonicMs?: () => number;
  readonly failed?: (state: RungState) => void;
}

/** A stream with one rung. */
function begin({ of = source, start, backoffMs = [1_000], monotonicMs = () => performance.now(), failed }: Beginning) {
  pids = [];
  const events: LiveEvent[] = [];
  const window = new StreamWindow({ uriOf: ({ kind, track }) => `${kind}/${track}` });
  const emit = (event: LiveEvent): void => {
    events.push(event);
    window.apply(event);
  };
  const packager = new RungPackager({ track: "240p", maxrateBps: 450_000, emit });
  const encoder: RungEncoder<VideoFrame, VideoFormat> = new RungEncoder({
    packager,
    pipe: (output) => new PicturePipe(formatOf(of), output),
    start,
    endGroup: (pid) => systemChildren.endGroup(pid),
    monotonicMs,
    backoffMs,
    failed: (_, state) => failed?.(state),
  });
  ends.push(() => encoder.end());
  const leader = new Packager({
    originMs: 0,
    emit: (event) => {
      packager.follow(event);
      emit(event);
    },
    onFrame: (frame) => frame.kind === "video" && encoder.push(frame),
  });
  for (const format of of.formats) leader.format(format);
  /** At so many times the pace of a camera. */
  const send = async (frames: readonly Frame[], speed: number): Promise<void> => {
    for (const [n, frame] of frames.entries()) {
      leader.frame(frame, (frame.kind === "video" ? frame.dts : frame.pts) / 90);
      if (n % 8 === 0) await pause((8 * 13) / speed);
    }
  };
  /** As fast as the encoder takes them: none is left out, however slow the machine is. */
  const feed = async (frames: readonly Frame[]): Promise<void> => {
    for (const frame of frames) {
      leader.frame(frame, (frame.kind === "video" ? frame.dts : frame.pts) / 90);
      if (encoder.waiting > 0) await until(() => encoder.waiting === 0);
    }
  };
  return { events, send, feed, encoder, window };
}

const partsOf = (events: readonly LiveEvent[], track: string): PartEvent[] =>
  events.filter((event): event is PartEvent => event.kind === "part" && event.track === track);
const closedOf = (events: readonly LiveEvent[], track: string): number[] =>
  events.flatMap((event) => (event.kind === "closed" && event.track === track && event.parts > 0 ? [event.msn] : []));
