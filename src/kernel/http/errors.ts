import { failure, type KinoraError } from "../errors.ts";

// Their codes are public and older than this port, hence the name of the gateway in them.
export const TooLarge = failure("invalid", "gateway.too_large", "the request is too large", undefined, 413);
export const WrongType = failure(
  "invalid",
  "gateway.wrong_type",
  "this content type is not taken here",
  undefined,
  415,
);
export const TooSlow = failure("invalid", "gateway.too_slow", "the request took too long to arrive", undefined, 408);
export const Overloaded = failure(
  "unavailable",
  "gateway.overloaded",
  "too many requests are being received, ask again in a moment",
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
export const AddressDenied = failure("denied", "gateway.address_denied", "your network may not use this server");
export const NotASocket = failure("invalid", "gateway.not_a_socket", "this address is for WebSockets alone");
export const Closing = failure("unavailable", "gateway.closing", "this process is stopping, ask again");

/** Seconds a client should wait, where the failure knows. */
export function retryAfterSeconds(error: KinoraError): number | undefined {
  const { retryAfterMs } = error.details as { retryAfterMs?: unknown };
  if (typeof retryAfterMs === "number") return Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return error.http === 503 || error.http === 507 ? 5 : undefined;
}
