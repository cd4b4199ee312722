/**
 * The resources that one client may hold of a port, and for how long: the public port and the RPC port alike. Section
 * `limits` of the configuration has the same names.
 */
export interface HttpLimits {
  /** From the first moment of a connection, or of a further request on it, to the end of the headers; also a TLS handshake. */
  readonly headersMs: number;
  /** From the moment a body of JSON or text is read to its last byte; a gRPC message alike. */
  readonly bodyMs: number;
  readonly bodyBytesMax: number;
  /** The bytes of all bodies of JSON or text that have not arrived completely. */
  readonly pendingBodyBytesMax: number;
  /** The least average speed of an upload, over `uploadMs`, and of the reader of an answer, over `answerMs`. */
  readonly bytesPerSecondMin: number;
  readonly uploadMs: number;
  readonly answerMs: number;
  /** A connection without a request. */
  readonly idleMs: number;
  /** A client that is still sending, or does not close, gets so long to read the end of its answer. */
  readonly lingerMs: number;
  /** Open connections of one port. */
  readonly socketsMax: number;
  /** The most sockets of one client: an IPv4 address, or the /64 of an IPv6 address. */
  readonly socketsPerAddressMax: number;
  /** True if that holds for loopback addresses too, from where a reverse proxy carries all clients. */
  readonly limitsLoopback: boolean;
  /** Concurrent requests of one HTTP/2 connection; processes of the cluster have more. */
  readonly streamsMax: number;
  /** Requests that an HTTP/2 client may reset in a burst. */
  readonly resetsMax: number;
  /** PING and SETTINGS frames of one HTTP/2 connection in a second. */
  readonly controlFramesMax: number;
  /** How often connections are compared with their limits. */
  readonly checkMs: number;
}

export const usualLimits: HttpLimits = {
  headersMs: 10_000,
  bodyMs: 30_000,
  bodyBytesMax: 2 ** 20,
  pendingBodyBytesMax: 32 * 2 ** 20,
  bytesPerSecondMin: 1_024,
  uploadMs: 30_000,
  answerMs: 60_000,
  idleMs: 65_000,
  lingerMs: 5_000,
  socketsMax: 10_000,
  socketsPerAddressMax: 1_000,
  limitsLoopback: false,
  streamsMax: 100,
  resetsMax: 200,
  controlFramesMax: 50,
  checkMs: 2_000,
};

/** Resets of requests that an HTTP/2 client may repeat each second, after its burst. */
const resetsPerSecond = 33;

/** Node's options of HTTP/2 servers. A client beyond its resets is disconnected (CVE-2023-44487). */
export const http2Options = ({ resetsMax }: HttpLimits) => ({
  streamResetBurst: resetsMax,
  streamResetRate: resetsPerSecond,
});
