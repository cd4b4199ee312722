import { answerOr, type Call, type Host, type Id } from "#kernel";
import { relation } from "#services/relation/contract";

const followsPerBatch = 1_000;

/** The accounts that a user follows, and those of them that follow the user. */
export interface Followed {
  readonly userIds: readonly Id[];
  readonly friendIds: ReadonlySet<Id>;
}

/** The authors that a caller follows, asked of relation: a new one is there in the next request. */
export interface Follows {
  /** The given authors whom the caller follows; none while the relation service is unavailable. */
  readonly among: (userIds: readonly Id[], call: Call) => Promise<ReadonlySet<Id>>;
  /** All of them. */
  readonly of: (userId: Id, call: Call) => Promise<Followed>;
}

export function createFollows({ client, call: newCall, log }: Pick<Host, "client" | "call" | "log">): Follows {
  const within = ({ traceId, signal, userId, role }: Call) =>
    newCall({ traceId, signal, ...(userId !== undefined && { userId }), ...(role && { role }) });

  return {
    async among(userIds: readonly Id[], call: Call): Promise<ReadonlySet<Id>> {
      if (call.userId === undefined || userIds.length === 0) return new Set();
      const followed = client(relation).followed({ userIds: [...new Set(userIds)] }, within(call));
      return new Set((await answerOr(followed, { userIds: [] }, log, "follows are unavailable")).userIds);
    },

    async of(userId: Id, call: Call): Promise<Followed> {
      const userIds: Id[] = [];
      const friendIds = new Set<Id>();
      for (let after: number | null = 0; after !== null; ) {
        const batch: { userIds: Id[]; mutualIds: Id[]; next: number | null } = await client(relation).followingOf(
          { userId, after, limit: followsPerBatch },
          within(call),
        );
        userIds.push(...batch.userIds);
        for (const id of batch.mutualIds) friendIds.add(id);
        after = batch.next;
      }
      return { userIds, friendIds };
    },
  };
}
