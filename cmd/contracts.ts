import type { Contract } from "../src/kernel/contract.ts";
import { bus } from "../src/kernel/rpc/bus.ts";
import { auth } from "../src/services/auth/contract.ts";
import { interaction } from "../src/services/interaction/contract.ts";
import { media } from "../src/services/media/contract.ts";
import { recommend } from "../src/services/recommend/contract.ts";
import { streaming } from "../src/services/streaming/contract.ts";
import { transcoder } from "../src/services/transcoder/contract.ts";
import { upload } from "../src/services/upload/contract.ts";
import { user } from "../src/services/user/contract.ts";
import { video } from "../src/services/video/contract.ts";

/** Every service's contract, whether it runs in this process or in another. */
export const contracts: readonly Contract[] = [
  auth,
  user,
  upload,
  media,
  transcoder,
  video,
  streaming,
  interaction,
  recommend,
];
/** What processes say to each other beside that. */
export const ownContracts: readonly Contract[] = [bus];
