import type { BlobStore } from "../blob/port.ts";
import type { Bus } from "../bus/port.ts";
import type { CachePolicies } from "../cache/policies.ts";
import type { Cache } from "../cache/port.ts";
import type { Client, Contract } from "../contract.ts";
import type { Schema } from "../db/upgrade/migrate.ts";
import type { Db, Left } from "../db/port.ts";
import type { Fanout } from "../fanout/port.ts";
import type { Environment } from "../environment/environment.ts";
import type { startSchedules } from "../jobs/scheduler.ts";
import type { Sealing } from "../keys/sealing.ts";
import type { Log } from "../log/port.ts";
import type { Mailer } from "../mail/port.ts";
import type { Outgoing } from "../outgoing/port.ts";
import type { Tcp } from "../tcp/port.ts";
import type { Metrics } from "../telemetry/port.ts";

/** The adapters that every service of this process uses; `cmd` chooses them. */
export interface HostParts {
  readonly environment: Environment;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly blob: BlobStore;
  readonly cache: Cache;
  /** The declared caches of this process; those of this host alone, when left out. */
  readonly caches?: CachePolicies;
  readonly outgoing: Outgoing;
  /** None when left out. */
  readonly mail?: Mailer;
  /** Node's own sockets when left out. */
  readonly tcp?: Tcp;
  /** Names this process among those on one database; stable over restarts. */
  readonly instance: string;
  /** Opens a service's migrated database; `committed` is to be called after each commit that left something. */
  open(schema: Schema, committed: (left: Left) => void): Promise<Db<unknown>>;
  /** The service's part of the configuration, before its schema parsed it. */
  settings(service: string): unknown;
  /** Seals the keys of services in their databases. */
  readonly sealing: Sealing;
  /** Every service of the installation, also those that run elsewhere; those of this host, when left out. */
  readonly services?: readonly Contract[];
  /** A client of a service that runs elsewhere; undefined where nobody is known to serve it. */
  remote?(contract: Contract, caller: string): Client<Contract> | undefined;
  /** A client of each process that runs a service; none where all services are in this one. */
  peers?(contract: Contract, caller: string): readonly Client<Contract>[];
  /** Carries events to their consumers; without a broker and within this process when left out. */
  readonly bus?: Bus;
  /** Reaches the other processes of the installation where there is a broker; left out where there is none. */
  readonly fanout?: Fanout | undefined;
  /** Runs the schedules of services; the clock does by default. */
  readonly schedule?: typeof startSchedules;
  /** Copies every argument and answer, so that no service shares an object with another. */
  readonly clone?: boolean;
}
