import type { z } from "zod";
import type { Tx } from "../db/transaction.ts";
import type { BlobStore } from "../blob/port.ts";
import type { Scrutiny } from "../blob/verify.ts";
import type { Fact } from "../bus/outbox.ts";
import type { Subscription } from "../bus/subscription.ts";
import type { CachePolicies } from "../cache/policies.ts";
import type { Cache } from "../cache/port.ts";
import type { Call } from "../call.ts";
import type { AnsweredByHost, Client, Contract, EventType, Handlers } from "../contract.ts";
import type { Id } from "../fields.ts";
import type { Db } from "../db/port.ts";
import type { Projection } from "../db/projection.ts";
import type { MigrationStep } from "../db/upgrade/steps.ts";
import type { Fanout } from "../fanout/port.ts";
import type { Environment } from "../environment/environment.ts";
import type { JobKind, Jobs, Schedule } from "../jobs/port.ts";
import type { RotatingKey } from "../keys/port.ts";
import type { Sealing } from "../keys/sealing.ts";
import type { Log } from "../log/port.ts";
import type { Mailer } from "../mail/port.ts";
import type { LocalCopy } from "./local-copy.ts";
import type { Outgoing } from "../outgoing/port.ts";
import type { Tcp } from "../tcp/port.ts";
import type { Metrics } from "../telemetry/port.ts";

/** Publishes an event: stored with the change, delivered at least once, in order per `key`. */
export type Emit = <P extends z.ZodType, T>(
  tx: Tx<T>,
  type: EventType<P>,
  key: Id,
  payload: z.input<P>,
) => Promise<void>;

/** Many facts of one type, in this order, as one statement. */
export type EmitAll = <P extends z.ZodType, T>(
  tx: Tx<T>,
  type: EventType<P>,
  facts: readonly Fact<z.input<P>>[],
) => Promise<void>;

/** Everything that a service is given. */
export interface Host<Tables = unknown, Settings = unknown> {
  readonly db: Db<Tables>;
  readonly emit: Emit;
  readonly emitAll: EmitAll;
  readonly nextId: () => Id;
  readonly now: () => number;
  readonly random: (bytes: number) => Buffer;
  /** Names this process among those of the installation; stable over restarts. */
  readonly instance: string;
  readonly environment: Environment;
  readonly blob: BlobStore;
  readonly cache: Cache;
  /** The declared caches of this process. */
  readonly caches: CachePolicies;
  readonly jobs: Jobs;
  /** Over the broker; undefined where there is none, and a service reaches its own processes by `peers`. */
  readonly fanout: Fanout | undefined;
  /** The only way to addresses that strangers chose (security S5.1). */
  readonly outgoing: Outgoing;
  /** Ports for protocols that are not HTTP. */
  readonly tcp: Tcp;
  /** Mails are sent by jobs, which try again. */
  readonly mail: Mailer;
  readonly log: Log;
  /** The service's own part of the configuration, parsed and frozen. */
  readonly settings: Settings;
  /** One of the keys that the service declares. */
  readonly key: (name: string) => RotatingKey;
  /** Gives one of them a new value where the latest one is older than this. Signatures of that one stay valid. */
  readonly rotateKey: (name: string, ageMs: number) => Promise<void>;
  /** Seals other secrets that the service stores. */
  readonly sealing: Sealing;
  /** Named after the service, save where the name is a well-known one. */
  readonly counter: Metrics["counter"];
  readonly gauge: Metrics["gauge"];
  readonly client: <C extends Contract>(c: C) => Client<C>;
  /** Clients of the processes that run this very service, one each, this one perhaps among them; none where it is in one alone. */
  readonly peers: <C extends Contract>(own: C) => readonly Client<C>[];
  /** The contracts of the installation's services, whether they run in this process or in another. */
  readonly services: () => readonly Contract[];
  /** A call of the service itself, for jobs and events. */
  readonly call: (parts?: Partial<Call> & { readonly waitMs?: number }) => Call;
}

type OwnHandlers<M extends Contract["methods"]> = {
  readonly [N in keyof M as M[N] extends AnsweredByHost ? never : N]: Handlers<Contract<M>>[N];
};

export interface Started<C extends Contract, Tables> {
  /** The handlers without `administration` and local copies, which the host adds. */
  readonly handlers: OwnHandlers<C["methods"]>;
  readonly subscriptions?: readonly Subscription<Tables>[];
  readonly jobs?: readonly JobKind[];
  readonly schedules?: readonly Schedule[];
  stop?(): Promise<void>;
  /** Looks through the service's tables and bytes for what must never be; each finding is a sentence. */
  verify?(scrutiny: Scrutiny): AsyncIterable<string>;
}

export interface Plugin<C extends Contract = Contract, Tables = unknown, Settings = unknown> {
  readonly contract: C;
  readonly needs: readonly Contract[];
  /** It asks every service of the installation, by {@link Host.services}; no other may need it. */
  readonly needsAll?: true;
  readonly migrations: readonly MigrationStep[];
  /** The tables that grow with use, and the columns that hash partitions of them are chosen by. */
  readonly partitionKeys?: Readonly<Record<string, string>>;
  /** Tables it has of other services' facts, the same as other services have. */
  readonly copies?: readonly LocalCopy[];
  /**
   * The events that this service publishes; the architecture test compares them with those that others consume.
   * `audited` may be absent where the kernel alone publishes it, about an administrator's decision on failed jobs and
   * dead letters.
   */
  readonly events?: readonly EventType[];
  /** The keys by which it signs. They are made at the first start, and rotated by `npm run keys` or by the service. */
  readonly keys?: readonly string[];
  /** Parses the service's part of the configuration. */
  readonly settings?: z.ZodType<Settings>;
  start(host: Host<Tables, Settings>): Started<C, Tables> | Promise<Started<C, Tables>>;
  /** The projections that it derives from rows, its own or another's. */
  projections?(host: Host<Tables, Settings>): readonly Projection[];
}
export const plugin = <C extends Contract, Tables, Settings = unknown>(
  p: Plugin<C, Tables, Settings>,
): Plugin<C, Tables, Settings> => p;
