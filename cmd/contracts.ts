import {
  cloudFilesAccount,
  cloudFilesDownload,
  cloudFilesProxy,
  cloudFilesUpload,
} from "../src/gateway/compat/cloud-files/facade-contract.ts";
import { resumableUser, resumableVideo } from "../src/gateway/compat/resumable/facade-contract.ts";
import type { Contract } from "../src/kernel/contract.ts";
import { bus } from "../src/kernel/rpc/bus.ts";
import { auth } from "../src/services/auth/contract.ts";
import { drive } from "../src/services/drive/contract.ts";
import { hashtag } from "../src/services/hashtag/contract.ts";
import { interaction } from "../src/services/interaction/contract.ts";
import { media } from "../src/services/media/contract.ts";
import { moderation } from "../src/services/moderation/contract.ts";
import { recommend } from "../src/services/recommend/contract.ts";
import { message } from "../src/services/message/contract.ts";
import { relation } from "../src/services/relation/contract.ts";
import { search } from "../src/services/search/contract.ts";
import { streaming } from "../src/services/streaming/contract.ts";
import { transfer } from "../src/services/transfer/contract.ts";
import { transcoder } from "../src/services/transcoder/contract.ts";
import { upload } from "../src/services/upload/contract.ts";
import { user } from "../src/services/user/contract.ts";
import { video } from "../src/services/video/contract.ts";
import { worker } from "../src/services/worker/contract.ts";

/** Every service's contract, whether it runs in this process or in another. */
export const contracts: readonly Contract[] = [
  auth,
  user,
  relation,
  upload,
  media,
  drive,
  transfer,
  transcoder,
  video,
  streaming,
  interaction,
  message,
  hashtag,
  search,
  moderation,
  recommend,
  worker,
];
/** What the gateway answers to clients of other systems. */
export const facadeContracts: readonly Contract[] = [
  resumableUser,
  resumableVideo,
  cloudFilesAccount,
  cloudFilesUpload,
  cloudFilesDownload,
  cloudFilesProxy,
];
/** What processes say to each other beside that. */
export const ownContracts: readonly Contract[] = [bus];
