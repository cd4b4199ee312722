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
/** Before this much of a step is done, and this much time has passed, starting up weighs more than the work itself. */
const knownShareMin = 0.03;
const knownAfterMs = 1_500;

/**
 * How much longer the whole takes, in milliseconds, when this share of a step took `elapsedMs`: the rest of the step at its
 * own speed, and what follows at that speed by its weight. Undefined while nobody can know. Pure.
 */
export function leftMs(steps: Steps, name: StepName, share: number, elapsedMs: number): number | undefined {
  const at = steps.findIndex((step) => step.name === name);
  const own = steps[at]?.weight ?? 0;
  const isTelling = own > 0 && own >= sum(steps) * tellingShareMin;
  if (!isTelling || share < knownShareMin || elapsedMs < knownAfterMs) return undefined;
  const done = clamped(share);
  return (elapsedMs / done) * (1 - done + sum(steps.slice(at + 1)) / own);
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
  readonly #began = new Map<StepName, number>();
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

  /** A process begins to work on this step. */
  begin(step: StepName): void {
    this.#began.set(step, this.#monotonic());
  }

  at(step: StepName, share: number): number {
    const percent = percentOf(this.#steps, step, share);
    const now = this.#monotonic();
    const left = leftMs(this.#steps, step, share, now - (this.#began.get(step) ?? now));
    const silentMs = now - this.#toldAt;
    if (percent > this.#told ? silentMs >= tellEveryMs : left !== undefined && silentMs >= tellLeftEveryMs) {
      this.#told = Math.max(this.#told, percent);
      this.#toldAt = now;
      const told = { percent, step, secondsLeft: left === undefined ? null : Math.ceil(left / 1_000) };
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
