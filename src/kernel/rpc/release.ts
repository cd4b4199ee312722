import { createHash } from "node:crypto";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";
import type { Log } from "../log/port.ts";
import { areNeighbours } from "../process/release.ts";
import type { Metrics } from "../telemetry/port.ts";
import type { Lock } from "./wire/lock.ts";

/** The release of a process, as the other end of a connection learns it once both have shown the secret. */
export interface Release {
  /** The version of package.json. */
  readonly version: string;
  /** A digest of the contracts that it speaks. They differ between releases, and only by additions. */
  readonly contracts: string;
}

export const releaseOf = (version: string, lock: Lock): Release => ({
  version,
  contracts: createHash("sha256").update(JSON.stringify(lock)).digest("hex").slice(0, 12),
});

const versionHeader = "kinora-version";
const contractsHeader = "kinora-contracts";

export const releaseHeaders = (release: Release | undefined): OutgoingHttpHeaders =>
  release ? { [versionHeader]: release.version, [contractsHeader]: release.contracts } : {};

/** @returns undefined for a peer that does not say it, or not as it should be. */
export function peerRelease(headers: IncomingHttpHeaders): Release | undefined {
  const [version, contracts] = [headers[versionHeader], headers[contractsHeader]];
  const isRelease =
    typeof version === "string" &&
    typeof contracts === "string" &&
    /^[\w.+-]{1,40}$/.test(version) &&
    /^[0-9a-f]{12}$/.test(contracts);
  return isRelease ? { version, contracts } : undefined;
}

/** True if both may talk. A development version that does not say its release is let through. */
export const talksWith = (release: Release | undefined, peer: Release | undefined): boolean =>
  release === undefined || peer === undefined || areNeighbours(release.version, peer.version);

/** Why a connection between processes was refused. */
export type RefusalReason = "secret" | "version" | "certificate";

const texts: Readonly<Record<RefusalReason, string>> = {
  secret:
    "a connection between processes is refused: the other has another cluster secret, or is of another installation, or a relay stands between them",
  version: "a connection between processes is refused: their versions are more than one minor version apart",
  certificate:
    "a connection between processes is refused: the other has no certificate of a process by the authority of KINORA_RPC_TLS_CA, or no TLS",
};
const loggedEveryMs = 60_000;

/** Counts refused connections, and logs each reason once a minute: a client tries again at each call. */
export class Refusals {
  readonly #log: Log;
  readonly #count: (reason: RefusalReason) => void;
  readonly #loggedAtMs = new Map<RefusalReason, number>();

  constructor(side: "client" | "server", log: Log, metrics: Metrics | undefined) {
    this.#log = log;
    const refused = metrics?.counter(
      "rpc_connections_refused_total",
      "connections between processes that one of them refused",
      ["side", "reason"],
    );
    this.#count = (reason) => refused?.add(1, { side, reason });
  }

  record(reason: RefusalReason, fields: Readonly<Record<string, unknown>>): void {
    this.#count(reason);
    const now = performance.now();
    if (now - (this.#loggedAtMs.get(reason) ?? Number.NEGATIVE_INFINITY) < loggedEveryMs) return;
    this.#loggedAtMs.set(reason, now);
    this.#log.error(texts[reason], fields);
  }
}
