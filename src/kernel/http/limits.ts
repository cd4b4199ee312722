/** What one client may hold of the public port, and for how long. */
export interface HttpLimits {
  /** From the first moment of a connection, or of a further request on it, to the end of the headers. */
  readonly headersMs: number;
  /** From the moment a JSON body is read to its last byte. Uploads have no such limit. */
  readonly bodyMs: number;
  /** A connection without a request. */
  readonly idleMs: number;
  /** A client that is still sending, or does not close, gets so long to read the end of its answer. */
  readonly lingerMs: number;
  /** The bytes of all JSON bodies that have not arrived completely. */
  readonly pendingBodyBytesMax: number;
}

export const usualLimits: HttpLimits = {
  headersMs: 10_000,
  bodyMs: 30_000,
  idleMs: 65_000,
  lingerMs: 5_000,
  pendingBodyBytesMax: 32 * 2 ** 20,
};

/** How often connections are compared with their limits. */
export const checkMs = 2_000;
/** The largest JSON body, and the usual limit of one. */
export const bodyBytesMax = 2 ** 20;
