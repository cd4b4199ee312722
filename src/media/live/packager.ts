import { timescaleOf } from "../mp4/init-segment.ts";
import { isSame, liveTrack } from "./live-track.ts";
import { OutputClock } from "./clock.ts";
import type { LiveEvent } from "./events.ts";
import { OutputNumbers, type ReachedPoint, type ResumePoint } from "./output-numbers.ts";
import { type AudioFormat, type Format, type Frame, ticksPerSecond, type VideoFormat } from "../frames/frame.ts";
import { PartCutter } from "./part-cutter.ts";
import { PictureLane } from "./picture-lane.ts";
import { SoundLane } from "./sound-lane.ts";
import { StartGate } from "./start-gate.ts";
import { type DeclaredRates, pictureRates, soundRates } from "./stated-rates.ts";

export interface PackagerOptions {
  readonly emit: (event: LiveEvent) => void;
  /** Wall-clock time of the first frame. */
  readonly originMs: number;
  /** Parts last about this long: a whole number of pictures, never under 85 % of the target that is stated. */
  readonly partMs?: number;
  /** A key frame begins a segment once the one before has lasted this long. */
  readonly segmentMinMs?: number;
  /** A picture group that is longer is cut between key frames. */
  readonly segmentMaxMs?: number;
  /** Each frame on the output's clock, behind the segment that it opened: what encoders of further rungs are fed. */
  readonly onFrame?: (frame: Frame) => void;
  readonly videoTrack?: string;
  readonly audioTrack?: string;
  readonly resume?: ResumePoint | undefined;
}

/** Segments of a stream that has only sound. */
const soundSegmentMs = 2_000;
const ticksPerMs = ticksPerSecond / 1_000;

/** Formats that segments of one generation have. */
interface Lanes {
  readonly formats: readonly Format[];
  readonly pictures: PictureLane | undefined;
  readonly sound: SoundLane | undefined;
  /** The start of the last segment of sound alone, in ticks of output time. */
  soundStartTicks: number;
}

type Phase = "anchoring" | "waiting" | "packaging" | "ended";
type Change = "begin" | "interrupt" | "rebase" | "end";

/** The phase after each change. A change that leaves `packaging` closes the open segment. */
const transitions: Readonly<Record<Phase, Readonly<Record<Change, Phase>>>> = {
  // Frames wait until a segment can begin. The first of them sets the output's clock.
  anchoring: { begin: "packaging", interrupt: "anchoring", rebase: "anchoring", end: "ended" },
  // Frames wait until a segment can begin. The publisher's clock is the same as before.
  waiting: { begin: "packaging", interrupt: "waiting", rebase: "anchoring", end: "ended" },
  // Frames become parts of segments. Other formats interrupt them, and another clock rebases them.
  packaging: { begin: "packaging", interrupt: "waiting", rebase: "anchoring", end: "ended" },
  // Frames are ignored.
  ended: { begin: "ended", interrupt: "ended", rebase: "ended", end: "ended" },
};

/**
 * Frames of a publisher in, segments of a live stream out, by {@link LiveEvent}s. Pictures and sound are tracks of their
 * own with the same segment numbers and boundaries. The output's clock never goes back, whatever the publisher's does.
 */
export class Packager {
  readonly #options: Required<PackagerOptions>;
  readonly #clock = new OutputClock();
  readonly #gate: StartGate;
  readonly #numbers: OutputNumbers;
  #phase: Phase = "anchoring";
  #lanes: Lanes | undefined;
  /** The length of parts, the same in all generations. */
  #partTicks: number | undefined;
  #declared: DeclaredRates = {};
  #dropped = 0;

