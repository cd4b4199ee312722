import { Duration, event, Id, Instant, service } from "#kernel";
import { blocklist } from "#policy/blocklist";
import { mutes } from "#policy/mutes";
import { z } from "zod";
import { chatMethods } from "./chat/contract.ts";
import { clipMethods } from "./clips/contract.ts";
import { fanClubMethods } from "./fan-clubs/contract.ts";
import { giftMethods } from "./gifts/contract.ts";
import { guestMethods } from "./guests/contract.ts";
import { walletMethods } from "./ledger/contract.ts";
import { productMethods } from "./products/contract.ts";
import { roomMethods, roomState } from "./rooms/contract.ts";
import { streamMethods } from "./streams/contract.ts";
import { webrtcMethods } from "./webrtc/contract.ts";

/* Each folder states its own part. */
export * from "./chat/contract.ts";
export * from "./clips/contract.ts";
export * from "./fan-clubs/contract.ts";
export * from "./gifts/contract.ts";
export * from "./guests/contract.ts";
export * from "./ledger/contract.ts";
export * from "./products/contract.ts";
export * from "./rooms/contract.ts";
export * from "./streams/contract.ts";
export * from "./webrtc/contract.ts";

export const live = service(
  "live",
  1,
  {
    ...roomMethods,
    ...streamMethods,
    ...webrtcMethods,
    ...walletMethods,
    ...giftMethods,
    ...fanClubMethods,
    ...productMethods,
    ...chatMethods,
    ...clipMethods,
    ...guestMethods,
    ...mutes.methods,
    ...blocklist.methods,
  },
  { holdsUserData: true },
);

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

/** A gift was paid. `userId` is who gave it, also where it was given anonymously. */
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
