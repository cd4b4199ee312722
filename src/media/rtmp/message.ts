import { tagTypes } from "../flv/tag.ts";

/** A message (RTMP 1.0 §6.1). */
export interface Message {
  readonly type: number;
  readonly streamId: number;
  /** Milliseconds, 32 bits. */
  readonly timestamp: number;
  readonly payload: Buffer;
}

/** RTMP 1.0 §5.4 and §7.1. */
export const messageTypes = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowAcknowledgementSize: 5,
  setPeerBandwidth: 6,
  audio: tagTypes.audio,
  video: tagTypes.video,
  dataAmf3: 15,
  commandAmf3: 17,
  dataAmf0: tagTypes.script,
  commandAmf0: 20,
  aggregate: 22,
} as const;
