import type { Contract } from "#kernel";
import {
  cloudFilesAccount,
  cloudFilesDownload,
  cloudFilesProxy,
  cloudFilesUpload,
} from "./cloud-files/facade-contract.ts";
import { platformUser, platformVideo } from "./platform/facade-contract.ts";
import { resumableUser, resumableVideo } from "./resumable/facade-contract.ts";

/** The contracts that the gateway answers for clients of other systems. */
export const facadeContracts: readonly Contract[] = [
  resumableUser,
  resumableVideo,
  cloudFilesAccount,
  cloudFilesUpload,
  cloudFilesDownload,
  cloudFilesProxy,
  platformUser,
  platformVideo,
];
