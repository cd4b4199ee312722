import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { until } from "#test/until";
import { type Child, systemChildren } from "../../process/children.ts";
import { testTools, without } from "../../testing.ts";
import type { Tools } from "../../process/tools.ts";
import type { LiveEvent, OpenedEvent, PartEvent } from "../events.ts";
import type { AudioFormat, AudioFrame, Frame } from "../../frames/frame.ts";
import { Packager } from "../packager.ts";
import { RungEncoder } from "./rung-encoder.ts";
import { soundRungArguments } from "./rung-ladder.ts";
import { SoundPipe } from "./sound-pipe.ts";
import { SoundRungPackager } from "./sound-rung-packager.ts";
import { beeps, opusFormat, pictureFormat } from "../testing.ts";
import { StreamWindow } from "../window.ts";

const tools: Tools | undefined = await testTools();

describe("the sound of a live stream in AAC", { timeout: 300_000, skip: without(tools, "FFmpeg") }, () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-sound-rung-"));
    sounds = await beeps(13);
  });
  after(async () => {
    for (const end of ends) end();
    await rm(folder, { recursive: true, force: true });
  });

  it("has the segments of the Opus, and each beep at the same time", async () => {
    const stream = begin();
    await stream.feed(framesOf(0, 10));
    stream.end();
    assert.deepEqual(stream.segments("aac"), stream.segments("audio"));
    for (const msn of stream.segments("audio").map(([one]) => one ?? -1)) {
      const off = Math.abs(stream.startMs("aac", msn) - stream.startMs("audio", msn));
      assert.ok(off <= unitMs, `segment ${msn} is ${off} ms off`);
    }
    assert.deepEqual(await beepsOf(stream.events, "aac", await beepsOf(stream.events, "audio")), expected(0, 10));
    const target = stream.events.find((event) => event.kind === "init")?.partTargetMs ?? 0;
    const parts = partsOf(stream.events, "aac");
    assert.ok(parts.every(({ durationTicks }) => durationTicks <= target * 48));
    // They are cut where those of the Opus are, and not once more because they are too long.
    assert.ok(parts.length <= partsOf(stream.events, "audio").length + 1);
  });

  it("has what follows a hole of a second at its time, from the same encoder", async () => {
    const stream = begin();
    const isLost = (frame: Frame) => frame.kind === "audio" && frame.pts >= 306_000 && frame.pts < 396_000;
    await stream.feed(framesOf(0, 10).filter((frame) => !isLost(frame)));
    stream.end();
    assert.equal(pids.length, 1);
    const left = expected(0, 10).filter((at) => at < 3_400 || at > 4_400);
    assert.deepEqual(await beepsOf(stream.events, "aac", await beepsOf(stream.events, "audio")), left);
    for (const { msn, startTicks } of stream.events.filter((event) => event.kind === "opened"))
      assert.ok(Math.abs(stream.startMs("aac", msn) - startTicks / 90) <= unitMs, `segment ${msn}`);
  });

  it("goes on with another encoder behind a longer hole, which playlists state", async () => {
    const stream = begin();
    const isLost = (frame: Frame) => frame.kind === "audio" && frame.pts >= 306_000 && frame.pts < 756_000;
    await stream.feed(framesOf(0, 12).filter((frame) => !isLost(frame)));
    stream.end();
    assert.equal(pids.length, 2);
    assert.deepEqual(stream.segments("aac"), stream.segments("audio"));
    assert.ok(stream.segments("aac").some(([, hasParts]) => hasParts === 0));
    const left = expected(0, 12).filter((at) => at < 3_400 || at > 8_400);
    assert.deepEqual(await beepsOf(stream.events, "aac", await beepsOf(stream.events, "audio")), left);
  });

  it("follows a publisher that takes over, and one that comes back", async () => {
    const stream = begin();
    await stream.feed(framesOf(0, 3));
    stream.restart();
    await stream.feed(framesOf(0, 3), 3_200);
    stream.restart();
    await stream.feed(framesOf(0, 3), 9_000);
    stream.end();
    const wanted = [0, 3_200, 9_000].flatMap((fromMs) => expected(0, 3).map((at) => at + fromMs));
    assert.deepEqual(await beepsOf(stream.events, "aac", await beepsOf(stream.events, "audio")), wanted);
    assert.deepEqual(stream.segments("aac"), stream.segments("audio"));
    // The time between two publishers belongs to no segment.
    for (const [msn = -1] of stream.segments("audio"))
      assert.ok(stream.lastsMs("aac", msn) <= stream.lastsMs("audio", msn) + 2 * unitMs, `segment ${msn}`);
  });

  it("is offered again behind what its killed encoder missed, with the sound at its time", async () => {
    const stream = begin();
    await stream.feed(framesOf(0, 3));
    assert.match(stream.master(), /aac/);
    const { promise, resolve } = Promise.withResolvers<void>();
    beforeStart = promise;
    systemChildren.endGroup(pids.at(-1) ?? 0);
    await until(() => stream.encoder.state === "degraded");
    stream.send(framesOf(3, 11));
    assert.doesNotMatch(stream.master(), /aac/);
    resolve();
    await stream.feed(framesOf(11, 13));
    assert.equal(stream.encoder.state, "steady");
    assert.match(stream.master(), /aac/);
    stream.end();
    const left = await beepsOf(stream.events, "aac", await beepsOf(stream.events, "audio"));
    assert.deepEqual(left, [...expected(0, 3).slice(0, left.length - 4), ...expected(9, 13)]);
    assert.ok(stream.segments("aac").some(([, hasParts]) => hasParts === 0));
    const numbers = stream.segments("aac").map(([msn]) => msn);
    assert.deepEqual(
      numbers,
      stream.segments("audio").map(([msn]) => msn),
    );
  });

  it("of a stream without pictures has the segments of the Opus as well", async () => {
    const stream = begin({ hasPictures: false });
    await stream.feed(framesOf(0, 7).filter(({ kind }) => kind === "audio"));
    stream.end();
    assert.deepEqual(stream.segments("aac"), stream.segments("audio"));
    assert.deepEqual(await beepsOf(stream.events, "aac", await beepsOf(stream.events, "audio")), expected(0, 7));
  });
});

