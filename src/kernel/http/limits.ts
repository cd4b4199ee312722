import type { Rate } from "../contract.ts";

/*
 * Every limit of requests and of sizes that holds for all clients: per connection, request, upload and account. Names end in the unit. Section `limits` of the configuration (`config/limits.ts`) has those that operators change,
 * with these defaults; limits of the file alone are constants. Limits of a compatible API are beside it.
 */
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
  /** A client that is still sending, or does not close, gets this long to read the end of its answer. */
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

/** Bodies of JSON or a form without a file, where they are smaller than `bodyBytesMax`. */
export const bodyBytes = {
  /** Without a sign-in: a name, a password or a report. */
  strangerMax: 64 * 2 ** 10,
  signInMax: 16 * 2 ** 10,
};

/** A message that a client sends on a WebSocket. */
export const socketMessageBytesMax = 64 * 2 ** 10;

/** A form with one file: all but the file's bytes. Sizes are in bytes. */
export const formLimits = {
  fields: 100,
  fieldSize: 64 * 2 ** 10,
  fieldNameSize: 100,
  files: 1,
  parts: 101,
  headerPairs: 50,
};

export const usualUploadLimits = {
  /** The largest file. */
  fileBytesMax: 20 * 2 ** 30,
  /** The storage of an account. */
  quotaBytes: 20 * 2 ** 30,
  /** The largest part of a file that is sent in parts. */
  chunkBytesMax: 16 * 2 ** 20,
  /** Open uploads of one user, through all upload endpoints together. */
  openMax: 50,
};
/** The most that `chunkBytesMax` can be set to, and that any upload endpoint takes. */
export const chunkBytesCeiling = 64 * 2 ** 20;

/** Requests per minute of each class, per caller and route group. */
export type RateSizes = Readonly<Record<Rate, number>>;

/** Two numbers for each class: an address without a sign-in, and an account. */
export interface CallerRates {
  readonly address: RateSizes;
  readonly account: RateSizes;
}

/** A method names its class in its contract (`rate`). `KINORA_RATE_LIMIT=off` switches all limits off. */
export const usualRates: RateSizes = {
  read: 300,
  write: 100,
  costly: 20,
  login: 20,
  upload: 300,
  part: 12_000,
  media: 12_000,
};

/** The same numbers for addresses and accounts, except where one of them is given. */
export const callerRates = (address: Partial<RateSizes> = {}, account: Partial<RateSizes> = address): CallerRates => ({
  address: { ...usualRates, ...address },
  account: { ...usualRates, ...account },
});

/** Resets of requests that an HTTP/2 client may repeat each second, after its burst. */
const resetsPerSecond = 33;

/** Node's options of HTTP/2 servers. A client beyond its resets is disconnected (CVE-2023-44487). */
export const http2Options = ({ resetsMax }: HttpLimits) => ({
  streamResetBurst: resetsMax,
  streamResetRate: resetsPerSecond,
});
