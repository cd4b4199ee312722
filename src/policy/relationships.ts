import { type Call, type Id, KinoraError, type Log } from "#kernel";

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
    const none = new Map<Id, Relationship>();
    if (viewerId === undefined || owners.length === 0) return none;
    try {
      const otherIds = [...new Set(owners)];
      const { items } = await relations.towards({ userId: viewerId, otherIds }, newCall({ traceId, signal }));
      return new Map(
        items.map(({ userId, isFollowed, isBlocked, isBlocking }) => [
          userId,
          { isFollower: isFollowed, isBlocked: isBlocked || isBlocking },
        ]),
      );
    } catch (error) {
      if (!(error instanceof KinoraError) || !error.retryable) throw error;
      // Things for followers stay hidden, public ones are shown.
      log.warn("relationships are unavailable", { err: error });
      return none;
    }
  };
}
