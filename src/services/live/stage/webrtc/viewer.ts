import { randomInt } from "node:crypto";
import { type Format, type Frame, ticksPerSecond } from "#media/frames/frame";
import { h264Payloads, parameterSets } from "#media/rtp/h264-packetizer";
import type { FeedEvent } from "../streams/frame-feed.ts";
import type { Kind, Peer } from "./peer.ts";

const opusTicks = 48_000 / ticksPerSecond;

/** Sends the frames of a stream to one viewer as packets, from the first key frame on. */
export class WebrtcViewer {
  readonly #peer: Peer;
  readonly #sequences: Record<Kind, number> = { video: randomInt(2 ** 15), audio: randomInt(2 ** 15) };
  #sets: readonly Buffer[] = [];
  #hasKey = false;
  #isOpus = false;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** Takes the formats that the stream has already. */
  begin(formats: Iterable<Format>): void {
    for (const format of formats) this.#format(format);
  }

  /** Takes the next event of the stream. */
  take(event: FeedEvent): void {
    if (event.kind === "end") this.#peer.close();
    else if (event.kind === "restart") this.#hasKey = false;
    else if ("config" in event) this.#format(event);
    else this.#frame(event);
  }

  #format(format: Format): void {
    if (format.kind === "audio") {
      this.#isOpus = format.codec === "opus";
      return;
    }
    // A publisher that comes back with another codec cannot be followed.
    if (format.codec !== "h264") this.#peer.close();
    else this.#sets = parameterSets(format.config);
    this.#hasKey = false;
  }

  #frame(frame: Frame): void {
    if (frame.kind === "audio") {
      if (this.#isOpus) this.#send("audio", Math.round(frame.pts * opusTicks), [frame.bytes]);
      return;
    }
    this.#hasKey ||= frame.isKey;
    if (!this.#hasKey) return;
    if (frame.pts !== frame.dts) this.#peer.close();
    else this.#send("video", frame.pts, h264Payloads(frame.bytes, frame.isKey ? this.#sets : []));
  }

  #send(kind: Kind, timestamp: number, payloads: readonly Buffer[]): void {
    for (const [n, payload] of payloads.entries()) {
      const sequence = this.#sequences[kind];
      this.#sequences[kind] = (sequence + 1) % 2 ** 16;
      this.#peer.send(kind, { sequence, timestamp: timestamp % 2 ** 32, isLast: n === payloads.length - 1, payload });
    }
  }
}
