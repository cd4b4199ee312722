import type { Cache, Id } from "#kernel";
import { RateLimited } from "../identity/rate-limits.ts";

const hourMs = 3_600_000;
export const exportsPerHour = 5;

/** Counts the exports of an account: each reads all of its data. */
export class ExportLimit {
  readonly #cache: Cache;
  readonly #isOn: boolean;

  constructor(cache: Cache, isOn: boolean) {
    this.#cache = cache;
    this.#isOn = isOn;
  }

  /** Counts one, or only looks whether there could be one. @throws RateLimited above the limit */
  async take(userId: Id, { counts }: { readonly counts: boolean }): Promise<void> {
    if (!this.#isOn) return;
    const { value, leftMs } = await this.#cache.add(`export:${userId}`, counts ? 1 : 0, hourMs);
    if (value > exportsPerHour || (!counts && value === exportsPerHour))
      throw RateLimited({ retryAfterMs: Math.ceil(leftMs), limit: exportsPerHour });
  }
}
