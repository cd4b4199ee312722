import type { PoolVideo } from "../pool/pool-video.ts";
import type { Learner } from "../learner/learner.ts";

/** New videos that are compared. */
const comparedMax = 60;
/** A new video is taken to have this many completions and skips before anything is known of it. */
const prior = { completions: 1, skips: 3 } as const;

/** New videos that are compared for a page: each has the same chance, however many there are. */
export const someOf = (videos: readonly PoolVideo[], random: () => number): readonly PoolVideo[] =>
  videos.length <= comparedMax
    ? videos
    : Array.from({ length: comparedMax }, () => videos[Math.floor(random() * videos.length)]).filter(
        (video) => video !== undefined,
      );

/**
 * The new video to try: the best of draws from the likely share of completions of each (Thompson sampling). Every other
 * time it is the video that was served least, as good starts would keep the others waiting. A video whose range lies
 * below the usual share of this site is not tried.
 */
export function chooseNewVideo(videos: readonly PoolVideo[], parts: ExplorationParts): PoolVideo | undefined {
  const { learner, random, isOpen } = parts;
  let best: { readonly video: PoolVideo; readonly value: number } | undefined;
  const isForLeast = random() < 0.5;
  for (let n = 0; n < Math.min(videos.length, comparedMax); n++) {
    // Each new video has the same chance of being compared, however many there are.
    const video = videos[videos.length > comparedMax ? Math.floor(random() * videos.length) : n];
    if (!video || !isOpen(video)) continue;
    const { views, completions } = learner.recordOf(video.videoId);
    const [alpha, beta] = [completions + prior.completions, Math.max(0, views - completions) + prior.skips];
    if (views >= viewsMin && upperBound(alpha, beta) < learner.usualCompletion / 2) continue;
    const value = isForLeast ? -video.impressionCount : drawBeta(alpha, beta, random);
    if (best === undefined || value > best.value) best = { video, value };
  }
  return best?.video;
}

interface ExplorationParts {
  readonly learner: Learner;
  readonly random: () => number;
  readonly isOpen: (video: PoolVideo) => boolean;
}
const viewsMin = 10;

/** Nine in ten of what the share may be lie below it: normal approximation of the Beta distribution. */
const upperBound = (alpha: number, beta: number): number => {
  const mean = alpha / (alpha + beta);
  return mean + 1.28 * Math.sqrt((mean * (1 - mean)) / (alpha + beta + 1));
};

/** A draw from Beta(alpha, beta), as the ratio of two from Gamma distributions. */
export function drawBeta(alpha: number, beta: number, random: () => number): number {
  const [a, b] = [drawGamma(alpha, random), drawGamma(beta, random)];
  return a / (a + b);
}

/** Marsaglia and Tsang, *A Simple Method for Generating Gamma Variables*, ACM TOMS 26 (2000); `shape` from 1 on. */
function drawGamma(shape: number, random: () => number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
/** Box and Muller. */
const drawNormal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
