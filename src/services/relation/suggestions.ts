import type { Id } from "#kernel";
import type { z } from "zod";
import type { Suggestion } from "./contract.ts";

type Suggested = z.output<typeof Suggestion>;
type Person = Pick<Suggested, "id" | "username" | "nickname" | "avatar" | "introduction">;

interface Known {
  readonly candidates: readonly {
    readonly personId: Id;
    readonly mutualCount: number;
    readonly mutualIds: readonly Id[];
  }[];
  readonly popular: readonly Id[];
  readonly people: ReadonlyMap<Id, Person>;
  /** Who does not show who follows them: of them no name and no number is told. */
  readonly secretive: ReadonlySet<Id>;
}

/**
 * Whom to follow: first those whom people one follows follow, then those whom most follow; nobody twice, and nobody who
 * is gone. Pure.
 */
export function suggestionsOf({ candidates, popular, people, secretive }: Known, limit: number): Suggested[] {
  const near = candidates
    .filter(({ personId }) => !secretive.has(personId))
    .flatMap(({ personId, mutualCount, mutualIds }): Suggested[] => {
      const person = people.get(personId);
      if (!person) return [];
      const mutuals = mutualIds.flatMap((id) => people.get(id) ?? []).map(({ introduction: _, ...mutual }) => mutual);
      return [{ ...person, reason: "followed_by_following", mutuals, mutualCount }];
    });
  const known = new Set(near.map(({ id }) => id));
  const others = popular
    .filter((id) => !known.has(id))
    .flatMap((id): Suggested[] => {
      const person = people.get(id);
      return person ? [{ ...person, reason: "popular", mutuals: [], mutualCount: 0 }] : [];
    });
  return [...near, ...others].slice(0, limit);
}
