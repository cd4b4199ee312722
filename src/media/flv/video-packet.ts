import type { VideoFormat } from "../frames/frame.ts";
import { malformedRefusal, unsupportedRefusal } from "../frames/ingest-refusal.ts";
import { skipModifiers } from "./modifiers.ts";

/** The body of a video tag, its header read. */
export interface VideoPacket {
  readonly kind: "config" | "picture";
  readonly codec: VideoFormat["codec"];
  /** As the publisher says. */
  readonly isKey: boolean;
  /** Milliseconds from decoding to presentation; may be negative. */
  readonly compositionMs: number;
  readonly payload: Buffer;
}

/** Enhanced RTMP v2, "Extended VideoTagHeader". */
const packetTypes = { sequenceStart: 0, codedFrames: 1, sequenceEnd: 2, codedFramesX: 3, metadata: 4, multitrack: 6 };
const codecs: ReadonlyMap<string, VideoFormat["codec"]> = new Map([
  ["avc1", "h264"],
  ["hvc1", "hevc"],
  ["av01", "av1"],
]);
/** Adobe Flash Video File Format 10.1 §E.4.3.1, "CodecID". */
const legacyNames: ReadonlyMap<number, string> = new Map([
  [2, "Sorenson H.263"],
  [3, "Screen Video"],
  [4, "VP6"],
  [5, "VP6 with alpha"],
  [6, "Screen Video 2"],
  [12, "HEVC outside of Enhanced RTMP"],
  [13, "AV1 outside of Enhanced RTMP"],
]);
const advice = "send H.264, or HEVC or AV1 as Enhanced RTMP";

/** Reads the body of a video tag; undefined where it holds neither configuration nor picture. @throws IngestRefusal */
export function videoPacket(body: Buffer): VideoPacket | undefined {
  const first = body[0];
  if (first === undefined) return undefined;
  const frameType = (first >> 4) & 7;
  return first & 0x80 ? enhancedPacket(body, frameType, first & 15) : legacy(body, frameType, first & 15);
}

const keyFrame = 1;
const generatedKeyFrame = 4;
const command = 5;
const isKeyType = (frameType: number): boolean => frameType === keyFrame || frameType === generatedKeyFrame;

/** Adobe Flash Video File Format 10.1 §E.4.3.1 and §E.4.3.2. */
function legacy(body: Buffer, frameType: number, codecId: number): VideoPacket | undefined {
  if (frameType === command) return undefined;
  if (codecId !== 7)
    throw unsupportedRefusal(`video of the codec ${legacyNames.get(codecId) ?? codecId} is not taken, ${advice}`);
  if (frameType < 1 || frameType > command) throw malformedRefusal(`there is no video frame of type ${frameType}`);
  const packetType = body[1];
  if (packetType === 2) return undefined;
  if (packetType === undefined || packetType > 2 || body.length < 5)
    throw malformedRefusal("the header of a video tag is cut off");
  return {
    kind: packetType === 0 ? "config" : "picture",
    codec: "h264",
    isKey: isKeyType(frameType),
    compositionMs: body.readIntBE(2, 3),
    payload: body.subarray(5),
  };
}

/** Enhanced RTMP v2, "ExVideoTagHeader" and "ExVideoTagBody". */
function enhancedPacket(body: Buffer, frameType: number, firstType: number): VideoPacket | undefined {
  const { packetType, at } = skipModifiers(body, firstType);
  if (packetType === packetTypes.metadata || frameType === command) return undefined;
  if (packetType === packetTypes.multitrack)
    throw unsupportedRefusal("several video tracks in one stream are not taken, send one");
  const fourCc = body.toString("latin1", at, at + 4);
  if (fourCc.length < 4) throw malformedRefusal("the header of a video tag is cut off");
  const codec = codecs.get(fourCc);
  if (codec === undefined)
    throw unsupportedRefusal(`video of the codec ${JSON.stringify(fourCc)} is not taken, ${advice}`);
  const isKey = isKeyType(frameType);
  const payload = body.subarray(at + 4);
  switch (packetType) {
    case packetTypes.sequenceStart:
      return { kind: "config", codec, isKey, compositionMs: 0, payload };
    case packetTypes.codedFrames:
      if (codec === "av1") return { kind: "picture", codec, isKey, compositionMs: 0, payload };
      if (payload.length < 3) throw malformedRefusal("the header of a video tag is cut off");
      return { kind: "picture", codec, isKey, compositionMs: payload.readIntBE(0, 3), payload: payload.subarray(3) };
    case packetTypes.codedFramesX:
      return { kind: "picture", codec, isKey, compositionMs: 0, payload };
    case packetTypes.sequenceEnd:
      return undefined;
    default:
      throw unsupportedRefusal(`video packets of type ${packetType} are not taken`);
  }
}
