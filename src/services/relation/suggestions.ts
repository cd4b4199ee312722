import type { Id } from "#kernel";
import type { z } from "zod";
import type { Suggestion } from "./contract.ts";

type Suggested = z.output<typeof Suggestion>;
type Profile = Pick<Suggested, "id" | "username" | "nickname" | "avatar" | "introduction">;

interface Candidates {
  readonly candidates: readonly {
    readonly personId: Id;
    readonly mutualCount: number;
    readonly mutualIds: readonly Id[];
  }[];
  readonly popular: readonly Id[];
  readonly profiles: ReadonlyMap<Id, Profile>;
  /** Accounts that hide their followers: no name and no number of them is shown. */
  readonly hidingFollowers: ReadonlySet<Id>;
}

/**
 * Whom to follow: first those whom people one follows follow, then those whom most follow; nobody twice, and nobody who
 * is deleted. Pure.
 */
export function suggestionsOf(
  { candidates, popular, profiles: people, hidingFollowers: secretive }: Candidates,
  limit: number,
): Suggested[] {
  const near = candidates
    .filter(({ personId }) => !secretive.has(personId))
    .flatMap(({ personId, mutualCount, mutualIds }): Suggested[] => {
      const profile = people.get(personId);
      if (!profile) return [];
      const mutuals = mutualIds.flatMap((id) => people.get(id) ?? []).map(({ introduction: _, ...mutual }) => mutual);
      return [{ ...profile, reason: "followed_by_following", mutuals, mutualCount }];
    });
  const suggested = new Set(near.map(({ id }) => id));
  const others = popular
    .filter((id) => !suggested.has(id))
    .flatMap((id): Suggested[] => {
      const profile = people.get(id);
      return profile ? [{ ...profile, reason: "popular", mutuals: [], mutualCount: 0 }] : [];
    });
  return [...near, ...others].slice(0, limit);
}
