/** A request that failed, whatever the reason: with the server's stable code, or one of our own `network.*` codes. */
export class KinoraError extends Error {
  override readonly name = "KinoraError";
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly code: string;
  /** The fields of a refused input (`kernel.invalid_input`), each with its problem. */
  readonly fields: readonly FieldProblem[];
  /** Finds the request in the log of the server. */
  readonly traceId: string | null;
  /** How long the server asks to wait. */
  readonly retryAfterMs: number | undefined;
  /** The end of a moderator's decision (RFC 3339), and its reason. */
  readonly until: string | undefined;
  readonly reason: string | undefined;
  /** The facts of the failure for programs, such as the ways to prove oneself; empty for most. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    message: string,
    { fields = [], traceId, retryAfterMs, until, reason, details = {}, cause }: Details = {},
  ) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.traceId = traceId ?? null;
    this.retryAfterMs = retryAfterMs;
    this.until = until;
    this.reason = reason;
    this.details = details;
  }
}

interface Details {
  fields?: readonly FieldProblem[];
  traceId?: string | undefined;
  retryAfterMs?: number | undefined;
  until?: string | undefined;
  reason?: string | undefined;
  details?: Readonly<Record<string, unknown>> | undefined;
  cause?: unknown;
}

export interface FieldProblem {
  field: string;
  message: string;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The content of an answer: its `data`, or throws the {@link KinoraError} in it. `text` is the body as it came. */
export function readEnvelope(status: number, text: string, retryAfterMs?: number): unknown {
  const body = parse(text);
  const fine = status >= 200 && status < 300;
  // A proxy in front of the server may have a limit of its own.
  if (!isObject(body)) throw new KinoraError(status, status === 413 ? "upload.too_large" : "network.bad_answer", "");
  if (fine && body["code"] === 0) return body["data"];
  const fields = Array.isArray(body["errors"]) ? body["errors"].filter(isFieldProblem) : [];
  throw new KinoraError(status, asText(body["error"]) ?? "network.bad_answer", asText(body["message"]) ?? "", {
    fields,
    traceId: asText(body["trace_id"]),
    retryAfterMs,
    until: asText(body["until"]),
    reason: asText(body["reason"]),
    details: isObject(body["details"]) ? body["details"] : undefined,
  });
}

const asText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const isFieldProblem = (value: unknown): value is FieldProblem =>
  isObject(value) && typeof value["field"] === "string" && typeof value["message"] === "string";

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
