import type { VideoFormat } from "../../frames/frame.ts";

/**
 * Profiles that every browser plays: Baseline, Main, High (Rec. ITU-T H.264 §A.2). Those above sample more colour or more
 * bits, as encoders do that are given pictures of a screen as they are.
 */
const commonProfiles: ReadonlySet<number> = new Set([66, 77, 100]);

/** True if browsers play these pictures wherever they are; HEVC and AV1 they play on some devices alone. Pure. */
export const isCommonPicture = ({ codec, config }: Pick<VideoFormat, "codec" | "config">): boolean =>
  codec === "h264" && commonProfiles.has(config[1] ?? 0);
