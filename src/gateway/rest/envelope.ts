import type { KinoraError } from "#kernel";

/** The shape of every answer of `/api/v1`, around data that is JSON already: code 0, or the HTTP status and what is wrong. */
export const succeeded = (data: string): string => `{"code":0,"message":"success","data":${data}}`;

interface FieldProblem {
  readonly field: string;
  readonly message: string;
}
interface Failed {
  readonly code: number;
  readonly message: string;
  readonly data: null;
  readonly error: string;
  readonly errors?: readonly FieldProblem[];
  /** Of what a moderator decided about somebody: when it ends, and what they said. */
  readonly until?: string;
  readonly reason?: string;
  readonly trace_id: string;
}

/** What a failure may know beside its code that whoever asked is told. */
interface Told {
  readonly fields?: FieldProblem[];
  readonly untilMs?: number;
  readonly reason?: string;
}

/** What went wrong, with the fields of the input that are at fault where the failure names them. */
export function failed(error: KinoraError, traceId: string): Failed {
  const { fields, untilMs, reason } = error.details as Told; // As their contracts declare them, under these names alone.
  return {
    code: error.http,
    message: error.message,
    data: null,
    error: error.code,
    ...(Array.isArray(fields) && { errors: fields }),
    ...(untilMs !== undefined && { until: new Date(untilMs).toISOString() }),
    ...(reason && { reason }),
    trace_id: traceId,
  };
}
