import { answerOr, type Call, type Id, type Log } from "#kernel";

interface Tie {
  readonly userId: Id;
  readonly isFollowed: boolean;
  readonly isBlocked: boolean;
  readonly isBlocking: boolean;
}
interface Parts {
  /** The service of follows and blocks. */
  readonly relations: {
    towards(input: { userId: Id; otherIds: Id[] }, call: Call): Promise<{ items: readonly Tie[] }>;
  };
  readonly call: (parts: Partial<Call>) => Call;
  readonly log: Log;
}
/** How a viewer and an owner are related. */
export interface Relationship {
  readonly isFollower: boolean;
  readonly isBlocked: boolean;
}

/** How a viewer and owners are related; empty without a signed-in viewer, and while relation is unavailable. */
export type RelationshipLookup = (
  viewerId: Id | undefined,
  owners: readonly Id[],
  call: Call,
) => Promise<ReadonlyMap<Id, Relationship>>;

export function createRelationshipLookup({ relations, call: newCall, log }: Parts): RelationshipLookup {
  return async (viewerId, owners, { traceId, signal }) => {
    if (viewerId === undefined || owners.length === 0) return new Map();
    const otherIds = [...new Set(owners)];
    const ties = relations.towards({ userId: viewerId, otherIds }, newCall({ traceId, signal }));
    // Without an answer things for followers stay hidden, and public ones are shown.
    const { items } = await answerOr(ties, { items: [] }, log, "relationships are unavailable");
    return new Map(
      items.map(({ userId, isFollowed, isBlocked, isBlocking }) => [
        userId,
        { isFollower: isFollowed, isBlocked: isBlocked || isBlocking },
      ]),
    );
  };
}
