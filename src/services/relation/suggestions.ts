import type { Id } from "#kernel";
import type { z } from "zod";
import type { Suggestion } from "./contract.ts";

type Suggested = z.output<typeof Suggestion>;
type Profile = Pick<Suggested, "id" | "username" | "nickname" | "avatar" | "introduction">;

/** An account that some others follow: how many, and some of them. */
export interface Candidate {
  readonly personId: Id;
  readonly mutualCount: number;
  readonly mutualIds: readonly Id[];
}

interface Candidates {
  /** Followed by accounts that one follows. */
  readonly candidates: readonly Candidate[];
  /** Followed by accounts that follow the same ones. */
  readonly similar: readonly Candidate[];
  readonly popular: readonly Id[];
  readonly profiles: ReadonlyMap<Id, Profile>;
  /** Accounts that hide their followers: no name and no number of them is shown. */
  readonly hidingFollowers: ReadonlySet<Id>;
}

/** With fewer similar followers one could find out which accounts each of them follows. */
export const alikeMin = 3;

/**
 * Suggests accounts to follow. First come accounts that followed accounts follow and accounts that users with similar
 * follows follow. Each is ranked by its share of the most followers of its kind. The most followed accounts come last.
 * No account appears twice, and no deleted one. Pure.
 */
export function suggestionsOf(
  { candidates, similar, popular, profiles: people, hidingFollowers: secretive }: Candidates,
  limit: number,
): Suggested[] {
  const near = new Map(candidates.map((candidate) => [candidate.personId, candidate]));
  const scores = new Map<Id, number>();
  for (const list of [candidates, similar.filter(({ mutualCount }) => mutualCount >= alikeMin)]) {
    const most = Math.max(...list.map(({ mutualCount }) => mutualCount));
    for (const { personId, mutualCount } of list)
      scores.set(personId, (scores.get(personId) ?? 0) + mutualCount / most);
  }
  const scored = [...scores]
    .filter(([personId]) => !secretive.has(personId))
    .toSorted(([idA, a], [idB, b]) => b - a || idB - idA)
    .flatMap(([personId]): Suggested[] => {
      const profile = people.get(personId);
      if (!profile) return [];
      const followed = near.get(personId);
      if (!followed) return [{ ...profile, reason: "similar_to_following", mutuals: [], mutualCount: 0 }];
      const { mutualIds, mutualCount } = followed;
      const mutuals = mutualIds.flatMap((id) => people.get(id) ?? []).map(({ introduction: _, ...mutual }) => mutual);
      return [{ ...profile, reason: "followed_by_following", mutuals, mutualCount }];
    });
  const suggested = new Set(scored.map(({ id }) => id));
  const popularSuggestions = popular
    .filter((id) => !suggested.has(id))
    .flatMap((id): Suggested[] => {
      const profile = people.get(id);
      return profile ? [{ ...profile, reason: "popular", mutuals: [], mutualCount: 0 }] : [];
    });
  return [...scored, ...popularSuggestions].slice(0, limit);
}
