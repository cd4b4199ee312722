import type { Call } from "#kernel";
import type { User } from "./contract.ts";
import type { ProfileRow } from "./store.ts";

/** A profile as the caller may see it: the private half is for its owner alone. Pure. */
export function presentProfile(
  { email, phone, birthday, showFavorites, showLikes, showFollowing, showFollowers, version: _, ...stored }: ProfileRow,
  { userId }: Pick<Call, "userId">,
): User {
  const row = { ...stored, links: JSON.parse(stored.links) as User["links"] }; // As an update wrote them.
  if (row.id !== userId) return row;
  return { ...row, email: email ?? "", phone, birthday, showFavorites, showLikes, showFollowing, showFollowers };
}
