import type { Id } from "#kernel";
import { documentKind } from "./documents.ts";
import type { SearchMemory } from "./memory.ts";

/** Whether a search of a user finds their own name or one of their own videos. Pure. */
export function findsOwn({ index }: SearchMemory, userId: Id, keyword: string): boolean {
  const filter = { ranges: { ownerId: { min: userId, max: userId } } };
  const query = { text: keyword, filter, limit: 1, needsAllWords: true, toleratesTypos: false };
  return (
    index.search({ ...query, kinds: [documentKind.user], isName: true }).total > 0 ||
    index.search({ ...query, kinds: [documentKind.video] }).total > 0
  );
}
