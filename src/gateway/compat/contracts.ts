import type { Contract } from "#kernel";
import {
  cloudFilesAccount,
  cloudFilesDownload,
  cloudFilesProxy,
  cloudFilesUpload,
} from "./cloud-files/facade-contract.ts";
import { resumableUser, resumableVideo } from "./resumable/facade-contract.ts";

/** What the gateway answers to clients of other systems. */
export const facadeContracts: readonly Contract[] = [
  resumableUser,
  resumableVideo,
  cloudFilesAccount,
  cloudFilesUpload,
  cloudFilesDownload,
  cloudFilesProxy,
];
