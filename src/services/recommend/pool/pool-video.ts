import type { Id } from "#kernel";

/** A public video, as feeds choose from it. */
export interface PoolVideo {
  readonly videoId: Id;
  readonly userId: Id;
  readonly publishedAtMs: number;
  readonly durationMs: number;
  readonly categoryId: Id | null;
  readonly hotScore: number;
  readonly impressionCount: number;
  readonly tags: readonly string[];
}
