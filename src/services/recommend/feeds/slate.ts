import type { Id } from "#kernel";
import type { PoolVideo } from "../pool/pool-video.ts";

/** A video that may be in a page. */
export interface Choice {
  readonly video: PoolVideo;
  /** How good it is for this viewer; 1 is very good. */
  readonly score: number;
}
export interface Slot<C extends Choice> {
  readonly choice: C;
  /** How probable it was that this place has this video. */
  readonly propensity: number;
  /** It is a new video that is tried: its score did not decide. */
  readonly isExplored: boolean;
}

interface SlateOptions<C extends Choice> {
  readonly length: number;
  /** Authors of the places before this page, the last one at its end. */
  readonly authorsBefore: readonly Id[];
  readonly random: () => number;
  /** A new video whose worth is unknown; undefined where there is none. */
  readonly explore: (isLeft: (video: PoolVideo) => boolean) => C | undefined;
}

/** The weight of a place's score; the rest is the weight of its difference from earlier places. */
const relevance = 0.75;
/** An author has at most one of this many places in a row, as long as there are others. */
export const authorSpacing = 4;
/** How far below the best a video may be and still have a good chance of its place. */
const temperature = 0.03;
/** The share of places that new videos are tried in. */
const explorationShare = 0.08;

/**
 * The videos of a page: each place is drawn from those that are left, the better and the less like those before the more
 * probable (maximal marginal relevance: Carbonell and Goldstein, SIGIR 1998).
 */
export function slateOf<C extends Choice>(choices: readonly C[], options: SlateOptions<C>): Slot<C>[] {
  const { length, authorsBefore, random, explore } = options;
  const remaining = new Map(choices.map((choice) => [choice.video.videoId, choice]));
  const likeness = new Map<Id, number>();
  const authors = [...authorsBefore];
  const slots: Slot<C>[] = [];
  const takeSlot = (slot: Slot<C>): void => {
    slots.push(slot);
    const { video } = slot.choice;
    remaining.delete(video.videoId);
    authors.push(video.userId);
    for (const { video: other } of remaining.values())
      likeness.set(other.videoId, Math.max(likeness.get(other.videoId) ?? 0, likenessOf(video, other)));
  };
  while (slots.length < length) {
    const usedIds = new Set(slots.map(({ choice }) => choice.video.videoId));
    const recent = recentOf(authors);
    if (random() < explorationShare) {
      const choice = explore((video) => !usedIds.has(video.videoId) && !recent.has(video.userId));
      if (choice) {
        takeSlot({ choice, propensity: explorationShare, isExplored: true });
        continue;
      }
    }
    const open = openAmong([...remaining.values()], authors, ({ video }) => video.userId);
    if (open.length === 0) break;
    const values = open.map(
      ({ video, score }) => relevance * score - (1 - relevance) * (likeness.get(video.videoId) ?? 0),
    );
    const { place, probability } = draw(values, random());
    const choice = open[place];
    if (!choice) break;
    takeSlot({ choice, propensity: (1 - explorationShare) * probability, isExplored: false });
  }
  return slots;
}

/** The candidates for the next place: of other authors than the places before it, as long as there are any. Pure. */
export function openAmong<T>(
  choices: readonly T[],
  authorsBefore: readonly Id[],
  authorOf: (choice: T) => Id,
): readonly T[] {
  const recent = recentOf(authorsBefore);
  const spaced = choices.filter((choice) => !recent.has(authorOf(choice)));
  return spaced.length > 0 ? spaced : choices;
}

const recentOf = (authors: readonly Id[]): ReadonlySet<Id> => new Set(authors.slice(-(authorSpacing - 1)));

/** How alike two videos are, 0 to 1: by their tags and author. */
function likenessOf(video: PoolVideo, other: PoolVideo): number {
  const byAuthor = video.userId === other.userId ? 0.4 : 0;
  if (video.tags.length === 0 || other.tags.length === 0) return byAuthor;
  let shared = 0;
  for (const tag of video.tags) if (other.tags.includes(tag)) shared++;
  return byAuthor + (0.6 * shared) / (video.tags.length + other.tags.length - shared);
}

/** A place by the softmax of these values, and its probability. */
function draw(values: readonly number[], random: number): { readonly place: number; readonly probability: number } {
  const best = Math.max(...values);
  const weights = values.map((value) => Math.exp((value - best) / temperature));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let remainder = random * sum;
  for (const [place, weight] of weights.entries()) {
    remainder -= weight;
    if (remainder < 0) return { place, probability: weight / sum };
  }
  return { place: values.indexOf(best), probability: 1 / sum };
}
