import type { KinoraError } from "#kernel";

/** The envelope of every answer of `/api/v1`, around data that is JSON already. */
export const successText = (data: string): string => `{"code":0,"message":"success","data":${data}}`;

interface FieldProblem {
  readonly field: string;
  readonly message: string;
  /** A value that would be accepted. */
  readonly suggestion?: string;
}
interface Failed {
  readonly code: number;
  readonly message: string;
  readonly data: null;
  readonly error: string;
  readonly errors?: readonly FieldProblem[];
  /** The end of a moderator's decision, and its reason. */
  readonly until?: string;
  readonly reason?: string;
  /** The largest value that would be accepted. */
  readonly max?: number;
  /** The facts of the failure for programs, as its contract declares them. */
  readonly details?: object;
  readonly trace_id: string;
}

/** The details of a failure that clients receive: `shown` whole, in their spelling, and a few by their names. */
interface PublicDetails {
  readonly fields?: FieldProblem[];
  readonly untilMs?: number;
  readonly reason?: string;
  readonly max?: number;
  readonly shown?: object;
}

/** The envelope of an error, with the invalid fields of the input where the failure names them. */
export function failureOf(error: KinoraError, traceId: string): Failed {
  const { fields, untilMs, reason, max, shown } = error.details as PublicDetails; // As their contracts declare them, under these names alone.
  return {
    code: error.http,
    message: error.message,
    data: null,
    error: error.code,
    ...(Array.isArray(fields) && { errors: fields }),
    ...(untilMs !== undefined && { until: new Date(untilMs).toISOString() }),
    ...(reason && { reason }),
    ...(max !== undefined && { max }),
    ...(shown !== undefined && { details: shown }),
    trace_id: traceId,
  };
}
