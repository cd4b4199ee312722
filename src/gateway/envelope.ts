import { failure } from "#kernel";
import { asKinoraError, type KinoraError } from "#kernel/errors";

/** The shape of every answer of `/api/v1`, around data that is JSON already: code 0, or the HTTP status and what is wrong. */
export const succeeded = (data: string): string => `{"code":0,"message":"success","data":${data}}`;

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}
export interface Failed {
  readonly code: number;
  readonly message: string;
  readonly data: null;
  readonly error: string;
  readonly errors?: readonly FieldProblem[];
  readonly trace_id: string;
}

export const failed = (traceId: string, error: KinoraError, errors?: readonly FieldProblem[]): Failed => ({
  code: error.http,
  message: error.message,
  data: null,
  error: error.code,
  ...(errors && { errors }),
  trace_id: traceId,
});

/** Seconds a client should wait, where the failure knows. */
export function retryAfterSeconds(error: KinoraError): number | undefined {
  const { retryAfterMs } = error.details as { retryAfterMs?: unknown };
  if (typeof retryAfterMs === "number") return Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return error.http === 503 || error.http === 507 ? 5 : undefined;
}

/** Fastify's own failures (a body too large, bad JSON …) and ours, as one kind of error. */
export function fromEdge(error: unknown): KinoraError {
  if (error instanceof Error && "statusCode" in error && typeof error.statusCode === "number")
    return byStatus(error.statusCode, error);
  return asKinoraError(error);
}

function byStatus(status: number, error: Error): KinoraError {
  if (status === 413) return TooLarge({}, error);
  if (status === 415) return WrongType({}, error);
  if (status >= 400 && status < 500) return BadRequest({}, error);
  return asKinoraError(error);
}

export const TooLarge = failure("invalid", "gateway.too_large", "the request is too large", undefined, 413);
export const WrongType = failure(
  "invalid",
  "gateway.wrong_type",
  "this content type is not taken here",
  undefined,
  415,
);
export const BadRequest = failure("invalid", "gateway.bad_request", "the request cannot be read");
export const NoRoute = failure("not_found", "gateway.no_route", "there is nothing at this path");
export const WrongMethod = failure(
  "invalid",
  "gateway.wrong_method",
  "this path does not take this method",
  undefined,
  405,
);
export const WrongOrigin = failure("denied", "gateway.wrong_origin", "this request comes from another site");
