import type { Id } from "#kernel";

/** Videos that go with one, at most. */
const rowMax = 64;
/** The last videos of a user that a new one goes with. */
const recentMax = 50;
const usersMax = 50_000;
const halfLifeMs = 3 * 24 * 3_600_000;

/** Videos that were watched beside one; what they weigh halves in three days. */
export interface CoVisitRow {
  readonly weights: ReadonlyMap<Id, number>;
  readonly factor: number;
}
const none: ReadonlyMap<Id, number> = new Map();

interface Recent {
  readonly videoId: Id;
  readonly weight: number;
}

/**
 * Videos that the same users liked, learned from one signal after the other. A user with many videos adds less to each
 * pair. Weights count from a landmark (forward decay), so that time alone changes no order.
 */
export class CoVisits {
  readonly #rows = new Map<Id, Map<Id, number>>();
  readonly #recent = new Map<Id, Recent[]>();
  readonly #landmarkMs: number;

  constructor(landmarkMs: number) {
    this.#landmarkMs = landmarkMs;
  }

  /** @param given of which 1 counts at most: so the weight of a pair is at most 1 / √2 by one user, whatever they did */
  add(userId: Id, videoId: Id, given: number, atMs: number): void {
    const weight = Math.min(1, given);
    const recent = this.#recent.get(userId) ?? [];
    const amount = 2 ** ((atMs - this.#landmarkMs) / halfLifeMs) / Math.sqrt(1 + recent.length);
    for (const other of recent) {
      if (other.videoId === videoId) continue;
      const both = amount * Math.min(weight, other.weight);
      this.#raise(videoId, other.videoId, both);
      this.#raise(other.videoId, videoId, both);
    }
    // The users who did something last are kept.
    this.#recent.delete(userId);
    this.#recent.set(
      userId,
      [...recent.filter((entry) => entry.videoId !== videoId), { videoId, weight }].slice(-recentMax),
    );
    const [oldest] = this.#recent.size > usersMax ? this.#recent.keys() : [];
    if (oldest !== undefined) this.#recent.delete(oldest);
  }

  /** The videos that go with one, and the factor that turns their weights into present ones. */
  of(videoId: Id, nowMs: number): CoVisitRow {
    return { weights: this.#rows.get(videoId) ?? none, factor: 2 ** (-(nowMs - this.#landmarkMs) / halfLifeMs) };
  }

  #raise(videoId: Id, other: Id, by: number): void {
    const row = this.#rows.get(videoId) ?? new Map<Id, number>();
    this.#rows.set(videoId, row);
    row.set(other, (row.get(other) ?? 0) + by);
    if (row.size < rowMax + rowMax / 2) return;
    const best = [...row].toSorted(([, a], [, b]) => b - a).slice(0, rowMax);
    this.#rows.set(videoId, new Map(best));
  }
}
