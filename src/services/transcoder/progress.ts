/** What is done for a task, in order. */
export type StepName = "probe" | "remux" | "quick" | "cover" | "ladder";
export type Steps = readonly { readonly name: StepName; readonly weight: number }[];

/** About what share of the whole time each step takes. */
export const stepsOf = {
  remux: [
    { name: "probe", weight: 5 },
    { name: "remux", weight: 15 },
    { name: "cover", weight: 5 },
    { name: "ladder", weight: 75 },
  ],
  quick: [
    { name: "probe", weight: 3 },
    { name: "quick", weight: 27 },
    { name: "cover", weight: 5 },
    { name: "ladder", weight: 65 },
  ],
  ladder: [
    { name: "probe", weight: 5 },
    { name: "ladder", weight: 95 },
  ],
} as const satisfies Record<string, Steps>;

/** How far the whole is, 0–99, when this share of a step is done: 100 is said by whoever ends it. Pure. */
export function percentOf(steps: Steps, name: StepName, share: number): number {
  const at = steps.findIndex((step) => step.name === name);
  const before = steps.slice(0, Math.max(0, at)).reduce((sum, { weight }) => sum + weight, 0);
  const own = (steps[at]?.weight ?? 0) * Math.min(1, Math.max(0, share));
  const all = steps.reduce((sum, { weight }) => sum + weight, 0);
  return all === 0 ? 0 : Math.min(99, Math.floor(((before + own) / all) * 100));
}

const tellEveryMs = 2_000;

/** Tells how far a task is: at most every two seconds, and only what is news. */
export class Progress {
  readonly #tell: (percent: number, step: StepName) => Promise<void>;
  readonly #monotonic: () => number;
  #told = 0;
  #toldAt = -Infinity;
  #telling = Promise.resolve();
  #steps: Steps = [];

  constructor(
    tell: (percent: number, step: StepName) => Promise<void>,
    monotonic: () => number = () => performance.now(),
  ) {
    this.#tell = tell;
    this.#monotonic = monotonic;
  }

  /** What will be done; until it is known, and nothing of it may have to be taken back, nothing is told. */
  set steps(steps: Steps) {
    this.#steps = steps;
  }

  at(step: StepName, share: number): number {
    const percent = percentOf(this.#steps, step, share);
    if (percent > this.#told && this.#monotonic() - this.#toldAt >= tellEveryMs) {
      this.#told = percent;
      this.#toldAt = this.#monotonic();
      // Progress that cannot be told is no reason to end the work; a lost lease shows at the next result.
      this.#telling = this.#telling.then(() => this.#tell(percent, step)).catch(() => undefined);
    }
    return percent;
  }

  /** Settles when everything said so far was told. */
  settled(): Promise<void> {
    return this.#telling;
  }
}
