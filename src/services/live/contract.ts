import { service } from "#kernel";
import { blocklist } from "#policy/copies/blocklist";
import { mutes } from "#policy/copies/mutes";
import { gateGrants } from "#policy/gates/grants";
import { accessMethods } from "./coins/access/contract.ts";
import { activityMethods } from "./activity/contract.ts";
import { chatMethods } from "./room/chat/contract.ts";
import { clipMethods } from "./stage/clips/contract.ts";
import { fanClubMethods } from "./coins/fan-clubs/contract.ts";
import { giftMethods } from "./coins/gifts/contract.ts";
import { guestMethods } from "./stage/guests/contract.ts";
import { walletMethods } from "./coins/ledger/contract.ts";
import { productMethods } from "./coins/products/contract.ts";
import { roomMethods } from "./room/rooms/contract.ts";
import { streamMethods } from "./stage/streams/contract.ts";
import { webrtcMethods } from "./stage/webrtc/contract.ts";

/* Each folder states its own part. */
export * from "./coins/access/contract.ts";
export * from "./activity/contract.ts";
export * from "./room/chat/contract.ts";
export * from "./stage/clips/contract.ts";
export * from "./coins/fan-clubs/contract.ts";
export * from "./coins/gifts/contract.ts";
export * from "./stage/guests/contract.ts";
export * from "./coins/ledger/contract.ts";
export * from "./coins/products/contract.ts";
export * from "./room/rooms/contract.ts";
export * from "./stage/streams/contract.ts";
export * from "./stage/webrtc/contract.ts";

export const live = service(
  "live",
  1,
  {
    ...roomMethods,
    ...streamMethods,
    ...webrtcMethods,
    ...walletMethods,
    ...accessMethods,
    ...giftMethods,
    ...fanClubMethods,
    ...productMethods,
    ...chatMethods,
    ...clipMethods,
    ...guestMethods,
    ...activityMethods,
    ...gateGrants.methods,
    ...mutes.methods,
    ...blocklist.methods,
  },
  { holdsUserData: true, scopes: { query: "live:read", command: "live:write" } },
);
