import { isIP } from "node:net";
import { NoPasskeysHere } from "../failures.ts";
import type { Settings } from "../settings.ts";

/** This instance as authenticators know it (WebAuthn §5.4.2). */
export interface RelyingParty {
  /** The host of the public address, to which passkeys are bound. */
  readonly id: string;
  readonly name: string;
  /** True for the origin of a page that may use passkeys. */
  readonly isOrigin: (origin: string) => boolean;
}

type Address = Pick<Settings, "address" | "hasPublicAddress" | "siteName">;

/**
 * From the configured address, never from a request. Without a configured one the host is this machine, and
 * browsers share its passkeys among all ports: a port that the system chose, or that of another process, is accepted.
 * @throws NoPasskeysHere where the host is a number, which browsers refuse
 */
export function relyingPartyOf({ address, hasPublicAddress, siteName }: Address): RelyingParty {
  const { hostname, origin } = new URL(address);
  const host = hostOf(address);
  if (host === undefined) throw NoPasskeysHere({ shown: { host: hostname } });
  const isOrigin = (candidate: string): boolean =>
    hasPublicAddress ? candidate === origin : URL.parse(candidate)?.hostname === host;
  return { id: host, name: siteName, isOrigin };
}

/** The host of an address, to which passkeys are bound; undefined for a number, to which none can be. Pure. */
export function hostOf(address: string): string | undefined {
  const { hostname } = new URL(address);
  return isIP(hostname.replaceAll(/^\[|\]$/g, "")) === 0 ? hostname : undefined;
}
