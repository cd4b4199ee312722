import { timescaleOf } from "../mp4/init-segment.ts";
import { isSame, liveTrack } from "./live-track.ts";
import { OutputClock } from "./clock.ts";
import type { LiveEvent } from "./events.ts";
import { type AudioFormat, type Format, type Frame, ticksPerSecond, type VideoFormat } from "../frames/frame.ts";
import { PartCutter } from "./part-cutter.ts";
import { PictureLane } from "./picture-lane.ts";
import { SoundLane } from "./sound-lane.ts";
import { StartGate } from "./start-gate.ts";
import { type DeclaredRates, pictureRates, soundRates } from "./stated-rates.ts";

/** The last position of a stream whose process has ended, for another process to continue it. */
export interface ResumePoint {
  /** Higher than any number that was used. */
  readonly msn: number;
  readonly generation: number;
  /** 90 kHz ticks of output time that have passed. */
  readonly endTicks: number;
  /** Discontinuities so far. */
  readonly discontinuities: number;
}

/** The newest segment and headers, and the end of what has been packaged, in milliseconds of output time. */
export interface ReachedPoint {
  readonly msn: number;
  readonly generation: number;
  readonly endMs: number;
  /** With that of the next segment, where it does not follow. */
  readonly discontinuities: number;
}

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
}

/**
 * Frames of a publisher in, segments of a live stream out, by {@link LiveEvent}s. Pictures and sound are tracks of their
 * own with the same segment numbers and boundaries. The output's clock never goes back, whatever the publisher's does.
 */
