import { mediaFragment, type Sample } from "../mp4/media-fragment.ts";
import type { LiveEvent } from "./events.ts";

export interface CutterOptions {
  readonly track: string;
  readonly id: 1 | 2;
  /** Ticks of the track. */
  readonly partTicksMax: number;
  readonly emit: (event: LiveEvent) => void;
}

/** Sequence numbers that a track has for the parts of one segment, so that those of a file grow. */
const sequencesPerTrack = 2_048;

/** Lays the samples of one track into parts and closes its segments. */
export class PartCutter {
  readonly #options: CutterOptions;
  #msn = 0;
  #parts = 0;
  #startTicks = 0;
  #samples: Sample[] = [];
  /** The duration of the open part. */
  #ticks = 0;

  constructor(options: CutterOptions) {
    this.#options = options;
  }

  /** The next samples belong to this segment. */
  open(msn: number): void {
    this.#msn = msn;
    this.#parts = 0;
  }

  /** The start of the next sample of the open part; undefined where no part is open. */
  get openEndTicks(): number | undefined {
    return this.#samples.length === 0 ? undefined : this.#startTicks + this.#ticks;
  }

  fits(durationTicks: number): boolean {
    return this.#samples.length === 0 || this.#ticks + durationTicks <= this.#options.partTicksMax;
  }

  /** Begins a part before a sample that would make the open one too long. */
  add(sample: Sample, startTicks: number): void {
    if (!this.fits(sample.durationTicks)) this.cut();
    if (this.#samples.length === 0) this.#startTicks = startTicks;
    this.#samples.push(sample);
    this.#ticks += sample.durationTicks;
  }

  /** The last sample lasts until the next one begins after a hole. */
  stretch(ticks: number): void {
    const last = this.#samples.pop();
    if (last === undefined) return;
    this.#samples.push({ ...last, durationTicks: last.durationTicks + ticks });
    this.#ticks += ticks;
  }

  cut(): void {
    const [first] = this.#samples;
    if (first === undefined) return;
    const { track, id, emit } = this.#options;
    const sequence = ((this.#msn * 2 + id - 1) * sequencesPerTrack + this.#parts + 1) % 2 ** 32;
    const bytes = mediaFragment({ trackId: id, sequence, startTicks: this.#startTicks }, this.#samples);
    const contents = this.#samples.reduce((sum, sample) => sum + sample.bytes.length, 0);
    emit({
      kind: "part",
      track,
      msn: this.#msn,
      part: this.#parts,
      bytes,
      startTicks: this.#startTicks,
      durationTicks: this.#ticks,
      isIndependent: first.isKey,
      keyframeBytes: id === 1 && first.isKey ? bytes.length - contents + first.bytes.length : 0,
      frames: this.#samples.length,
    });
    this.#parts++;
    this.#samples = [];
    this.#ticks = 0;
  }

  close(): void {
    this.cut();
    this.#options.emit({ kind: "closed", track: this.#options.track, msn: this.#msn, parts: this.#parts });
  }
}
