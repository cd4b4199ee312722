/*
 * The headers and trailers of gRPC over HTTP/2 (github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md and
 * statuscodes.md).
 */

/** Status codes by name, as far as this code speaks of them. */
export const status = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** A call that ended with a status other than OK, or that never got one. */
export class GrpcError extends Error {
  /** A status code of gRPC. */
  readonly code: number;
  /** The process that was called was not reached, so that it has done nothing. */
  readonly isUnsent: boolean;

  constructor(
    code: number,
    message: string,
    { isUnsent = false, cause }: { isUnsent?: boolean; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "GrpcError";
    this.code = code;
    this.isUnsent = isUnsent;
  }
}

export const contentType = "application/grpc+proto";
/** True if a request is gRPC with messages of protobuf. */
export const isGrpc = (type: string | undefined): boolean => type === contentType || type === "application/grpc";

const textBytesMax = 1_024;

/** A sentence as `grpc-message` carries it: percent-encoded save for printable ASCII, and at most a kilobyte. */
export function messageText(message: string): string {
  const bytes = Buffer.from(message).subarray(0, textBytesMax);
  let text = "";
  for (const byte of bytes)
    text +=
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  return text;
}

/** The sentence of a `grpc-message`; what is not as it should be stays as it is. */
export function textOfMessage(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const unitsMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** Milliseconds of a `grpc-timeout`; undefined where none is given. @throws GrpcError */
export function timeoutMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const unit = unitsMs[text.slice(-1)];
  const digits = text.slice(0, -1);
  if (unit === undefined || !/^\d{1,8}$/.test(digits))
    throw new GrpcError(status.invalidArgument, "grpc-timeout is up to eight digits and a unit");
  return Number(digits) * unit;
}

/** @param ms whole milliseconds, fewer than 10^8 */
export const timeoutText = (ms: number): string => `${ms}m`;

/** The status of an answer without one, by its HTTP status (grpc doc/http-grpc-status-mapping.md). */
export function statusOfHttp(http: number): number {
  if (http === 401) return status.unauthenticated;
  if (http === 403) return status.permissionDenied;
  if (http === 404) return status.unimplemented;
  if (http === 400) return status.internal;
  return [429, 502, 503, 504].includes(http) ? status.unavailable : status.unknown;
}
