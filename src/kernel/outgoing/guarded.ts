import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Log } from "../log/port.ts";
import { createAddressRule, isPublic, ownRanges } from "./address.ts";
import { createAnswer } from "./answer.ts";
import { type Connect, createConnector } from "./connect.ts";
import { assertHeaders, exchange, headersFor } from "./exchange.ts";
import { Patience } from "./patience.ts";
import { type Outgoing, type OutgoingAnswer, OutgoingFailed, OutgoingRefused, type OutgoingRequest } from "./port.ts";
import { type Resolve, createResolver } from "./resolve.ts";
import { addressIn, isLocalhost, redirectsMax, redirectTarget, Refused, targetOf } from "./target.ts";

const redirects = new Set([301, 302, 303, 307, 308]);
const stallMs = 10_000;
/** A name has as many addresses as its owner likes; this many are looked at, and more are refused. */
const addressesMax = 32;
const addressesTried = 3;

interface Parts {
  /** Addresses and ranges an operator excepts from the rule. */
  readonly allow: readonly string[];
  readonly log: Log;
  readonly resolve?: Resolve;
  readonly connect?: Connect;
  /** Addresses and ranges of this machine itself. */
  readonly own?: () => readonly string[];
}

/**
 * Resolves a name once, refuses it when any of its addresses is not public, and connects to one of those it checked; the
 * same again for each redirect (security S5.1).
 */
export function createGuardedOutgoing(parts: Parts): Outgoing {
  const { allow, log, resolve = createResolver(), connect = createConnector(), own: ownAddresses = ownRanges } = parts;
  const isAsked = createAddressRule(allow, ownAddresses);

  async function checkAddresses(url: URL, patience: Patience): Promise<readonly string[]> {
    const literal = addressIn(url);
    const local = isLocalhost(url.hostname) ? ["127.0.0.1", "::1"] : undefined;
    const resolved =
      literal === undefined ? (local ?? (await patience.with(resolve(url.hostname, patience.signal)))) : [literal];
    if (resolved.length === 0) throw new Refused("a name without addresses");
    if (resolved.length > addressesMax) throw new Refused("a name with too many addresses");
    if (!resolved.every(isAsked)) throw new Refused("an address that is not asked");
    return resolved;
  }

  async function connectTo(url: URL, patience: Patience): Promise<Duplex> {
    const addresses = await checkAddresses(url, patience);
    const isSecure = url.protocol === "https:";
    const port = url.port === "" ? (isSecure ? 443 : 80) : Number(url.port);
    const name = addressIn(url) ?? url.hostname;
    let failed: unknown;
    for (const address of addresses.slice(0, addressesTried)) {
      try {
        return await patience.with(connect({ address, port, isSecure, name }, patience.signal));
      } catch (error) {
        if (patience.signal.aborted) throw error;
        failed = error;
      }
    }
    throw failed;
  }

  const reportFailure = (error: unknown, host: string | undefined): Error => failureOf(error, host, log);

  async function requestAnswer(first: URL, request: OutgoingRequest, patience: Patience): Promise<OutgoingAnswer> {
    const { method = "GET" } = request;
    let [url, headers] = [first, request.headers ?? {}];
    for (let hops = 0; ; hops++) {
      const socket = await connectTo(url, patience);
      const response = await patience.with(exchange(url, socket, request, headers)).catch((error: unknown) => {
        socket.destroy();
        throw error;
      });
      patience.signal.addEventListener("abort", () => socket.destroy(), { once: true });
      if (!redirects.has(response.statusCode ?? 0)) {
        const { hostname } = url;
        return createAnswer(url, response, request, patience, (error) => reportFailure(error, hostname));
      }
      const to = redirectTarget(url, locationOf(response));
      socket.destroy();
      if (hops === redirectsMax || method === "POST") throw new Error("redirected once too often");
      headers = headersFor(url, to, headers);
      url = to;
    }
  }

  return {
    async ask(text, request) {
      assertHeaders(request.headers ?? {});
      const patience = new Patience({ stallMs, ...request });
      let host: string | undefined;
      try {
        const url = targetOf(text);
        host = url.hostname;
        return await requestAnswer(url, request, patience);
      } catch (error) {
        patience.end();
        throw reportFailure(error, host);
      }
    },

    check(text) {
      try {
        assertAllowed(targetOf(text), isAsked);
      } catch (error) {
        throw reportFailure(error, URL.parse(text)?.hostname);
      }
    },
  };
}

/** Checks an address by itself, before its name is resolved. @throws Refused */
function assertAllowed(url: URL, isAsked: (address: string) => boolean): void {
  const address = addressIn(url) ?? (isLocalhost(url.hostname) ? "127.0.0.1" : undefined);
  if (address !== undefined && !isAsked(address)) throw new Refused("an address that is not asked");
  const isAllowed = address !== undefined && !isPublic(address);
  if (url.protocol === "http:" && !isAllowed) throw new Refused("http outside of what the operator allows");
}

/** The error for the caller; the log gets the host and the reason: paths and queries of signed addresses are secrets. */
function failureOf(error: unknown, host: string | undefined, log: Parts["log"]): Error {
  const isRefused = error instanceof Refused;
  const reason = error instanceof Error ? error.message : undefined;
  log.info(isRefused ? "an outgoing request was refused" : "an outgoing request failed", { host, reason });
  return isRefused ? OutgoingRefused({}, error) : OutgoingFailed({}, error);
}

function locationOf({ headers: { location } }: IncomingMessage): string {
  if (location === undefined) throw new Error("redirected to nowhere");
  return location;
}
