import { apartTicksMax } from "./clock.ts";
import { type AudioFrame, ticksPerSecond } from "../frames/frame.ts";
import type { PartCutter } from "./part-cutter.ts";
import type { Boundary } from "./picture-lane.ts";
import { isOverlap, startOf } from "./sample-clock.ts";

/** Pictures go on without sound that lags further behind. */
const usualLagTicks = apartTicksMax;
/** Sound that is further ahead than this has lost its pictures, and is dropped until their clock begins anew. */
const aheadUnitsMax = 1_000;

/** Sound of a segment ends with the unit that its pictures end in. Without pictures it may not exceed the segment. */
const beyondMs = 250;

interface SoundLaneOptions {
  readonly sampleRate: number;
  /** No segment lasts longer. */
  readonly segmentMaxMs: number;
  readonly lagTicksMax?: number;
}

/**
 * Access units on a clock that counts samples, cut where the pictures are: each part and segment begins with the first
 * unit that is not before the boundary.
 */
export class SoundLane {
  readonly #cutter: PartCutter;
  readonly #rate: number;
  readonly #lagTicksMax: number;
  readonly #segmentSamplesMax: number;
  /** The begin of the first unit of the open segment. */
  #segmentStart: number | undefined;
  readonly #queue: { readonly unit: AudioFrame; readonly ticks: number }[] = [];
  #boundaries: Boundary[] = [];
  /** Output time in samples, where the next unit begins. */
  #samples: number | undefined;
  /** The end of the units before a flush. */
  #floor = 0;
  /** No boundary that is unknown yet lies before this. */
  #frontierTicks = Number.NEGATIVE_INFINITY;
  #isOpen = false;
  #dropped = 0;

  constructor(cutter: PartCutter, { sampleRate, segmentMaxMs, lagTicksMax = usualLagTicks }: SoundLaneOptions) {
    this.#cutter = cutter;
    this.#rate = sampleRate;
    this.#segmentSamplesMax = ((segmentMaxMs + beyondMs) * sampleRate) / 1_000;
    this.#lagTicksMax = lagTicksMax;
  }

  /** Units that overlapped those before them, or had no pictures. */
  get dropped(): number {
    return this.#dropped;
  }

  get isOpen(): boolean {
    return this.#isOpen || this.#boundaries.length > 0;
  }

  /** 90 kHz ticks, rounded up. */
  get endTicks(): number {
    return Math.ceil(((this.#samples ?? this.#floor) * ticksPerSecond) / this.#rate);
  }

  /** `ticks`: output time of the unit. */
  push(unit: AudioFrame, ticks: number): void {
    if (this.#queue.length >= aheadUnitsMax) {
      this.#dropped++;
      return;
    }
    this.#queue.push({ unit, ticks });
    this.#drain();
  }

  addBoundary(boundary: Boundary): void {
    this.#boundaries.push(boundary);
  }

  /** All boundaries before `ticks` have been said. */
  advance(ticks: number): void {
    this.#frontierTicks = ticks;
    this.#drain();
    while ((this.#boundaries[0]?.ticks ?? ticks) < ticks - this.#lagTicksMax) this.#pass();
  }

  /** Lays down everything and closes the segment. A clock that begins anew may follow. */
  flush(): void {
    this.#frontierTicks = Number.POSITIVE_INFINITY;
    this.#drain();
    while (this.#boundaries.length > 0) this.#pass();
    if (this.#isOpen) this.#cutter.close();
    this.#isOpen = false;
    this.#floor = this.#samples ?? this.#floor;
    this.#samples = undefined;
    this.#frontierTicks = Number.NEGATIVE_INFINITY;
  }

  #drain(): void {
    let laidCount = 0;
    for (const { unit, ticks } of this.#queue) {
      const start = startOf(ticks, this.#samples, this.#rate);
      const at = start * ticksPerSecond;
      const isKnown = at < this.#frontierTicks * this.#rate;
      while (this.#boundaries[0] !== undefined && this.#boundaries[0].ticks * this.#rate <= at) this.#pass();
      if (!isKnown) break;
      laidCount++;
      this.#lay(unit, start, ticks);
    }
    this.#queue.splice(0, laidCount);
  }

  #lay(unit: AudioFrame, start: number, ticks: number): void {
    // A unit that overlaps earlier ones is dropped, because decode times never go back.
    const isTooLong = start + unit.samples - (this.#segmentStart ?? start) > this.#segmentSamplesMax;
    if (!this.#isOpen || isTooLong || start < this.#floor || isOverlap(start, ticks, this.#rate)) {
      this.#dropped++;
      return;
    }
    this.#segmentStart ??= start;
    const openEnd = this.#cutter.openEndTicks;
    if (openEnd !== undefined && openEnd < start) {
      if (this.#cutter.fits(start - openEnd)) this.#cutter.stretch(start - openEnd);
      else this.#cutter.cut();
    }
    this.#cutter.add({ durationTicks: unit.samples, compositionTicks: 0, isKey: true, bytes: unit.bytes }, start);
    this.#samples = start + unit.samples;
  }

  #pass(): void {
    const [boundary] = this.#boundaries.splice(0, 1);
    if (boundary?.msn === undefined) return this.#cutter.cut();
    if (this.#isOpen) this.#cutter.close();
    this.#cutter.open(boundary.msn);
    this.#segmentStart = undefined;
    this.#isOpen = true;
  }
}