  constructor(options: PackagerOptions) {
    this.#options = {
      partMs: 250,
      segmentMinMs: 1_000,
      segmentMaxMs: 4_000,
      videoTrack: "video",
      audioTrack: "audio",
      onFrame: () => undefined,
      resume: undefined,
      ...options,
    };
    this.#gate = new StartGate(this.#options.partMs * ticksPerMs);
    this.#numbers = new OutputNumbers(this.#options.resume);
  }

  /** The end of the packaged stream: a stream that follows this one begins after it. */
  get reached(): ReachedPoint {
    return this.#numbers.reachedPoint(this.#openEndTicks);
  }

  /** Pictures and sound come with clocks of their own, and are in step by their arrival. */
  get hasClocksApart(): boolean {
    return this.#clock.isApart;
  }

  /** When a frame last came whose time stood still; minus infinity where none did. */
  get clockFrozenMs(): number {
    return this.#clock.frozenMs;
  }

  /** Frames that nothing could be begun with, or that overlapped others. */
  get dropped(): number {
    return this.#dropped + this.#gate.dropped + (this.#lanes?.sound?.dropped ?? 0);
  }

  /** The rates that the publisher declares, before its formats; headers that are stated later have them. */
  declare(declared: DeclaredRates): void {
    this.#declared = declared;
  }

  /** The publisher states a format, before the frames that have it. Stating it again changes nothing. */
  format(format: Format): void {
    if (this.#phase === "ended") return;
    if (this.#phase === "packaging" && this.#lanes?.formats.some((stated) => isSame(stated, format))) return;
    this.#change("interrupt");
    this.#gate.format(format);
  }

  /** `nowMs`: when it came, of a clock that never goes back. */
  frame(frame: Frame, nowMs: number): void {
    if (this.#phase === "ended") return;
    if (this.#phase === "packaging" && this.#clock.isJump(frame)) this.#change("rebase");
    // Pictures that were stated have come at last.
    const isLate = frame.kind === "video" && frame.isKey && this.#lanes?.pictures === undefined;
    if (isLate && this.#gate.hasVideo) this.#change("interrupt");
    if (this.#phase === "packaging") return this.#pass(frame, nowMs);
    this.#gate.push(frame, nowMs);
    if (this.#gate.isReady(this.#partTicks === undefined)) this.#open();
  }

  /** The publisher is gone, or another one has come: what follows has a clock and formats of its own. */
  restart(): void {
    if (this.#phase === "ended") return;
    this.#declared = {};
    this.#change("rebase");
    this.#gate.forget();
  }

  end(): void {
    if (this.#phase === "ended") return;
    if (this.#phase !== "packaging" && this.#gate.canBegin) this.#open();
    this.#change("end");
    this.#gate.forget();
    this.#options.emit({ kind: "end" });
  }

  #change(change: Change): void {
    const next = transitions[this.#phase][change];
    if (this.#phase === "packaging" && next !== "packaging") this.#closeSegment();
    this.#phase = next;
  }

  /** Closes the open segment, and keeps its formats for the next one. */
  #closeSegment(): void {
    const { pictures, sound, formats } = this.#lanes ?? { formats: [] };
    pictures?.flush();
    sound?.flush();
    this.#numbers.interrupt(this.#openEndTicks);
    for (const format of formats) this.#gate.format(format);
  }

  /** The end of what the lanes have packaged, in 90 kHz ticks of output time. */
  get #openEndTicks(): number {
    const { pictures, sound } = this.#lanes ?? {};
    return Math.max(pictures?.endTicks ?? 0, sound?.endTicks ?? 0);
  }

  #open(): void {
    const { formats, frames, partTicks, usualTicks } = this.#gate.release();
    const first = frames.find(({ frame }) => frame.kind === (formats.video === undefined ? "audio" : "video"));
    if (first === undefined) return;
    this.#partTicks ??= partTicks;
    if (this.#phase === "anchoring") this.#clock.anchor(first, frames, this.#numbers.endTicks);
    const nextFormats = [formats.video, formats.audio].filter((format) => format !== undefined);
    const current = this.#lanes?.formats ?? [];
    const isSameAll =
      nextFormats.length === current.length &&
      nextFormats.every((format, n) => current[n] !== undefined && isSame(format, current[n]));
    if (!isSameAll) this.#begin(formats.video, formats.audio, usualTicks);
    this.#change("begin");
    for (const waiting of frames) this.frame(waiting.frame, waiting.atMs);
  }

  /** A generation of headers. */
  #begin(video: VideoFormat | undefined, audio: AudioFormat | undefined, usualTicks: number): void {
    const { emit, originMs, segmentMaxMs, segmentMinMs, videoTrack, audioTrack } = this.#options;
    this.#dropped += this.#lanes?.sound?.dropped ?? 0;
    const generation = this.#numbers.beginGeneration();
    const partTicks = this.#partTicks ?? 0;
    const tracks = [
      ...(video === undefined
        ? []
        : [liveTrack(videoTrack, 1, video, pictureRates(video, this.#declared, ticksPerSecond / usualTicks))]),
      ...(audio === undefined ? [] : [liveTrack(audioTrack, 2, audio, soundRates(audio, this.#declared))]),
    ];
    const partTargetMs = Math.ceil(partTicks / ticksPerMs);
    emit({ kind: "init", generation, originMs, partTargetMs, segmentMaxMs, tracks });
    const cutter = (track: string, id: 1 | 2, timescale: number): PartCutter =>
      new PartCutter({ track, id, partTicksMax: Math.floor((partTicks * timescale) / ticksPerSecond), emit });
    const sound =
      audio && new SoundLane(cutter(audioTrack, 2, timescaleOf(audio)), { sampleRate: audio.sampleRate, segmentMaxMs });
    const pictures =
      video &&
      new PictureLane(cutter(videoTrack, 1, timescaleOf(video)), {
        segmentTicksMin: segmentMinMs * ticksPerMs,
        segmentTicksMax: segmentMaxMs * ticksPerMs,
        usualTicks,
        openSegment: (startTicks, isIndependent) => this.#openSegment(startTicks, isIndependent),
        onBoundary: (boundary) => sound?.addBoundary(boundary),
      });
    const formats = [video, audio].filter((format) => format !== undefined);
    this.#lanes = { formats, pictures, sound, soundStartTicks: 0 };
  }

  #openSegment(startTicks: number, isIndependent: boolean): number {
    const numbers = this.#numbers.beginSegment();
    this.#options.emit({ kind: "opened", ...numbers, isIndependent, startTicks });
    return numbers.msn;
  }

  #pass(frame: Frame, nowMs: number): void {
    const { pictures, sound } = this.#lanes ?? {};
    const isWanted = frame.kind === "video" ? pictures !== undefined : sound !== undefined;
    if (!isWanted) {
      this.#dropped++;
      return;
    }
    const ticks = this.#clock.pass(frame, nowMs);
    if (frame.kind === "video") {
      const moved = { ...frame, dts: ticks, pts: ticks + frame.pts - frame.dts };
      pictures?.push(moved);
      sound?.advance(ticks);
      this.#options.onFrame(moved);
      return;
    }
    if (this.#lanes && pictures === undefined) this.#boundSound(this.#lanes, ticks);
    sound?.push(frame, ticks);
    this.#options.onFrame({ ...frame, pts: ticks });
  }

  /** Sound alone has segments of its own. */
  #boundSound(lanes: Lanes, ticks: number): void {
    const { segmentMaxMs } = this.#options;
    const { sound } = lanes;
    const lastsTicks = Math.min(soundSegmentMs, segmentMaxMs) * ticksPerMs;
    if (sound?.isOpen && ticks - lanes.soundStartTicks < lastsTicks) return;
    lanes.soundStartTicks = ticks;
    sound?.addBoundary({ ticks, msn: this.#openSegment(ticks, true) });
    sound?.advance(Number.POSITIVE_INFINITY);
  }
}
