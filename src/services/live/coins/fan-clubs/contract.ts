import { command, failure, Id, query } from "#kernel";
import { z } from "zod";
import { HostBlocked } from "../../room/rooms/contract.ts";
import { BannedFromRoom, LiveNotFound, lockFailures } from "../../room/rooms/contract.ts";

/* Fan clubs: one for each host. */

export const OwnFanClub = failure("invalid", "live.own_fan_club", "the host is no member of their own fan club");

const membership = {
  /** From 1; 0 where the caller is no member. */
  level: z.int(),
  /** Coins that the member has given this host. */
  experience: z.int(),
  /** The experience at which the next level begins; null at the highest. */
  nextLevelAt: z.int().nullable(),
  badgeName: z.string(),
};
/** The fan club of the owner of a room, and the caller's part in it. */
export const FanClub = z
  .object({
    /** The number of the host. */
    id: Id,
    /** The name of the host. */
    name: z.string(),
    memberCount: z.int(),
    isMember: z.boolean(),
    ...membership,
  })
  .meta({ id: "FanClub" });
export const FanClubMember = z
  .object({ isMember: z.boolean(), memberCount: z.int(), ...membership })
  .meta({ id: "FanClubMember" });

export const fanClubMethods = {
  fanClub: query({
    http: "GET /api/v1/lives/:id/fan-club",
    auth: "public",
    summary: "The fan club of the owner of a live room.",
    input: z.object({ id: Id }),
    output: FanClub,
    errors: [LiveNotFound, ...lockFailures, BannedFromRoom],
  }),
  joinFanClub: command({
    http: "POST /api/v1/lives/:id/fan-club/join",
    auth: "user",
    idempotent: true,
    summary: "Joins the fan club of the owner of a live room. Gifts to them are experience from then on.",
    input: z.object({ id: Id }),
    output: FanClubMember,
    errors: [LiveNotFound, ...lockFailures, BannedFromRoom, OwnFanClub, HostBlocked],
  }),
  leaveFanClub: command({
    http: "DELETE /api/v1/lives/:id/fan-club/join",
    auth: "user",
    idempotent: true,
    summary: "Leaves the fan club; those who join again have the experience that they had.",
    input: z.object({ id: Id }),
    output: FanClubMember,
    errors: [LiveNotFound, ...lockFailures],
  }),
};
