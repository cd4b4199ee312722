import { z } from "zod";

/** Every kind of failure: its HTTP status, its gRPC code, and whether the same call may succeed later. */
export const kinds = {
  invalid: { http: 400, grpc: 3, retryable: false },
  unauthenticated: { http: 401, grpc: 16, retryable: false },
  denied: { http: 403, grpc: 7, retryable: false },
  not_found: { http: 404, grpc: 5, retryable: false },
  conflict: { http: 409, grpc: 10, retryable: false },
  exhausted: { http: 429, grpc: 8, retryable: true },
  unavailable: { http: 503, grpc: 14, retryable: true },
  internal: { http: 500, grpc: 13, retryable: false },
} as const;
export type Kind = keyof typeof kinds;

/** Finer HTTP statuses a failure of a kind may name; everything else keeps the kind's own. */
const finer: Partial<Record<Kind, readonly number[]>> = {
  conflict: [402],
  // 460 is tus 1.0's own, for bytes that are not those of their checksum.
  invalid: [405, 408, 410, 412, 413, 415, 416, 460, 501],
  unavailable: [507],
};

interface ErrorParts {
  readonly kind: Kind;
  readonly code: string;
  readonly message: string;
  readonly details?: object | undefined;
  readonly http?: number | undefined;
  readonly cause?: unknown;
}

/** The one error that crosses a service's border. `code` is stable and for programs, `message` one sentence for people. */
export class KinoraError extends Error {
  readonly kind: Kind;
  readonly code: string;
  readonly details: object;
  readonly http: number;
  readonly grpc: number;
  readonly retryable: boolean;

  constructor({ kind, code, message, details = {}, http = kinds[kind].http, cause }: ErrorParts) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "KinoraError";
    this.kind = kind;
    this.code = code;
    this.details = details;
    this.http = http;
    this.grpc = kinds[kind].grpc;
    this.retryable = kinds[kind].retryable;
  }
}

/** A failure a contract declares: call it with its details to get the error to throw. */
export interface Failure<D extends z.ZodObject = z.ZodObject> {
  (details: z.input<D>, cause?: unknown): KinoraError;
  readonly kind: Kind;
  readonly code: string;
  readonly text: string;
  readonly details: D;
  readonly http: number;
}

type NoDetails = z.ZodObject<Readonly<Record<string, never>>>;

/**
 * Declares a failure: `code` is `<service>.<what_is_wrong>`, `text` one lower-case sentence, `http` a finer status of the
 * kind. Clients receive the field `shown` of the details, which is in their spelling.
 */
export function failure<D extends z.ZodObject = NoDetails>(
  kind: Kind,
  code: string,
  text: string,
  // Without a schema `D` is its default, an object without fields.
  details: D = z.object({}) as unknown as D,
  http: number = kinds[kind].http,
): Failure<D> {
  if (http !== kinds[kind].http && !finer[kind]?.includes(http))
    throw new TypeError(`${code}: ${http} is not a status of ${kind}`);
  const make = (values: z.input<D>, cause?: unknown) =>
    new KinoraError({ kind, code, message: text, details: details.parse(values), http, cause });
  return Object.assign(make, { kind, code, text, details, http });
}

/** One field of an input that does not parse. `field` is a dotted path in the contract's spelling. */
export const FieldError = z.object({ field: z.string(), message: z.string() });

export const InvalidInput = failure(
  "invalid",
  "kernel.invalid_input",
  "the request is not as the method asks",
  z.object({ fields: z.array(FieldError) }),
);
export const BadCursor = failure("invalid", "kernel.bad_cursor", "this cursor is not one of ours");
export const DeadlineExceeded = failure("unavailable", "kernel.deadline_exceeded", "the call took too long");
export const ServiceUnavailable = failure(
  "unavailable",
  "kernel.service_unavailable",
  "a part of the platform cannot be reached right now",
  z.object({ service: z.string() }),
);
export const SignInFirst = failure("unauthenticated", "gateway.sign_in_first", "sign in first");
/** `methods`: the ways in which the account can prove itself. */
export const SignInAgain = failure(
  "unauthenticated",
  "auth.sign_in_again",
  "confirm that it is you, the last sign-in is too long ago",
  z.object({ shown: z.object({ methods: z.array(z.string()) }) }),
);
/** `needed`: the scopes of which the token needs one; none where no token may. */
export const ScopeMissing = failure(
  "denied",
  "auth.scope_missing",
  "this token may not do this",
  z.object({ shown: z.object({ needed: z.array(z.string()) }) }),
);
export const ModeratorsOnly = failure("denied", "gateway.moderators_only", "this is for moderators and administrators");
export const AdminsOnly = failure("denied", "gateway.admins_only", "this is for administrators");
export const ServicesOnly = failure("denied", "kernel.services_only", "this is for our own services");
export const KeyReused = failure(
  "conflict",
  "kernel.idempotency_key_reused",
  "this idempotency key was used for another request",
);
export const ClaimLost = failure("unavailable", "kernel.claim_lost", "another process has taken over this request");
export const StorageFull = failure(
  "unavailable",
  "kernel.storage_full",
  "there is no space left to store this",
  undefined,
  507,
);
export const StorageUnavailable = failure(
  "unavailable",
  "kernel.storage_unavailable",
  "the storage cannot be reached right now",
);
export const ObjectDamaged = failure(
  "unavailable",
  "kernel.object_damaged",
  "this file was damaged in the storage and is not given out until it is whole again",
);

/** An unforeseen error in its public form, without details. The log has the rest under the trace id. */
export function asKinoraError(error: unknown): KinoraError {
  if (error instanceof KinoraError) return error;
  return new KinoraError({
    kind: "internal",
    code: "kernel.internal",
    message: "something went wrong on our side",
    cause: error,
  });
}
