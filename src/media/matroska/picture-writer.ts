import { ticksPerSecond as liveTicksPerSecond, type VideoFormat, type VideoFrame } from "../frames/frame.ts";
import { element, ids, streamHead, streamPacket, ticksPerSecond, uint } from "./elements.ts";

/** Mappings of codecs (RFC 9559 §27.9, draft-ietf-cellar-codec §4.3): the private data are those of MP4. */
const codecIds = { h264: "V_MPEG4/ISO/AVC", hevc: "V_MPEGH/ISO/HEVC", av1: "V_AV1" } as const;

/** The start of a stream of pictures, up to the first. */
export function pictureStreamHead({ codec, config, width, height }: VideoFormat): Buffer {
  const facts = [element(ids.pixelWidth, uint(width)), element(ids.pixelHeight, uint(height))];
  return streamHead({ type: 1, codecId: codecIds[codec], codecPrivate: config, facts: element(ids.video, ...facts) });
}

/** A picture at the time that it is shown; the order is that of decoding. */
export const pictureStreamPacket = ({ bytes, pts, isKey }: VideoFrame): Buffer =>
  streamPacket(bytes, (pts * ticksPerSecond) / liveTicksPerSecond, isKey);
