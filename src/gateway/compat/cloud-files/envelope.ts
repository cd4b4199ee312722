import type { KinoraError, kinds } from "#kernel";
import { AddressDenied, NoRoute, WrongMethod } from "#kernel/http/errors";
import type { Refusal } from "#kernel/http/port";
import { BadCredentials, NameTaken, RegistrationClosed, TooManyAttempts } from "#services/auth/contract";
import {
  ChunkMismatch,
  ChunkTooLarge,
  HashMismatch,
  MissingChunks,
  QuotaExceeded,
  UploadCompleted,
  UploadEnded,
  UploadNotFound,
  UploadTooLarge,
  WrongChunkSize,
} from "#services/upload/contract";
import { RateLimited } from "../../identity/rate-limits.ts";

/** The codes of this API. */
export const codes = {
  success: 0,
  refused: -1,
  noSuchParts: -2,
  otherContent: -3,
  badParameter: 10_001,
  serverError: 10_002,
  signupFailed: 10_003,
  signinFailed: 10_004,
  badToken: 10_005,
} as const;

interface Envelope {
  readonly code: number;
  readonly msg: string;
  readonly data: unknown;
}

export const successOf = (data: unknown = null): Envelope => ({ code: codes.success, msg: "success", data });

const byFailure = new Map<string, number>([
  ...[BadCredentials, TooManyAttempts].map(({ code }) => [code, codes.signinFailed] as const),
  ...[NameTaken, RegistrationClosed].map(({ code }) => [code, codes.signupFailed] as const),
  ...[MissingChunks, UploadNotFound, UploadEnded, UploadCompleted].map(
    ({ code }) => [code, codes.noSuchParts] as const,
  ),
  ...[ChunkMismatch, HashMismatch, WrongChunkSize, ChunkTooLarge].map(
    ({ code }) => [code, codes.otherContent] as const,
  ),
  ...[UploadTooLarge, QuotaExceeded].map(({ code }) => [code, codes.refused] as const),
]);
const byKind: Readonly<Record<keyof typeof kinds, number>> = {
  invalid: codes.badParameter,
  unauthenticated: codes.badToken,
  denied: codes.refused,
  not_found: codes.refused,
  conflict: codes.refused,
  exhausted: codes.refused,
  unavailable: codes.serverError,
  internal: codes.serverError,
};

export const codeOf = ({ code, kind }: KinoraError): number => byFailure.get(code) ?? byKind[kind];
const envelopeOf = (error: KinoraError): Envelope => ({ code: codeOf(error), msg: error.message, data: null });

/** Errors from outside the operations of this API keep their status. */
const outside = new Set([NoRoute.code, WrongMethod.code, RateLimited.code, AddressDenied.code]);

/** Errors are sent with status 200; the code says which. */
export const refusal = (error: KinoraError): Refusal => ({
  status: outside.has(error.code) ? error.http : 200,
  body: envelopeOf(error),
});
/** For requests of bytes the status says it too. */
export const refusalOfBytes = (error: KinoraError): Refusal => ({ status: error.http, body: envelopeOf(error) });