let folder = "";
let sounds: readonly AudioFrame[] = [];
let pids: number[] = [];
let beforeStart: Promise<void> | undefined;
const ends: (() => void)[] = [];
const unitMs = 1_024 / 48 + 0.1;

/** Pictures, 25 a second, and beeps of some seconds, in the order of their times. */
function framesOf(fromS: number, toS: number): Frame[] {
  const isIn = (at: number) => at >= fromS * 90_000 && at < toS * 90_000;
  const pictures = Array.from({ length: (toS - fromS) * 25 }, (_, n): Frame => {
    const dts = (fromS * 25 + n) * 3_600;
    return { kind: "video", dts, pts: dts, isKey: dts % 180_000 === 0, bytes: Buffer.alloc(20, n) };
  });
  return [...pictures, ...sounds.filter(({ pts }) => isIn(pts))].toSorted((a, b) => timeOf(a) - timeOf(b));
}
const timeOf = (frame: Frame): number => (frame.kind === "video" ? frame.dts : frame.pts);

/** When the beeps of some seconds begin, in milliseconds. */
const expected = (fromS: number, toS: number): number[] =>
  Array.from({ length: toS - fromS }, (_, n) => (fromS + n) * 1_000 + 500);

async function start(): Promise<Child> {
  await beforeStart;
  assert.ok(tools);
  const command = [tools.ffmpeg.path, ...soundRungArguments(opusFormat)];
  const wrapped = tools.sandbox.wrap(command, { cpuSeconds: 60, fileBytes: 2 ** 20 }, { inputs: [] });
  const child = await systemChildren.start(wrapped, { env: { PATH: process.env["PATH"] ?? "" }, hasInput: true });
  pids.push(child.pid);
  return child;
}

