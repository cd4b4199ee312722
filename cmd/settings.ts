import type { Config } from "../src/kernel/config/load.ts";

/** Each service's part of the configuration. */
export const settingsOf =
  ({ auth, site, upload, media }: Config) =>
  (service: string): unknown => {
    switch (service) {
      case "auth":
        return { ...auth, registration: site.registration };
      case "upload":
        return { fileBytesMax: upload.fileBytesMax, quotaBytes: upload.quotaBytes };
      case "transcoder":
        return { ffmpeg: media.ffmpeg, workers: media.workers, stallMs: media.stallMs };
      case "demo":
        return { ffmpeg: media.ffmpeg };
      default:
        return {};
    }
  };
