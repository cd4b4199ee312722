/** The factor of the scores of documents, for one segment. */
export type Boost = (column: (name: string) => Float64Array | undefined) => (document: number) => number;

export interface BoostSettings {
  /** Factor of the logarithm of the plays. */
  readonly playsWeight: number;
  /** A document loses half of what freshness gives it in this time. */
  readonly halfLifeMs: number;
  /** The share of its score that a very old document keeps, 0 to 1: age alone hides nothing. */
  readonly freshnessFloor: number;
}

export const defaultBoosts: BoostSettings = { playsWeight: 0.2, halfLifeMs: 30 * 86_400_000, freshnessFloor: 0.5 };

/**
 * `(1 + playsWeight · ln(1 + plays)) · (floor + (1 - floor) · 2^(-age / halfLife))`, by the columns `plays` and
 * `publishedAt`; 1 for a number that is absent.
 */
export const playsAndFreshness =
  (nowMs: number, settings: Partial<BoostSettings> = {}): Boost =>
  (column) => {
    const { playsWeight, halfLifeMs, freshnessFloor } = { ...defaultBoosts, ...settings };
    const plays = column("plays");
    const publishedAt = column("publishedAt");
    return (document) => {
      const count = plays?.[document] ?? Number.NaN;
      const ageMs = Math.max(0, nowMs - (publishedAt?.[document] ?? Number.NaN));
      const popularity = count > 0 ? 1 + playsWeight * Math.log1p(count) : 1;
      const freshness = Number.isNaN(ageMs) ? 1 : freshnessFloor + (1 - freshnessFloor) * 2 ** (-ageMs / halfLifeMs);
      return popularity * freshness;
    };
  };

export const followersWeight = 0.5;
/** `1 + 0.5 · ln(1 + followers)`: among users it counts for more than the length of a name. */
export const followers: Boost = (column) => {
  const counts = column("followers");
  return (document) => 1 + followersWeight * Math.log1p(counts?.[document] || 0);
};
