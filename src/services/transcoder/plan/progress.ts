import { addSample, type Sample, stepDurationMs } from "./pace.ts";

/** The steps of a task, in order. */
export const steps = ["probe", "remux", "quick", "cover", "captions", "sounds", "ladder"] as const;
export type StepName = (typeof steps)[number];
/** Weights are times in any one unit. */
export type Steps = readonly { readonly name: StepName; readonly weight: number }[];

const sum = (steps: Steps): number => steps.reduce((so, { weight }) => so + weight, 0);
const clampShare = (share: number): number => Math.min(1, Math.max(0, share));

/** The percentage of the whole task, 0–99, when this share of a step is done: only its end is 100. Pure. */
export function percentOf(steps: Steps, name: StepName, share: number): number {
  const at = steps.findIndex((step) => step.name === name);
  const doneWeight = (steps[at]?.weight ?? 0) * clampShare(share);
  const totalWeight = sum(steps);
  return totalWeight === 0
    ? 0
    : Math.min(99, Math.floor(((sum(steps.slice(0, Math.max(0, at))) + doneWeight) / totalWeight) * 100));
}

/** The speed of a step with a smaller share of the whole does not predict the rest. */
const predictiveShareMin = 0.1;

/**
 * The time left for the whole, in milliseconds, by the samples of a step: the rest of the step at its recent speed, and
 * later steps at that speed by their weights. Undefined while that is unknown. Pure.
 */
export function leftMs(steps: Steps, name: StepName, samples: readonly Sample[]): number | undefined {
  const at = steps.findIndex((step) => step.name === name);
  const stepWeight = steps[at]?.weight ?? 0;
  const stepMs = stepDurationMs(samples);
  if (!(stepWeight > 0 && stepWeight >= sum(steps) * predictiveShareMin) || stepMs === undefined) return undefined;
  return stepMs * (1 - clampShare(samples.at(-1)?.share ?? 0) + sum(steps.slice(at + 1)) / stepWeight);
}

const publishEveryMs = 2_000;
/** The time left is published again while the percentage stands still, as in long work. */
const publishLeftEveryMs = 10_000;

export interface ProgressReport {
  readonly percent: number;
  readonly step: StepName;
  readonly secondsLeft: number | null;
}

/** Publishes the progress of a task: at most every two seconds, and only changes. */
export class Progress {
  readonly #publish: (report: ProgressReport) => Promise<void>;
  readonly #monotonic: () => number;
  #samples: readonly Sample[] = [];
  #publishedPercent = 0;
  #publishedAtMs = -Infinity;
  #publishing = Promise.resolve();
  #steps: Steps = [];

  constructor(publish: (report: ProgressReport) => Promise<void>, monotonic: () => number = () => performance.now()) {
    this.#publish = publish;
    this.#monotonic = monotonic;
  }

  /** The steps to do; nothing is published until they are known for certain. */
  set steps(steps: Steps) {
    this.#steps = steps;
  }

  /** Another process begins: the samples of the one before say nothing about its speed. */
  begin(): void {
    this.#samples = [];
  }

  at(step: StepName, share: number): number {
    const percent = percentOf(this.#steps, step, share);
    const now = this.#monotonic();
    this.#samples = addSample(this.#samples, { atMs: now, share: clampShare(share) });
    const remainingMs = leftMs(this.#steps, step, this.#samples);
    const elapsedMs = now - this.#publishedAtMs;
    if (
      percent > this.#publishedPercent
        ? elapsedMs >= publishEveryMs
        : remainingMs !== undefined && elapsedMs >= publishLeftEveryMs
    ) {
      this.#publishedPercent = Math.max(this.#publishedPercent, percent);
      this.#publishedAtMs = now;
      const report = { percent, step, secondsLeft: remainingMs === undefined ? null : Math.round(remainingMs / 1_000) };
      // Progress that cannot be published does not end the work; a lost lease shows at the next result.
      this.#publishing = this.#publishing.then(() => this.#publish(report)).catch(() => undefined);
    }
    return percent;
  }

  /** Settles when all reports so far were published. */
  waitForReports(): Promise<void> {
    return this.#publishing;
  }
}
