import { answerOr, type Call, Gather, type Host, type Id } from "#kernel";
import { relation } from "#services/relation/contract";
import type { Exclusions } from "./exclusion-store.ts";
import { subjectsOf } from "./not-interested-store.ts";
import type { Scope, Tables } from "../store.ts";

const nothing: Exclusions = { userIds: [], videoIds: [], tags: [] };

/**
 * Finds a caller's exclusions: users with a block in either direction, and things that the caller is not interested in.
 */
export type FindExclusions = (call: Call) => Promise<Exclusions>;

export function createExclusions({
  db,
  client,
  call: newCall,
  log,
}: Pick<Host<Tables>, "db" | "client" | "call" | "log">): FindExclusions {
  const subjectsBy = new Gather(db, subjectsOf, { keysMax: 50 });

  /** While relation is away, lists are as for a stranger; the video service looks at blocks once more. */
  async function blockedUsers(userId: Id, { traceId, signal }: Call): Promise<readonly Id[]> {
    const hidden = client(relation).hiddenFrom({ userId }, newCall({ traceId, signal }));
    return (await answerOr(hidden, { userIds: [] }, log, "blocks are unavailable")).userIds;
  }

  return async (call: Call): Promise<Exclusions> => {
    const { userId } = call;
    if (userId === undefined) return nothing;
    const [blockedIds, subjects = []] = await Promise.all([blockedUsers(userId, call), subjectsBy.get(userId, call)]);
    const idsOf = (scope: Scope) => subjects.flatMap((subject) => (subject.scope === scope ? subject.subjectId : []));
    return {
      userIds: [...blockedIds, ...idsOf("author")],
      videoIds: idsOf("video"),
      tags: subjects.flatMap(({ scope, tag }) => (scope === "tag" ? tag : [])),
    };
  };
}
