import assert from "node:assert/strict";
import { Consumer } from "../bus/consumer.ts";
import type { Subscribed } from "../bus/port.ts";
import { Relay } from "../bus/relay.ts";
import type { Contract, Handlers } from "../contract.ts";
import type { Db } from "../db/port.ts";
import type { Projection } from "../db/projection.ts";
import type { KernelTables } from "../db/tables.ts";
import type { IdSource } from "../ids/nodes/id-source.ts";
import type { Keyring } from "../keys/keyring.ts";
import { createQueue } from "../jobs/queue.ts";
import { groupByPool, Worker } from "../jobs/worker.ts";
import { createAdministration } from "./administration.ts";
import type { Chain } from "./chain.ts";
import { type OpenedService, openService, type Surroundings } from "./opened-service.ts";
import type { HostParts } from "./parts.ts";
import type { Host, Plugin, Started } from "./plugin.ts";
import { createHost } from "./plugin-host.ts";

type StartedService = Started<Contract, unknown>;

/** A service that was started: its handlers behind their chains, and what carries its events and runs its jobs. */
export interface RunningService {
  readonly plugin: Plugin;
  readonly db: Db<KernelTables>;
  readonly chains: ReadonlyMap<string, Chain>;
  readonly consumer: Consumer;
  readonly started: StartedService;
  readonly projections: readonly Projection[];
  readonly relay: Relay;
  readonly keyring: Keyring;
  readonly ids: IdSource;
  readonly workers: readonly Worker[];
  schedules?: { stop(): Promise<void> };
  subscribed?: Subscribed;
}

/** Opens a service's database and starts its plugin. Nothing is relayed and no job runs before the host wakes them. */
export async function startService(
  plugin: Plugin,
  parts: HostParts,
  surroundings: Surroundings,
): Promise<RunningService> {
  const opened = await openService(plugin, parts, surroundings);
  let running: StartedService | undefined;
  const host = createHost(opened, () => running?.jobs ?? []);
  const started = (running = await plugin.start(host));
  return {
    plugin,
    db: opened.db,
    chains: chainsOf(opened, started),
    relay: relayOf(opened),
    keyring: opened.keyring,
    ids: opened.ids,
    workers: workersOf(opened, started),
    projections: plugin.projections?.(host) ?? [],
    consumer: consumerOf(opened, started, host),
    started,
  };
}

function chainsOf(
  { name, plugin, parts, db, ids }: OpenedService,
  started: StartedService,
): ReadonlyMap<string, Chain> {
  const { instance, environment } = parts;
  // Each takes the input that its method's schema parsed.
  const handlers = {
    ...createAdministration(name, db),
    ...Object.assign({}, ...(plugin.copies ?? []).map((copy) => copy.handlers(db))),
    ...started.handlers,
  } as unknown as Handlers<Contract>;
  return new Map(
    Object.entries(plugin.contract.methods).map(([method, declared]) => {
      const handler = handlers[method];
      assert.ok(handler, `${name}.${method} has no handler`);
      // The contract ties the handler to the schemas that parse its input.
      const { failpoints } = environment;
      return [method, { service: name, name: method, method: declared, handler, db, ids, failpoints, instance }];
    }),
  );
}

function relayOf({ name, parts, surroundings, db, locks, log }: OpenedService): Relay {
  const published = parts.metrics.counter("events_published_total", "events that all their consumers have", [
    "service",
  ]);
  return new Relay({
    service: name,
    db,
    published: (count) => published.add(count, { service: name }),
    routes: () => surroundings.bus.routes(),
    locks,
    log,
    failpoints: parts.environment.failpoints,
  });
}

function workersOf({ parts, db, log }: OpenedService, { jobs = [] }: StartedService): Worker[] {
  const { failpoints } = parts.environment;
  return groupByPool(jobs).map((kinds) => {
    const queue = createQueue({ db, kinds, owner: parts.instance });
    return new Worker({ queue, kinds, log, failpoints });
  });
}

function consumerOf(
  { name, plugin, parts, db, locks, log }: OpenedService,
  started: StartedService,
  host: Host,
): Consumer {
  const consumed = parts.metrics.counter("events_consumed_total", "events by result", ["consumer", "result"]);
  const copies = plugin.copies ?? [];
  return new Consumer({
    name,
    db,
    // The copies first: what a service deletes of an account is marked as deleted before.
    subscriptions: [...copies.flatMap((copy) => copy.subscriptions(host)), ...(started.subscriptions ?? [])],
    locks,
    log,
    failpoints: parts.environment.failpoints,
    consumed: (result, count) => consumed.add(count, { consumer: name, result }),
  });
}
