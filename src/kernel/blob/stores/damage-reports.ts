/** An object that a reader found damaged, or missing where a record refers to it. */
export interface FoundDamage {
  readonly key: string;
  /** The store it was read from; of a missing object the store that new content goes to. */
  readonly store: string;
}

type Recipient = (found: readonly FoundDamage[]) => Promise<void>;

/** At most this many reports wait, and at most this many reported objects are remembered. */
const objectsMax = 1_000;
/** How many reports are passed on together. */
const batchMax = 100;

/**
 * Passes damage that readers find to the service that sets damaged objects aside. An object is reported once a minute
 * at most, as all its readers find the same. Reports wait while there is no recipient. They may be lost, for the next
 * reader and the scrub find the damage again.
 */
export class DamageReports {
  readonly #waiting = new Map<string, FoundDamage>();
  /** When an object was last reported, by the monotonic clock; the oldest first. */
  readonly #reportedAtMs = new Map<string, number>();
  readonly #repeatMs: number;
  readonly #retryMs: number;
  #recipient: Recipient | undefined;
  #onReport: (found: FoundDamage) => void = () => {};
  #sending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ repeatMs = 60_000, retryMs = 5_000 } = {}) {
    this.#repeatMs = repeatMs;
    this.#retryMs = retryMs;
  }

  report(damage: FoundDamage): void {
    const name = `${damage.store} ${damage.key}`;
    const before = this.#reportedAtMs.get(name);
    if (before !== undefined && performance.now() - before < this.#repeatMs) return;
    this.#reportedAtMs.delete(name);
    this.#reportedAtMs.set(name, performance.now());
    const [oldest] = this.#reportedAtMs.size > objectsMax ? this.#reportedAtMs.keys() : [];
    if (oldest !== undefined) this.#reportedAtMs.delete(oldest);
    this.#onReport(damage);
    if (this.#waiting.size < objectsMax) this.#waiting.set(name, damage);
    this.#send();
  }

  /**
   * Passes reports on, earlier ones that wait included. A batch whose `recipient` fails is passed on again later.
   * `onReport` is called for each new report.
   */
  passTo(recipient: Recipient, onReport: (found: FoundDamage) => void): void {
    this.#recipient = recipient;
    this.#onReport = onReport;
    this.#send();
  }

  /** Stops passing reports on; settles when no batch is under way. */
  async close(): Promise<void> {
    this.#recipient = undefined;
    clearTimeout(this.#timer);
    await this.#sending;
  }

  #send(): void {
    if (this.#recipient === undefined || this.#sending || this.#timer || this.#waiting.size === 0) return;
    this.#sending = this.#passOn(this.#recipient)
      .catch(() => {
        if (this.#recipient) this.#timer = setTimeout(() => this.#retry(), this.#retryMs).unref();
      })
      .finally(() => {
        this.#sending = undefined;
        this.#send();
      });
  }

  #retry(): void {
    this.#timer = undefined;
    this.#send();
  }

  async #passOn(recipient: Recipient): Promise<void> {
    const batch = [...this.#waiting].slice(0, batchMax);
    await recipient(batch.map(([, damage]) => damage));
    for (const [name] of batch) this.#waiting.delete(name);
  }
}
