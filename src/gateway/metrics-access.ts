import { isIP } from "node:net";
import { AddressRanges } from "#kernel/clients/address-ranges";
import type { HttpRequest } from "#kernel/http/port";

const forwarding = /^(?:x-)?forwarded|^via$|^x-real-ip$|^x-original-|(?:client|connecting)-ip$/;
const bearer = /^Bearer ([\w.~+/=-]+)$/i;

interface MetricsAccessParts {
  /** Addresses or ranges of monitoring systems. */
  readonly networks: readonly string[];
  /** Compares a token with the configured one; undefined without one. */
  readonly token: { matches(text: string): Promise<boolean> } | undefined;
}

/** Decides who may read metrics without being an administrator (security S8.4). */
export class MetricsAccess {
  readonly #networks: AddressRanges;
  readonly #token: MetricsAccessParts["token"];

  constructor({ networks, token }: MetricsAccessParts) {
    this.#networks = new AddressRanges(networks);
    this.#token = token;
  }

  async admits(request: HttpRequest): Promise<boolean> {
    return isDirectLoopback(request) || this.#isDirectPeer(request) || (await this.#hasToken(request));
  }

  /**
   * True for a peer of the configured networks, by the name or address of this process that it knows. A forwarded request
   * never counts, because its sender may be anybody.
   */
  #isDirectPeer(request: HttpRequest): boolean {
    return this.#networks.has(peerOf(request)) && !isForwarded(request);
  }

  async #hasToken({ headers }: HttpRequest): Promise<boolean> {
    const [, text] = bearer.exec(headers.authorization ?? "") ?? [];
    return this.#token !== undefined && text !== undefined && this.#token.matches(text);
  }
}

/** True if the peer itself is on this machine; a forwarded request never counts as such. */
const isDirectLoopback = (request: HttpRequest): boolean =>
  /^(?:::ffff:)?127\.|^::1$/.test(peerOf(request)) && isUnnamed(request.host) && !isForwarded(request);

const peerOf = ({ raw }: HttpRequest): string => raw.socket.remoteAddress ?? "";
const isForwarded = ({ headers }: HttpRequest): boolean => Object.keys(headers).some((name) => forwarding.test(name));

/**
 * True if a host is an address or `localhost`. A page of another site whose name was made to resolve to this machine
 * (DNS rebinding) sends its own name.
 */
function isUnnamed(host: string): boolean {
  const name = host
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
  return name === "localhost" || isIP(name) !== 0;
}
