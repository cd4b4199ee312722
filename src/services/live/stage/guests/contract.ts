import { command, failure, Id, Instant, query } from "#kernel";
import { z } from "zod";
import { BannedFromRoom, LiveNotFound, NotLive, NotYourLive, lockFailures } from "../../room/rooms/contract.ts";

export const TooManyGuests = failure("conflict", "live.too_many_guests", "a live room has at most 3 guests");
export const NotInvitable = failure(
  "conflict",
  "live.not_invitable",
  "this account cannot be a guest of this live room",
);

/** A user whose stream is shown beside the one of a room's owner. */
export const LiveGuest = z.object({
  /**
   * The number of the guest's stream. It is published and played as a room is, `/api/v1/lives/:live_id/whip` and
   * `…/playback`; all else about it belongs to the room.
   */
  liveId: Id,
  userId: Id,
  /** `invited` is shown to the owner of the room and to the guest alone. `paused`: the stream is lost for a moment. */
  status: z.enum(["invited", "live", "paused"]),
  invitedAtMs: Instant,
});
export type LiveGuest = z.infer<typeof LiveGuest>;

const visible = [LiveNotFound, ...lockFailures];

export const guestMethods = {
  guests: query({
    http: "GET /api/v1/lives/:id/guests",
    auth: "public",
    summary: "The guests of a live room: those whose streams are shown beside the one of its owner.",
    input: z.object({ id: Id }),
    output: z.object({ items: z.array(LiveGuest) }),
    errors: [...visible, BannedFromRoom],
  }),
  inviteGuest: command({
    http: "POST /api/v1/lives/:id/guests",
    auth: "user",
    idempotent: true,
    summary: "Invites an account to be a guest of a live room of the caller; it accepts by publishing.",
    input: z.object({ id: Id, userId: Id }),
    output: LiveGuest,
    errors: [...visible, NotYourLive, NotLive, NotInvitable, TooManyGuests],
  }),
  removeGuest: command({
    http: "DELETE /api/v1/lives/:id/guests/:user_id",
    auth: "user",
    idempotent: true,
    summary: "Removes a guest from a live room of the caller, or the caller from one: an invitation is declined by it.",
    input: z.object({ id: Id, userId: Id }),
    output: z.object({}),
    errors: [...visible, NotYourLive],
  }),
  /** The guests of several rooms that the caller may see. */
  guestsOf: query({
    auth: "service",
    input: z.object({ ids: z.array(Id).max(200) }),
    output: z.object({ items: z.array(LiveGuest.extend({ roomId: Id })) }),
  }),
};
