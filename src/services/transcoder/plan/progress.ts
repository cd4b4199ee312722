import { type Heard, remembered, wholeMs } from "./pace.ts";

/** What is done for a task, in order. */
export type StepName = "probe" | "remux" | "quick" | "cover" | "captions" | "sounds" | "ladder";
/** Weights are times in any one unit. */
export type Steps = readonly { readonly name: StepName; readonly weight: number }[];

const sum = (steps: Steps): number => steps.reduce((so, { weight }) => so + weight, 0);
const clamped = (share: number): number => Math.min(1, Math.max(0, share));

/** How far the whole is, 0–99, when this share of a step is done: 100 is said by whoever ends it. Pure. */
export function percentOf(steps: Steps, name: StepName, share: number): number {
  const at = steps.findIndex((step) => step.name === name);
  const own = (steps[at]?.weight ?? 0) * clamped(share);
  const all = sum(steps);
  return all === 0 ? 0 : Math.min(99, Math.floor(((sum(steps.slice(0, Math.max(0, at))) + own) / all) * 100));
}

/** A step that is less of the whole than this says nothing about the rest. */
const tellingShareMin = 0.1;

/**
 * How much longer the whole takes, in milliseconds, after this was heard of a step: the rest of the step at the speed it
 * lately had, and what follows at that speed by its weight. Undefined while nobody can know. Pure.
 */
export function leftMs(steps: Steps, name: StepName, heard: readonly Heard[]): number | undefined {
  const at = steps.findIndex((step) => step.name === name);
  const own = steps[at]?.weight ?? 0;
  const stepMs = wholeMs(heard);
  if (!(own > 0 && own >= sum(steps) * tellingShareMin) || stepMs === undefined) return undefined;
  return stepMs * (1 - clamped(heard.at(-1)?.share ?? 0) + sum(steps.slice(at + 1)) / own);
}

const tellEveryMs = 2_000;
/** The time left is told again when nothing else is news: people look at long work too. */
const tellLeftEveryMs = 10_000;

export interface Told {
  readonly percent: number;
  readonly step: StepName;
  readonly secondsLeft: number | null;
}

/** Tells how far a task is: at most every two seconds, and only what is news. */
export class Progress {
  readonly #tell: (told: Told) => Promise<void>;
  readonly #monotonic: () => number;
  #heard: readonly Heard[] = [];
  #told = 0;
  #toldAt = -Infinity;
  #telling = Promise.resolve();
  #steps: Steps = [];

  constructor(tell: (told: Told) => Promise<void>, monotonic: () => number = () => performance.now()) {
    this.#tell = tell;
    this.#monotonic = monotonic;
  }

  /** What will be done; until it is known, and nothing of it may have to be taken back, nothing is told. */
  set steps(steps: Steps) {
    this.#steps = steps;
  }

  /** Another process begins to work: what was heard of the one before says nothing of its speed. */
  begin(): void {
    this.#heard = [];
  }

  at(step: StepName, share: number): number {
    const percent = percentOf(this.#steps, step, share);
    const now = this.#monotonic();
    this.#heard = remembered(this.#heard, { atMs: now, share: clamped(share) });
    const left = leftMs(this.#steps, step, this.#heard);
    const silentMs = now - this.#toldAt;
    if (percent > this.#told ? silentMs >= tellEveryMs : left !== undefined && silentMs >= tellLeftEveryMs) {
      this.#told = Math.max(this.#told, percent);
      this.#toldAt = now;
      const told = { percent, step, secondsLeft: left === undefined ? null : Math.round(left / 1_000) };
      // Progress that cannot be told is no reason to end the work; a lost lease shows at the next result.
      this.#telling = this.#telling.then(() => this.#tell(told)).catch(() => undefined);
    }
    return percent;
  }

  /** Settles when everything said so far was told. */
  settled(): Promise<void> {
    return this.#telling;
  }
}
