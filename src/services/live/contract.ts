import { service } from "#kernel";
import { blocklist } from "#policy/copies/blocklist";
import { mutes } from "#policy/copies/mutes";
import { chatMethods } from "./chat/contract.ts";
import { clipMethods } from "./clips/contract.ts";
import { fanClubMethods } from "./fan-clubs/contract.ts";
import { giftMethods } from "./gifts/contract.ts";
import { guestMethods } from "./guests/contract.ts";
import { walletMethods } from "./ledger/contract.ts";
import { productMethods } from "./products/contract.ts";
import { roomMethods } from "./rooms/contract.ts";
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