export class Packager {
  readonly #options: Required<PackagerOptions>;
  readonly #clock = new OutputClock();
  #gate: StartGate;
  #lanes: Lanes | undefined;
  #isGated = true;
  /** The next segment does not follow from the one before. */
  #isDiscontinuous = false;
  #discontinuities = 0;
  #isRebased = true;
  #isEnded = false;
  #generation = -1;
  #msn = -1;
  #partTicks: number | undefined;
  #soundSegmentStart = 0;
  #endTicks = 0;
  #dropped = 0;
  #declared: DeclaredRates = {};

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
    const { resume } = this.#options;
    if (!resume) return;
    this.#msn = resume.msn - 1;
    this.#generation = resume.generation - 1;
    this.#endTicks = resume.endTicks;
    this.#discontinuities = resume.discontinuities;
    this.#isDiscontinuous = true;
  }

  /** How far it is: a stream that goes on behind this one begins after it. */
  get reached(): ReachedPoint {
    const { pictures, sound } = this.#lanes ?? {};
    const endTicks = Math.max(this.#endTicks, pictures?.endTicks ?? 0, sound?.endTicks ?? 0);
    return {
      msn: this.#msn,
      generation: this.#generation,
      endMs: Math.ceil(endTicks / ticksPerMs),
      discontinuities: this.#discontinuities + (this.#isDiscontinuous ? 1 : 0),
    };
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
    if (this.#isEnded || (!this.#isGated && this.#lanes?.formats.some((stated) => isSame(stated, format)))) return;
    this.#close();
    this.#gate.format(format);
  }

  /** `nowMs`: when it came, of a clock that never goes back. */
  frame(frame: Frame, nowMs: number): void {
    if (this.#isEnded) return;
    if (!this.#isGated && this.#clock.isJump(frame)) {
      this.#isRebased = true;
      this.#close();
    }
    // Pictures that were stated have come at last.
    const isLate = frame.kind === "video" && frame.isKey && this.#lanes?.pictures === undefined;
    if (isLate && this.#gate.hasVideo) this.#close();
    if (!this.#isGated) return this.#pass(frame, nowMs);
    this.#gate.push(frame, nowMs);
    if (this.#gate.isReady(this.#partTicks === undefined)) this.#open();
  }

  /** The publisher is gone, or another one has come: what follows has a clock and formats of its own. */
  restart(): void {
    if (this.#isEnded) return;
    this.#isRebased = true;
    this.#declared = {};
    this.#close();
    this.#gate.forget();
  }

  end(): void {
    if (this.#isEnded) return;
    if (this.#isGated && this.#gate.canBegin) this.#open();
    this.#close();
    this.#gate.forget();
    this.#isEnded = true;
    this.#options.emit({ kind: "end" });
  }

  /** Closes the open segment; frames wait until all that a new one needs is there. */
  #close(): void {
    if (this.#isGated) return;
    const { pictures, sound, formats } = this.#lanes ?? { formats: [] };
    pictures?.flush();
    sound?.flush();
    this.#endTicks = Math.max(this.#endTicks, pictures?.endTicks ?? 0, sound?.endTicks ?? 0);
    for (const format of formats) this.#gate.format(format);
    this.#isGated = true;
    this.#isDiscontinuous = true;
  }

  #open(): void {
    const { formats, frames, partTicks, usualTicks } = this.#gate.release();
    const first = frames.find(({ frame }) => frame.kind === (formats.video === undefined ? "audio" : "video"));
    if (first === undefined) return;
    this.#partTicks ??= partTicks;
    if (this.#isRebased) this.#clock.anchor(first, frames, this.#endTicks);
    this.#isRebased = false;
    const wanted = [formats.video, formats.audio].filter((format) => format !== undefined);
    const current = this.#lanes?.formats ?? [];
    const isSameAll =
      wanted.length === current.length &&
      wanted.every((format, n) => current[n] !== undefined && isSame(format, current[n]));
    if (!isSameAll) this.#begin(formats.video, formats.audio, usualTicks);
    this.#isGated = false;
    for (const held of frames) this.frame(held.frame, held.atMs);
  }

  /** A generation of headers. */
  #begin(video: VideoFormat | undefined, audio: AudioFormat | undefined, usualTicks: number): void {
    const { emit, originMs, segmentMaxMs, segmentMinMs, videoTrack, audioTrack } = this.#options;
    this.#dropped += this.#lanes?.sound?.dropped ?? 0;
    this.#generation++;
    const partTicks = this.#partTicks ?? 0;
    const tracks = [
      ...(video === undefined
        ? []
        : [liveTrack(videoTrack, 1, video, pictureRates(video, this.#declared, ticksPerSecond / usualTicks))]),
      ...(audio === undefined ? [] : [liveTrack(audioTrack, 2, audio, soundRates(audio, this.#declared))]),
    ];
    const partTargetMs = Math.ceil(partTicks / ticksPerMs);
    emit({ kind: "init", generation: this.#generation, originMs, partTargetMs, segmentMaxMs, tracks });
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
    this.#lanes = { formats: [video, audio].filter((format) => format !== undefined), pictures, sound };
  }

  #openSegment(startTicks: number, isIndependent: boolean): number {
    const msn = ++this.#msn;
    const isDiscontinuous = this.#isDiscontinuous;
    this.#isDiscontinuous = false;
    if (isDiscontinuous) this.#discontinuities++;
    this.#options.emit({
      kind: "opened",
      msn,
      generation: this.#generation,
      isDiscontinuous,
      discontinuities: this.#discontinuities,
      isIndependent,
      startTicks,
    });
    return msn;
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
    if (pictures === undefined) this.#boundSound(sound, ticks);
    sound?.push(frame, ticks);
    this.#options.onFrame({ ...frame, pts: ticks });
  }

  /** Sound alone has segments of its own. */
  #boundSound(sound: SoundLane | undefined, ticks: number): void {
    const { segmentMaxMs } = this.#options;
    const lastsTicks = Math.min(soundSegmentMs, segmentMaxMs) * ticksPerMs;
    if (sound?.isOpen && ticks - this.#soundSegmentStart < lastsTicks) return;
    this.#soundSegmentStart = ticks;
    sound?.addBoundary({ ticks, msn: this.#openSegment(ticks, true) });
    sound?.advance(Number.POSITIVE_INFINITY);
  }
}
