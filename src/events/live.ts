import { Duration, Id, Instant, event } from "#kernel";
import { z } from "zod";
import { Visibility } from "./video.ts";

/** `paused`: the publisher is gone for a moment; the room ends when it does not come back in time. */
export const Status = z.enum(["waiting", "live", "paused", "ended"]);

export type Status = z.infer<typeof Status>;

/** A room for services that follow all of them; `version` grows with each change of the row. */
export const roomState = {
  liveId: Id,
  ownerId: Id,
  title: z.string(),
  description: z.string(),
  categoryId: Id.nullable(),
  status: Status,
  /** `private` also where a moderator removed it. */
  visibility: Visibility,
  version: z.int(),
};

export const liveCreated = event("live.created.v1", z.object(roomState));

export const liveUpdated = event("live.updated.v1", z.object(roomState));

export const liveStarted = event(
  "live.started.v1",
  z.object({ ...roomState, startedAtMs: Instant, notifiesFollowers: z.boolean() }),
);

export const liveEnded = event("live.ended.v1", z.object({ ...roomState, endedAtMs: Instant, durationMs: Duration }));

/** The recording of a room that has ended is a video, or a clip of one that is live. */
export const liveRecorded = event("live.recorded.v1", z.object({ liveId: Id, ownerId: Id, videoId: Id }));

export const liveDeleted = event("live.deleted.v1", z.object({ liveId: Id, ownerId: Id, version: z.int() }));

const attendance = { liveId: Id, userId: Id, onlineCount: z.int(), atMs: Instant };

/** An account entered a room, by whichever gateways and sockets; visitors without an account are only counted. */
export const userJoined = event("live.user_joined.v1", z.object(attendance));

/** The last socket of an account in a room is closed, or its gateway is away. */
export const userLeft = event("live.user_left.v1", z.object(attendance));

/** A gift was paid. `userId` is the giver, also for an anonymous gift. */
export const giftSent = event(
  "live.gift_sent.v1",
  z.object({
    recordId: Id,
    liveId: Id,
    ownerId: Id,
    userId: Id,
    isAnonymous: z.boolean(),
    giftId: Id,
    quantity: z.int(),
    /** Coins. */
    totalValue: z.int(),
    comboCount: z.int(),
    atMs: Instant,
  }),
);

/** The level of a member in the fan club of an owner; 0 where they are no member any more. */
export const clubLevelChanged = event(
  "live.club_level_changed.v1",
  z.object({ ownerId: Id, userId: Id, level: z.int().min(0) }),
);
