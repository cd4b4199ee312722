import { Failure } from "./request/failure.ts";

/** The address that leads to a provider, and back to a page of this site. */
export const providerStart = (id: string, next: string): string =>
  `/api/v1/auth/oidc/${encodeURIComponent(id)}/start?next=${encodeURIComponent(next)}`;

/** A return from a provider that did not end as it should. */
export interface Arrival {
  readonly failure: Failure;
  /** The name of the provider; empty where the server does not know it any longer. */
  readonly provider: string;
  /** The page that was to follow. */
  readonly next: string | undefined;
}

/** Reads the fragment of the address that the server sends a browser back to; null for any other. Pure. */
export function arrivalOf(fragment: string): Arrival | null {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const code = fields.get("error");
  if (code === null || !/^[\w.]{1,60}$/.test(code)) return null;
  const ticket = fields.get("ticket");
  const methods = fields.get("methods")?.split(",") ?? [];
  const details = ticket === null ? {} : { ticket, methods };
  return {
    failure: new Failure(0, code, "", { details }),
    provider: fields.get("provider") ?? "",
    next: fields.get("next") ?? undefined,
  };
}

/** Reads how the browser came back, and takes it out of the address, which may be shared and is stored. */
export function takeArrival(): Arrival | null {
  const arrival = arrivalOf(window.location.hash);
  const { pathname, search } = window.location;
  if (arrival !== null) window.history.replaceState(window.history.state, "", pathname + search);
  return arrival;
}