/** A stream with Opus whose encoder is waited for, however slow the machine is. */
function begin({ hasPictures = true } = {}) {
  pids = [];
  beforeStart = undefined;
  const events: LiveEvent[] = [];
  const window = new StreamWindow({ uriOf: ({ kind, track }) => `${kind}/${track}` });
  const emit = (event: LiveEvent): void => {
    events.push(event);
    window.apply(event);
  };
  const packager = new SoundRungPackager({ track: "aac", emit });
  let encodedTicks = 0;
  let fedTicks = 0;
  const encoder: RungEncoder<AudioFrame, AudioFormat> = new RungEncoder({
    packager,
    pipe(output) {
      const pipe = new SoundPipe(opusFormat, {
        format: (format) => output.format(format),
        frame(frame) {
          output.frame(frame);
          encodedTicks = Math.max(encodedTicks, frame.pts);
        },
      });
      let isFirst = true;
      return {
        follows: (frame) => pipe.follows(frame),
        write(frame) {
          if (isFirst) encodedTicks = Math.max(encodedTicks, frame.pts);
          isFirst = false;
          return pipe.write(frame);
        },
        read: (read) => pipe.read(read),
      };
    },
    start,
    endGroup: (pid) => systemChildren.endGroup(pid),
    monotonicMs: () => performance.now(),
    backoffMs: [1, 1, 1],
  });
  ends.push(() => encoder.end());
  const leader = new Packager({
    originMs: 0,
    emit(event) {
      if (event.kind === "end") encoder.end();
      emit(event);
      packager.follow(event);
    },
    onFrame(frame) {
      packager.lead(frame);
      if (frame.kind !== "audio") return;
      fedTicks = frame.pts;
      encoder.push(frame);
    },
  });
  const state = () => {
    if (hasPictures) leader.format(pictureFormat);
    leader.format(opusFormat);
  };
  state();
  return {
    events,
    encoder,
    master: () => String(window.masterPlaylist()),
    async feed(frames: readonly Frame[], fromMs = 0): Promise<void> {
      for (const frame of frames) {
        leader.frame(frame, fromMs + timeOf(frame) / 90);
        // An encoder that keeps pace is a tenth of a second behind.
        const keepsPace = () => encoder.waiting === 0 && fedTicks - encodedTicks < 12_000;
        if (!keepsPace()) await until(keepsPace);
      }
    },
    send(frames: readonly Frame[]): void {
      for (const frame of frames) leader.frame(frame, timeOf(frame) / 90);
    },
    restart(): void {
      leader.restart();
      state();
    },
    end: () => leader.end(),
    /** Number and whether there are parts of each segment that is closed. */
    segments: (track: string) =>
      events.flatMap((event) =>
        event.kind === "closed" && event.track === track ? [[event.msn, Math.min(1, event.parts)]] : [],
      ),
    lastsMs: (track: string, msn: number) =>
      partsOf(events, track).reduce((sum, part) => sum + (part.msn === msn ? part.durationTicks / 48 : 0), 0),
    startMs(track: string, msn: number): number {
      const opened = events.find((event): event is OpenedEvent => event.kind === "opened" && event.msn === msn);
      const part = partsOf(events, track).find((one) => one.msn === msn);
      return part === undefined ? (opened?.startTicks ?? 0) / 90 : part.startTicks / 48;
    },
  };
}

const partsOf = (events: readonly LiveEvent[], track: string): PartEvent[] =>
  events.filter((event): event is PartEvent => event.kind === "part" && event.track === track);

/**
 * When the beeps of a track begin, in milliseconds. With those of another track they are compared, and are in tens of
 * milliseconds without the delay of the encoder of Opus, 6.5 ms.
 */
async function beepsOf(events: readonly LiveEvent[], track: string, others?: readonly number[]): Promise<number[]> {
  const headers = events.flatMap((event) =>
    event.kind === "rung" ? [event.track] : event.kind === "init" ? event.tracks : [],
  );
  const header = headers.find((one) => one.track === track);
  assert.ok(header);
  const path = join(folder, `${track}.mp4`);
  await writeFile(path, Buffer.concat([header.init, ...partsOf(events, track).map(({ bytes }) => bytes)]));
  const filter = "aresample=48000:async=1:min_hard_comp=0.005:first_pts=0";
  const { stdout } = await promisify(execFile)(
    "ffmpeg",
    ["-v", "fatal", "-copyts", "-i", path, "-af", filter, "-ac", "1", "-f", "f32le", "pipe:1"],
    { encoding: "buffer", maxBuffer: 64 * 1024 ** 2 },
  );
  const found: number[] = [];
  let quiet = Number.POSITIVE_INFINITY;
  for (let n = 0; n * 4 < stdout.length; n++) {
    const isLoud = Math.abs(stdout.readFloatLE(n * 4)) > 0.2;
    if (isLoud && quiet > 4_800) found.push(n / 48);
    quiet = isLoud ? 0 : quiet + 1;
  }
  for (const [n, at] of (others ?? []).entries()) {
    const one = found.find((other) => Math.abs(other - at) < 500);
    assert.ok(one === undefined || Math.abs(one - at) < 5, `beep ${n} at ${at} and ${one} ms`);
  }
  return others === undefined ? found : found.map((at) => Math.round((at - 6.5) / 10) * 10);
}
