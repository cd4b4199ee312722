import { timescaleOf } from "../../mp4/init-segment.ts";
import type { InitEvent, LiveEvent, OpenedEvent } from "../events.ts";
import { type AudioFormat, type AudioFrame, type Frame, ticksPerSecond } from "../../frames/frame.ts";
import { isSame, liveTrack } from "../live-track.ts";
import { PartCutter } from "../part-cutter.ts";
import { SoundLane } from "../sound-lane.ts";
import { soundRates } from "../stated-rates.ts";

interface SoundRungPackagerOptions {
  readonly track: string;
  readonly emit: (event: LiveEvent) => void;
}

/** Openings beyond these are not waited for. */
const openingsMax = 32;
/** Silence for a hole of a second comes with the sound behind it, and somewhat later out of the encoder. */
const lagTicksMax = 1.5 * ticksPerSecond;

/**
 * Another encoding of the leader's sound, cut where the leader's sound is: each part and segment begins with its first
 * unit that is not before the boundary. Its frames have times of the output's clock.
 */
export class SoundRungPackager {
  readonly #options: SoundRungPackagerOptions;
  #init: InitEvent | undefined;
  #pictures: string | undefined;
  #format: AudioFormat | undefined;
  #lane: SoundLane | undefined;
  #isRunning = false;
  /** Segments of the leader since the encoder ended. */
  readonly #ahead: OpenedEvent[] = [];
  /** The last segment that was closed. */
  #closedMsn: number | undefined;

  constructor(options: SoundRungPackagerOptions) {
    this.#options = options;
  }

  /** Nothing comes, and playlists end where it stopped. */
  get isDegraded(): boolean {
    return !this.#isRunning;
  }

  /**
   * Receives the leader's events, each before the frames that were encoded from that segment. An encoder with other
   * headers has ended before.
   */
  follow(event: LiveEvent): void {
    if (event.kind === "init") {
      this.#init = event;
      this.#pictures = event.tracks.find(({ kind }) => kind === "video")?.track;
      this.#lane = this.#format = undefined;
    } else if (event.kind === "opened") this.#openSegment(event);
    else if (event.kind === "part" && event.track === this.#pictures && this.#isRunning)
      this.#lane?.addBoundary({ ticks: event.startTicks + event.durationTicks });
  }

  /** A frame of the leader: what it begins before this is known. */
  lead(frame: Frame): void {
    if (!this.#isRunning) return;
    if (frame.kind === "video") this.#lane?.advance(frame.dts);
    else if (this.#pictures === undefined) this.#lane?.advance(frame.pts);
  }

  format(format: AudioFormat): void {
    const [init, { track, emit }] = [this.#init, this.#options];
    if (init === undefined) return;
    // A header cannot be replaced within a generation; an encoder of the same arguments has the same.
    if (this.#format !== undefined && !isSame(this.#format, format))
      throw new Error("the header of a rung has changed");
    if (this.#format !== undefined) return;
    this.#format = format;
    const timescale = timescaleOf(format);
    const partTicksMax = Math.floor((init.partTargetMs * timescale) / 1_000);
    const closing = (event: LiveEvent): void => {
      if (event.kind === "closed") this.#closedMsn = event.msn;
      emit(event);
    };
    emit({ kind: "rung", generation: init.generation, track: liveTrack(track, 2, format, soundRates(format, {})) });
    const { segmentMaxMs } = init;
    this.#lane = new SoundLane(new PartCutter({ track, id: 2, partTicksMax, emit: closing }), {
      sampleRate: timescale,
      segmentMaxMs,
      lagTicksMax,
    });
  }

  frame(frame: AudioFrame): void {
    if (!this.#isRunning && !this.#begin(frame)) return;
    this.#lane?.push(frame, frame.pts);
  }

  /** The encoder has ended, or is begun anew after a failure. */
  end(): void {
    if (this.#isRunning) this.#lane?.flush();
    this.#isRunning = false;
  }

  #openSegment(event: OpenedEvent): void {
    if (!this.#isRunning) {
      this.#ahead.push(event);
      if (this.#ahead.length > openingsMax) this.#ahead.shift();
      return;
    }
    // As the leader has closed its own tracks.
    if (event.isDiscontinuous) this.#lane?.flush();
    this.#lane?.addBoundary({ ticks: event.startTicks, msn: event.msn });
  }

  /** False where the frame lies in a segment that is closed, or before the first. */
  #begin({ pts }: AudioFrame): boolean {
    const open = this.#ahead.findLast(({ startTicks }) => startTicks <= pts);
    if (open === undefined || this.#lane === undefined) return false;
    // A segment that was missed has no parts; playlists show it as a gap.
    const { emit, track } = this.#options;
    for (let msn = (this.#closedMsn ?? open.msn - 1) + 1; msn < open.msn; msn++)
      emit({ kind: "closed", track, msn, parts: 0 });
    this.#isRunning = true;
    for (const event of this.#ahead.splice(0)) if (event.msn >= open.msn) this.#openSegment(event);
    return true;
  }
}
