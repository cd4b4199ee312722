/** Types of tags, and of the messages of RTMP with the same bodies. */
export const tagTypes = { audio: 8, video: 9, script: 18 } as const;

export interface FlvTag {
  readonly type: number;
  /** Milliseconds, 32 bits: it begins again at 0 after 49 days. */
  readonly timestampMs: number;
  readonly body: Buffer;
}
