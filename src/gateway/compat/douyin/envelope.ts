import type { KinoraError, kinds } from "#kernel";
import { AddressDenied, NoRoute, TooLarge, WrongMethod } from "#kernel/http/errors";
import type { Refusal } from "#kernel/http/port";
import { BadCredentials, BadRegistration, NameTaken } from "#services/auth/contract";
import { EmptyMedia, UnsupportedMedia } from "#services/media/contract";
import { ToYourself } from "#services/message/contract";
import { Yourself } from "#services/relation/contract";
import { QuotaExceeded, UploadTooLarge } from "#services/upload/contract";
import { NotAVideo } from "#services/video/contract";

/** The values of `status_code`. */
export const codes = {
  success: 0,
  badParameter: 10_001,
  nameTaken: 10_002,
  badCredentials: 10_003,
  badToken: 10_004,
  notFound: 10_005,
  notPermitted: 10_006,
  fileRejected: 10_007,
  tooMany: 10_008,
  internal: 50_000,
} as const;

export const successOf = (payload: object = {}): object => ({
  status_code: codes.success,
  status_msg: "success",
  ...payload,
});

const byFailure = new Map<string, number>([
  [BadRegistration.code, codes.badParameter],
  [NameTaken.code, codes.nameTaken],
  [BadCredentials.code, codes.badCredentials],
  [Yourself.code, codes.notPermitted],
  [ToYourself.code, codes.notPermitted],
  ...[UnsupportedMedia, EmptyMedia, UploadTooLarge, QuotaExceeded, NotAVideo, TooLarge].map(
    ({ code }) => [code, codes.fileRejected] as const,
  ),
]);
const byKind: Readonly<Record<keyof typeof kinds, number>> = {
  invalid: codes.badParameter,
  unauthenticated: codes.badToken,
  denied: codes.notPermitted,
  not_found: codes.notFound,
  conflict: codes.notPermitted,
  exhausted: codes.tooMany,
  unavailable: codes.internal,
  internal: codes.internal,
};

/** Errors outside of these endpoints, which keep their status. */
const outside = new Set([NoRoute.code, WrongMethod.code, TooLarge.code, AddressDenied.code]);
const isOutside = ({ code, kind }: KinoraError): boolean =>
  outside.has(code) || kind === "exhausted" || kind === "unavailable" || kind === "internal";

/** The failure, under 200 unless it is a fault of the infrastructure; `always` is there also then. */
export const refusal =
  (always: object = {}) =>
  (error: KinoraError): Refusal => ({
    status: isOutside(error) ? error.http : 200,
    body: {
      status_code: byFailure.get(error.code) ?? byKind[error.kind],
      status_msg: error.kind === "internal" ? "something went wrong on our side" : error.message,
      ...always,
    },
  });
