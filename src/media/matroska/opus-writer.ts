import { opusHead, opusRate } from "../codec/opus.ts";
import { element, float, ids, streamHead, streamPacket, ticksPerSecond, uint } from "./elements.ts";

/** The start of a stream of Opus, up to its first packet. `config`: what the box `dOps` contains. */
export function opusStreamHead(config: Buffer, channels: number): Buffer {
  const head = opusHead(config);
  // Times are those of the first sample that is decoded: nothing is skipped.
  head.writeUInt16LE(0, 10);
  const facts = [element(ids.samplingFrequency, float(opusRate)), element(ids.channels, uint(channels))];
  return streamHead({ type: 2, codecId: "A_OPUS", codecPrivate: head, facts: element(ids.audio, ...facts) });
}

/** A packet that each reader has without what follows. `startSamples`: at 48 kHz. */
export const opusStreamPacket = (packet: Buffer, startSamples: number): Buffer =>
  streamPacket(packet, (startSamples * ticksPerSecond) / opusRate, true);
