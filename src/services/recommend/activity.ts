import type { Id } from "#kernel";
import { hotScoreOf, hotScoreOfDays, noScore } from "#policy/hot-score";

/** A video begins with as much as this many views. */
export const publicationWeight = 4;
/** By view. A like and a share cost a decision. */
const weights = { view: 1, like: 4, share: 4 } as const;
/** The most that all new accounts together add to a video's score: as much as a publication, however many they are. */
const newcomersWeightMax = publicationWeight;

/** A view, a like, an unlike or a share. */
export interface Fact {
  readonly videoId: Id;
  readonly userId?: Id | undefined;
}
/** How much an account counts, 0 to 1; visitors count fully, each once by their address. */
export type Trust = (userId: Id) => number;
export type Kind = keyof typeof weights | "unlike";

/** The counts of a video that an activity changes. */
export interface Counted {
  readonly videoId: Id;
  /** Its author; 0 where the video is not in the local copy yet. */
  readonly userId: Id;
  readonly likeCount: number;
  /** The most likes that it had at a time. */
  readonly likePeak: number;
  /** The weight that new accounts have given it so far, in thousandths of the weight of a view. */
  readonly newcomersMilli: number;
}
export interface Activity {
  readonly videoId: Id;
  readonly views: number;
  readonly likeCount: number;
  readonly likePeak: number;
  readonly newcomersMilli: number;
  /** The hot score of these facts alone, in the stored form (`#policy/hot-score`). */
  readonly hotScore: number;
}

/**
 * The changes that facts of one kind make in the counts of their videos. Authors count as viewers of their own videos,
 * and raise no score. New accounts raise it little, however many they are. A like raises the score only if the video
 * has more likes than ever before, so a repeated like gains nothing. So no score ever falls, and a list in its order
 * repeats no video. Pure.
 */
export function activityOf(
  kind: Kind,
  facts: readonly Fact[],
  counted: readonly Counted[],
  { nowMs, trust }: { readonly nowMs: number; readonly trust: Trust },
): Activity[] {
  const byVideo = Map.groupBy(facts, ({ videoId }) => videoId);
  return counted.map(({ videoId, userId: authorId, likeCount, likePeak, newcomersMilli }) => {
    const factsOfVideo = byVideo.get(videoId) ?? [];
    const byOthers = factsOfVideo.filter(({ userId }) => userId !== authorId);
    const othersCount = byOthers.length;
    const trusts = byOthers.map(({ userId }) => (userId === undefined ? 1 : trust(userId)));
    // A like of one's own video is no event of the score, and so is no unlike of it.
    const likes = likeCount + (kind === "like" ? othersCount : kind === "unlike" ? -othersCount : 0);
    // Only likes beyond the highest count so far raise the score, each by the average weight of this batch.
    const share = kind === "like" && othersCount > 0 ? Math.max(0, likes - likePeak) / othersCount : 1;
    const weightOf = (some: readonly number[]): number =>
      kind === "unlike" ? 0 : weights[kind] * share * some.reduce((sum, trustOfAccount) => sum + trustOfAccount, 0);
    const weightLeft = Math.max(0, newcomersWeightMax - newcomersMilli / 1_000);
    const byNewcomers = Math.min(weightOf(trusts.filter((trustOfAccount) => trustOfAccount < 1)), weightLeft);
    const weight = weightOf(trusts.filter((trustOfAccount) => trustOfAccount >= 1)) + byNewcomers;
    return {
      videoId,
      views: kind === "view" ? factsOfVideo.length : 0,
      likeCount: likes,
      likePeak: Math.max(likePeak, likes),
      newcomersMilli: newcomersMilli + Math.ceil(byNewcomers * 1_000),
      hotScore: weight <= 0 ? noScore : hotScoreOf(weight, nowMs),
    };
  });
}

/** The changes that imported views and likes make: each day weighs what is left of its score. Pure. */
export function importedActivityOf(
  days: readonly { readonly day: number; readonly views: number; readonly likes: number }[],
  counted: readonly Counted[],
): Activity[] {
  const hotScore = hotScoreOfDays(
    days.map(({ day, views, likes }) => ({ day, weight: weights.view * views + weights.like * likes })),
  );
  const added = days.reduce((sum, { likes }) => sum + likes, 0);
  return counted.map(({ videoId, likeCount, likePeak, newcomersMilli }) => ({
    videoId,
    views: days.reduce((sum, { views }) => sum + views, 0),
    likeCount: likeCount + added,
    likePeak: Math.max(likePeak, likeCount + added),
    newcomersMilli,
    hotScore,
  }));
}
