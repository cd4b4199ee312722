import { Id, Instant, event } from "#kernel";
import { z } from "zod";

const pair = z.object({ userId: Id, targetId: Id, atMs: Instant });

/** `isApproved`: the followed user has accepted a request. */
export const userFollowed = event("user.followed.v1", pair.extend({ isApproved: z.boolean().optional() }));

/** A user asks to follow one who approves followers. */
export const followRequested = event("follow.requested.v1", pair);

export const userUnfollowed = event("user.unfollowed.v1", pair);

export const userBlocked = event("user.blocked.v1", pair);

export const userUnblocked = event("user.unblocked.v1", pair);
