import { AsyncLocalStorage } from "node:async_hooks";

/** A timer for longer would be a timer for no time at all. */
const waitMsMax = 3_600_000;

/**
 * Repeats a round of work: immediately when woken, else when the round said it wants to run again. A round never
 * overlaps itself; a round that throws is tried again after a second.
 */
export class Loop {
  readonly #round: () => Promise<number | undefined>;
  readonly #failed: (error: unknown) => void;
  // The caller that wakes it may be inside a transaction or a request: its rounds belong to neither.
  readonly #aside = AsyncLocalStorage.snapshot();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #woken = false;
  #stopped = false;

  /**
   * @param round yields in how many milliseconds it wants to run again (0: immediately), or undefined to wait to be
   * woken.
   */
  constructor(round: () => Promise<number | undefined>, failed: (error: unknown) => void) {
    this.#round = round;
    this.#failed = failed;
  }

  wake(): void {
    if (this.#stopped) return;
    this.#woken = true;
    this.#running ??= this.#aside(() => this.#run()).finally(() => {
      this.#running = undefined;
    });
  }

  isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Settles when a round found nothing to do immediately. */
  async idle(): Promise<void> {
    this.wake();
    while (this.#running) await this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    let wait: number | undefined = 0;
    while (!this.#stopped && (this.#woken || wait === 0)) {
      this.#woken = false;
      clearTimeout(this.#timer);
      try {
        wait = await this.#round();
      } catch (error) {
        if (!this.#stopped) this.#failed(error);
        wait = 1_000;
      }
    }
    if (this.#stopped || wait === undefined) return;
    this.#timer = setTimeout(() => this.wake(), Math.max(1, Math.min(wait, waitMsMax)));
    this.#timer.unref();
  }
}
