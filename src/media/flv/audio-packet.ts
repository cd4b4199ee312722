import type { AudioFormat } from "../frames/frame.ts";
import { malformedRefusal, unsupportedRefusal } from "../frames/ingest-refusal.ts";
import { skipModifiers } from "./modifiers.ts";

/** The body of an audio tag, its header read. */
export interface AudioPacket {
  readonly kind: "config" | "sound";
  readonly codec: AudioFormat["codec"];
  readonly payload: Buffer;
}

/** Enhanced RTMP v2, "Extended AudioTagHeader". */
const packetTypes = { sequenceStart: 0, codedFrames: 1, sequenceEnd: 2, multichannelConfig: 4, multitrack: 5 };
const codecs: ReadonlyMap<string, AudioFormat["codec"]> = new Map([
  ["mp4a", "aac"],
  ["Opus", "opus"],
]);
/** Adobe Flash Video File Format 10.1 §E.4.2.1, "SoundFormat". */
const legacyNames = [
  "PCM",
  "ADPCM",
  "MP3",
  "PCM",
  "Nellymoser",
  "Nellymoser",
  "Nellymoser",
  "G.711 A-law",
  "G.711 mu-law",
  "",
  "",
  "Speex",
  "",
  "",
  "MP3",
];
const [enhancedFormat, aacFormat] = [9, 10];
const advice = "send AAC, or Opus as Enhanced RTMP";

/** Reads the body of an audio tag; undefined where it holds neither configuration nor sound. @throws IngestRefusal */
export function audioPacket(body: Buffer): AudioPacket | undefined {
  const first = body[0];
  if (first === undefined) return undefined;
  const format = first >> 4;
  if (format === enhancedFormat) return enhancedPacket(body, first & 15);
  if (format !== aacFormat)
    throw unsupportedRefusal(`sound of the codec ${legacyNames[format] || format} is not taken, ${advice}`);
  const packetType = body[1];
  if (packetType === undefined || packetType > 1) throw malformedRefusal("the header of an audio tag is cut off");
  return { kind: packetType === 0 ? "config" : "sound", codec: "aac", payload: body.subarray(2) };
}

function enhancedPacket(body: Buffer, firstType: number): AudioPacket | undefined {
  const { packetType, at } = skipModifiers(body, firstType);
  if (packetType === packetTypes.multitrack)
    throw unsupportedRefusal("several audio tracks in one stream are not taken, send one");
  const fourCc = body.toString("latin1", at, at + 4);
  if (fourCc.length < 4) throw malformedRefusal("the header of an audio tag is cut off");
  const codec = codecs.get(fourCc);
  if (codec === undefined)
    throw unsupportedRefusal(`sound of the codec ${JSON.stringify(fourCc)} is not taken, ${advice}`);
  const payload = body.subarray(at + 4);
  switch (packetType) {
    case packetTypes.sequenceStart:
      return { kind: "config", codec, payload };
    case packetTypes.codedFrames:
      return { kind: "sound", codec, payload };
    // AAC and Opus say in their own headers which channels there are.
    case packetTypes.multichannelConfig:
    case packetTypes.sequenceEnd:
      return undefined;
    default:
      throw unsupportedRefusal(`audio packets of type ${packetType} are not taken`);
  }
}
