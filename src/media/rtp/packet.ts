/** The contents of an RTP packet (RFC 3550 §5.1), for code that puts media together. */
export interface RtpPayload {
  /** 16 bits. */
  readonly sequence: number;
  /** 32 bits, at the rate of the codec. */
  readonly timestamp: number;
  /** The marker bit: of pictures, the last packet of an access unit. */
  readonly isLast: boolean;
  readonly payload: Buffer;
}

/** A counter of this many bits without its wraps: the value nearest to `near`. */
export function unwrap(value: number, near: number | undefined, bits: 16 | 32): number {
  if (near === undefined) return value;
  const range = 2 ** bits;
  const ahead = (((value - near) % range) + range) % range;
  return near + (ahead >= range / 2 ? ahead - range : ahead);
}
