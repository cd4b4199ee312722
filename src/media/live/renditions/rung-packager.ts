import type { InitEvent, LiveEvent, OpenedEvent } from "../events.ts";
import { ticksPerSecond, type VideoFormat, type VideoFrame } from "../../frames/frame.ts";
import { isSame, liveTrack } from "../live-track.ts";
import { PartCutter } from "../part-cutter.ts";
import { pictureRates } from "../stated-rates.ts";

export interface RungPackagerOptions {
  readonly track: string;
  /** The rate that its encoder exceeds only briefly. */
  readonly maxrateBps: number;
  readonly emit: (event: LiveEvent) => void;
}

/** An encoder is a few seconds behind; openings beyond these are not waited for. */
const openingsMax = 32;
/** A frame does not last longer: behind it the encoder left frames out. */
const holeTicks = ticksPerSecond;

/**
 * Another encoding of the leader's pictures, cut into the leader's segments, so that players switch between them. Its frames
 * have times of the output's clock; a segment begins with the frame at the leader's time. Without a key frame there it
 * has lost its place, and is degraded until a key frame that both have.
 */
export class RungPackager {
  readonly #options: RungPackagerOptions;
  #init: InitEvent | undefined;
  #format: VideoFormat | undefined;
  /** The format and generation of the last header that was stated. */
  #stated: { readonly format: VideoFormat; readonly generation: number } | undefined;
  #cutter: PartCutter | undefined;
  /** Segments of the leader that this has not reached. */
  readonly #ahead: OpenedEvent[] = [];
  #open: OpenedEvent | undefined;
  /** The last segment that was closed. */
  #closedMsn: number | undefined;
  #pending: VideoFrame | undefined;
  #usualTicks = ticksPerSecond / 30;
  #dropped = 0;

  constructor(options: RungPackagerOptions) {
    this.#options = options;
  }

  /** It has no place in the leader's segments, and its newest ones are gaps. */
  get isDegraded(): boolean {
    return this.#open === undefined;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Receives the leader's events, each before the frames that were encoded from that segment. */
  follow(event: LiveEvent): void {
    if (event.kind === "init") this.#init = event;
    if (event.kind !== "opened") return;
    this.#ahead.push(event);
    if (this.#ahead.length > openingsMax) this.#ahead.shift();
  }

  format(format: VideoFormat): void {
    this.#format = format;
  }

  /** `frame`: times of the output's clock, a little off by the rounding of its container. */
  frame(frame: VideoFrame): void {
    const opening = this.#reach(frame);
    const isContinued = this.#open !== undefined && opening === undefined;
    const isHole = opening?.isDiscontinuous || frame.dts - (this.#pending?.dts ?? frame.dts) > holeTicks;
    this.#lay(isHole ? undefined : frame.dts);
    if (opening !== undefined) this.#begin(opening, frame);
    else if (!isContinued || this.#isPast(frame)) this.#lose();
    if (this.#open === undefined) this.#dropped++;
    else this.#pending = frame;
  }

  /** The encoder has ended, or is begun anew. */
  end(): void {
    this.#lay(undefined);
    this.#lose();
  }

  /**
   * The leader's segment that begins at this frame; segments before it were missed. An independent segment begins at a
   * key frame alone. Other segments may begin with the next frame, as times of the leader may be uneven.
   */
  #reach({ dts, isKey }: VideoFrame): OpenedEvent | undefined {
    const at = this.#ahead.findIndex(({ startTicks, isIndependent }) => {
      const laterTicks = startTicks - dts;
      const isNear = Math.abs(laterTicks) <= this.#usualTicks / 2;
      return isIndependent ? isKey && isNear : isNear || laterTicks < 0;
    });
    if (at < 0) return undefined;
    return this.#ahead.splice(0, at + 1)[at];
  }

  /** True if the leader has begun a segment before this frame, and the first frame of it is missing here. */
  #isPast({ dts }: VideoFrame): boolean {
    const [next] = this.#ahead;
    return next !== undefined && next.startTicks <= dts;
  }

  #begin(opening: OpenedEvent, { isKey }: VideoFrame): void {
    const isWhole = isKey || (!opening.isIndependent && this.#open !== undefined);
    this.#close();
    if (!isWhole || !this.#state(opening.generation)) return;
    // A segment that was missed has no parts; playlists show it as a gap.
    const { emit, track } = this.#options;
    for (let msn = (this.#closedMsn ?? opening.msn) + 1; msn < opening.msn; msn++)
      emit({ kind: "closed", track, msn, parts: 0 });
    this.#open = opening;
    this.#cutter?.open(opening.msn);
  }

  /** States the header of a generation; false where the encoder's format is another than the one that was stated. */
  #state(generation: number): boolean {
    const [format, init] = [this.#format, this.#init];
    if (format === undefined || init === undefined) return false;
    const { emit, track, maxrateBps } = this.#options;
    if (this.#stated?.generation === generation) return isSame(this.#stated.format, format);
    const sourceFps = init.tracks.find(({ kind }) => kind === "video")?.stated.framesPerSecond;
    const stated = pictureRates(format, { videoBps: maxrateBps, framesPerSecond: sourceFps }, 0);
    emit({ kind: "rung", generation, track: liveTrack(track, 1, format, stated) });
    this.#stated = { format, generation };
    this.#cutter ??= new PartCutter({ track, id: 1, partTicksMax: (init.partTargetMs * ticksPerSecond) / 1_000, emit });
    return true;
  }

  /** Lays down the frame that is held back, which lasts until `nextDts`. */
  #lay(nextDts: number | undefined): void {
    const [frame, cutter] = [this.#pending, this.#cutter];
    this.#pending = undefined;
    if (frame === undefined || cutter === undefined) return;
    const { dts, pts, isKey, bytes } = frame;
    const durationTicks = nextDts === undefined ? this.#usualTicks : Math.max(1, nextDts - dts);
    cutter.add({ durationTicks, compositionTicks: Math.max(0, pts - dts), isKey, bytes }, dts);
    this.#usualTicks = durationTicks;
    if (!cutter.fits(durationTicks)) cutter.cut();
  }

  #lose(): void {
    this.#close();
    this.#pending = undefined;
  }

  #close(): void {
    if (this.#open === undefined) return;
    this.#cutter?.close();
    this.#closedMsn = this.#open.msn;
    this.#open = undefined;
  }
}
