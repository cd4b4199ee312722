import type { Throttle } from "./operations.ts";
import type { Clock, Pace } from "./pace.ts";

const saveEveryMs = 1_000;

interface Parts {
  readonly clock: Clock;
  /** The transfer keeps to each of them. */
  readonly paces: readonly Pace[];
  readonly signal: AbortSignal;
  /** Stores how many bytes of the objects under way have been read. */
  readonly save: (bytesUnderWay: number) => Promise<void>;
}

export interface ObjectProgress extends Throttle {
  /** The object is no longer under way. */
  readonly end: () => void;
}

/** Keeps a transfer to its paces, and stores about every second how far its objects under way are. */
export class Progress {
  readonly #parts: Parts;
  #bytesUnderWay = 0;
  #savedAtMs: number;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#savedAtMs = parts.clock.elapsedMs();
  }

  ofObject(): ObjectProgress {
    let objectBytes = 0;
    return {
      take: (sizeBytes) => this.#take(sizeBytes),
      advance: async (sizeBytes) => {
        await this.#take(sizeBytes);
        objectBytes += sizeBytes;
        this.#bytesUnderWay += sizeBytes;
        await this.#saveIfDue();
      },
      end: () => {
        this.#bytesUnderWay -= objectBytes;
      },
    };
  }

  async #take(sizeBytes: number): Promise<void> {
    for (const pace of this.#parts.paces) await pace.take(sizeBytes, this.#parts.signal);
  }

  async #saveIfDue(): Promise<void> {
    const { clock, save } = this.#parts;
    if (clock.elapsedMs() - this.#savedAtMs < saveEveryMs) return;
    this.#savedAtMs = clock.elapsedMs();
    await save(this.#bytesUnderWay);
  }
}
