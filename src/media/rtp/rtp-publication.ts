import { opusConfig, opusRate, opusSamples } from "../codec/opus.ts";
import type { Format, Frame } from "../frames/frame.ts";
import { IngestRefusal } from "../frames/ingest-refusal.ts";
import { type AccessUnit, H264Depacketizer } from "./h264-depacketizer.ts";
import { H264Track } from "./h264-track.ts";
import type { RtpPayload } from "./packet.ts";
import { PacketOrder } from "./packet-order.ts";
import { SenderClocks } from "./sender-clocks.ts";

export interface RtpPublicationParts {
  readonly hasAudio: boolean;
  format(format: Format): void;
  frame(frame: Frame): void;
  /** Asks the sender for a key frame, without which later pictures cannot be decoded. */
  keyFrameNeeded(): void;
}

/**
 * Packets of H.264 and Opus in, formats and frames out. Packets that break their format are dropped: any sender may lose
 * or damage some.
 */
export class RtpPublication {
  readonly #parts: RtpPublicationParts;
  readonly #clocks = new SenderClocks();
  readonly #track = new H264Track();
  readonly #depacketizer = new H264Depacketizer(() => this.#requestKeyFrame());
  readonly #pictures: PacketOrder;
  readonly #sounds: PacketOrder;
  #nowMs = 0;
  #isAudioStated = false;

  constructor(parts: RtpPublicationParts) {
    this.#parts = parts;
    this.#pictures = new PacketOrder((packet, isAfterGap) => {
      for (const unit of this.#depacketizer.push(packet, isAfterGap)) this.#picture(unit);
    });
    this.#sounds = new PacketOrder((packet) => this.#sound(packet));
  }

  /** `nowMs`: of a clock that never goes back. */
  receive(kind: "video" | "audio", packet: RtpPayload, nowMs: number): void {
    if (packet.payload.length === 0) return;
    this.#nowMs = nowMs;
    if (kind === "video") this.#pictures.push(packet, nowMs);
    else this.#sounds.push(packet, nowMs);
  }

  /** A sender report about one of the two. */
  report(kind: "video" | "audio", ntp: bigint, timestamp: number): void {
    this.#clocks.report(kind, ntp, timestamp);
  }

  #requestKeyFrame(): void {
    this.#track.lose();
    this.#parts.keyFrameNeeded();
  }

  #picture(unit: AccessUnit): void {
    const ticks = this.#clocks.ticks("video", unit.timestamp, this.#nowMs);
    const picture = readable(() => this.#track.read(unit));
    if (picture === undefined) return;
    // A stream with sound waits for it: it is stated before the first picture.
    if (this.#parts.hasAudio) this.#stateAudio();
    if (picture.format) this.#parts.format(picture.format);
    // Pictures are sent in the order in which they are decoded, and browsers send none that refer to later ones.
    this.#parts.frame({ kind: "video", dts: ticks, pts: ticks, isKey: picture.isKey, bytes: picture.bytes });
  }

  #sound({ timestamp, payload }: RtpPayload): void {
    const pts = this.#clocks.ticks("audio", timestamp, this.#nowMs);
    const samples = readable(() => opusSamples(payload));
    if (samples === undefined) return;
    this.#stateAudio();
    this.#parts.frame({ kind: "audio", pts, samples, bytes: payload });
  }

  #stateAudio(): void {
    if (this.#isAudioStated) return;
    this.#isAudioStated = true;
    const config = opusConfig(Buffer.alloc(0));
    this.#parts.format({ kind: "audio", codec: "opus", config, sampleRate: opusRate, channels: 2 });
  }
}

/** Undefined for what breaks its format. */
function readable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof IngestRefusal) return undefined;
    throw error;
  }
}
