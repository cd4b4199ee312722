/** A part that playlists name; its bytes stay while they are likely to be asked for. */
export interface ListedPart {
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly isIndependent: boolean;
  readonly sizeBytes: number;
  readonly frames: number;
}

export interface ListedSegment {
  readonly msn: number;
  readonly generation: number;
  readonly isDiscontinuous: boolean;
  /** 90 kHz ticks of output time, where the segment begins for all tracks. */
  readonly openedTicks: number;
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly sizeBytes: number;
  readonly frames: number;
  readonly isIndependent: boolean;
  readonly isClosed: boolean;
  /** Empty for segments so old that only their whole is offered. */
  readonly parts: readonly ListedPart[];
}
