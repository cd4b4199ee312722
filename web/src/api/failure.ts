/** A request that did not work, whatever the reason: the server's stable code, or one of our own `network.*` codes. */
export class Failure extends Error {
  override readonly name = "Failure";
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly code: string;
  readonly fields: readonly FieldProblem[];
  readonly traceId: string | null;
  /** How long the server asks to wait. */
  readonly retryAfterMs: number | undefined;
  /** Of what a moderator decided: when it ends (RFC 3339), and what they said. */
  readonly until: string | undefined;
  readonly reason: string | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    fields: readonly FieldProblem[] = [],
    traceId?: string,
    retryAfterMs?: number,
    { until, reason }: Decided = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.traceId = traceId ?? null;
    this.retryAfterMs = retryAfterMs;
    this.until = until;
    this.reason = reason;
  }
}

interface Decided {
  until?: string | undefined;
  reason?: string | undefined;
}

interface FieldProblem {
  field: string;
  message: string;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The content of an answer: its `data`, or throws the {@link Failure} in it. `text` is the body as it came. */
export function readEnvelope(status: number, text: string, retryAfterMs?: number): unknown {
  const body = parse(text);
  const fine = status >= 200 && status < 300;
  if (!isObject(body)) throw new Failure(status, status === 413 ? "upload.too_large" : "network.bad_answer", "");
  if (fine && body["code"] === 0) return body["data"];
  const fields = Array.isArray(body["errors"]) ? body["errors"].filter(isFieldProblem) : [];
  throw new Failure(
    status,
    asText(body["error"]) ?? "network.bad_answer",
    asText(body["message"]) ?? "",
    fields,
    asText(body["trace_id"]),
    retryAfterMs,
    { until: asText(body["until"]), reason: asText(body["reason"]) },
  );
}

/** Anything thrown, as a {@link Failure}. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  return new Failure(0, "network.bad_answer", thrown instanceof Error ? thrown.message : String(thrown));
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
