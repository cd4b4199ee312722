import { type Amf0Object, type Amf0Value, encodeAmf0 } from "../flv/amf0.ts";
import { encodeMessage } from "./chunk-writer.ts";
import { messageTypes } from "./message.ts";

const defaultChunkSize = 128;
const chunkSize = 4096;
const windowBytes = 2_500_000;
const dynamicLimit = 2;
/** Chunk streams of control messages, which the standard gives, and of commands. */
const [controlChunks, commandChunks] = [2, 3];

const control = (type: number, payload: Buffer): Buffer =>
  encodeMessage(controlChunks, { type, streamId: 0, timestamp: 0, payload }, defaultChunkSize);

function numbers(...values: readonly number[]): Buffer {
  const payload = Buffer.alloc(4 * values.length);
  for (const [n, value] of values.entries()) payload.writeUInt32BE(value, 4 * n);
  return payload;
}

/** Bytes received in all, of which 32 bits are sent (RTMP 1.0 §5.4.3). */
export const acknowledgement = (bytes: number): Buffer =>
  control(messageTypes.acknowledgement, numbers(bytes % 2 ** 32));

/** User control events (RTMP 1.0 §7.1.7). */
export const pingRequest = 6;
const [streamBegin, pingResponse] = [0, 7];

export const pong = (stamp: Buffer): Buffer =>
  control(messageTypes.userControl, Buffer.concat([Buffer.from([0, pingResponse]), stamp]));

/** A command; after `connected` was sent, which sets the size of its chunks. */
export const command = (streamId: number, ...values: readonly Amf0Value[]): Buffer =>
  encodeMessage(
    commandChunks,
    { type: messageTypes.commandAmf0, streamId, timestamp: 0, payload: encodeAmf0(...values) },
    chunkSize,
  );

export const amf0 = (properties: Readonly<Record<string, Amf0Value>>): Amf0Object =>
  new Map(Object.entries(properties));

/** Enhanced RTMP v2, "Enhancing NetConnection connect Command": a FOURCC that can be forwarded. */
const canForward = 4;
const videoFourCcs = ["avc1", "hvc1", "av01"];
const audioFourCcs = ["mp4a", "Opus"];
const capabilities = (fourCcs: readonly string[]): Amf0Object =>
  amf0(Object.fromEntries(fourCcs.map((fourCc) => [fourCc, canForward])));
const enhancements = {
  fourCcList: [...videoFourCcs, ...audioFourCcs],
  videoFourCcInfoMap: capabilities(videoFourCcs),
  audioFourCcInfoMap: capabilities(audioFourCcs),
  capsEx: 0,
};

/** The answer to `connect` (RTMP 1.0 §7.2.1.1), with the window and chunk size of this side. */
export const connectReply = (transaction: number, isEnhanced: boolean): Buffer =>
  Buffer.concat([
    control(messageTypes.windowAcknowledgementSize, numbers(windowBytes)),
    control(messageTypes.setPeerBandwidth, Buffer.concat([numbers(windowBytes), Buffer.from([dynamicLimit])])),
    control(messageTypes.setChunkSize, numbers(chunkSize)),
    command(
      0,
      "_result",
      transaction,
      amf0({ fmsVer: "FMS/3,0,1,123", capabilities: 31, ...(isEnhanced && enhancements) }),
      amf0({
        level: "status",
        code: "NetConnection.Connect.Success",
        description: "Connection succeeded.",
        objectEncoding: 0,
      }),
    ),
  ]);

/** RTMP 1.0 §7.2.2. */
export const status = (streamId: number, level: "status" | "error", code: string, description: string): Buffer =>
  command(streamId, "onStatus", 0, null, amf0({ level, code, description }));

export const publishStarted = (streamId: number): Buffer =>
  Buffer.concat([
    control(messageTypes.userControl, Buffer.concat([Buffer.from([0, streamBegin]), numbers(streamId)])),
    status(streamId, "status", "NetStream.Publish.Start", "The stream is published."),
  ]);
