import type { Id } from "#kernel";
import type { Signal } from "../signals/signal.ts";

/** Likes of a user, and of all users together, at most. */
const perUserMax = 20;
const likesMax = 100_000;

const none: ReadonlyMap<Id, number> = new Map();

/** The last likes of each user, as long as they stand. */
export class RecentLikes {
  readonly #byUser = new Map<Id, Map<Id, number>>();
  #count = 0;

  add({ userId, videoId, isLiked, beganAtMs }: Pick<Signal, "userId" | "videoId" | "isLiked" | "beganAtMs">): void {
    const likesOfUser = this.#byUser.get(userId);
    if (!isLiked) {
      if (likesOfUser?.delete(videoId)) this.#count--;
      return;
    }
    if (likesOfUser?.has(videoId)) return;
    const likes = likesOfUser ?? new Map<Id, number>();
    likes.set(videoId, beganAtMs);
    this.#count++;
    const [oldest] = likes.size > perUserMax ? likes.keys() : [];
    if (oldest !== undefined && likes.delete(oldest)) this.#count--;
    // The users who liked something last are kept.
    this.#byUser.delete(userId);
    this.#byUser.set(userId, likes);
    if (this.#count > likesMax) this.#forgetUser();
  }

  /** Videos that a user liked, each with the time of the user's first signal about it: a rewatched one is not new. */
  of(userId: Id): ReadonlyMap<Id, number> {
    return this.#byUser.get(userId) ?? none;
  }

  #forgetUser(): void {
    const [first] = this.#byUser;
    if (!first) return;
    const [userId, likes] = first;
    this.#byUser.delete(userId);
    this.#count -= likes.size;
  }
}
