import assert from "node:assert/strict";
import type { BlobStore } from "../blob/port.ts";
import type { Scrutiny } from "../blob/verify.ts";
import type { Cache } from "../cache/port.ts";
import { type Call, newCall } from "../call.ts";
import { schemaFor } from "./local-copy.ts";
import { administrationOf } from "./administration.ts";
import { type Chain, invoke, invokeStream } from "./chain.ts";
import type { Client, Contract, Handlers } from "../contract.ts";
import type { Db, Left, Tx } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import type { Environment } from "../environment/environment.ts";
import { KinoraError, ServiceUnavailable } from "../errors.ts";
import { Consumer } from "../bus/consumer.ts";
import { countDeadLetters } from "../bus/dead-letters.ts";
import { directBus } from "../bus/direct.ts";
import { emit, lagSeconds } from "../bus/outbox.ts";
import { countPending } from "../bus/pending-events.ts";
import type { Bus, Delivery, Subscribed } from "../bus/port.ts";
import type { Derived } from "../db/projection.ts";
import { Relay } from "../bus/relay.ts";
import type { Schema } from "../db/migrate.ts";
import { isDue } from "./due.ts";
import { releaseClaims } from "../db/idempotency-store.ts";
import { keepIds } from "../db/marks.ts";
import { upkeep } from "./upkeep.ts";
import type { JobKind, Jobs } from "../jobs/port.ts";
import { startSchedules } from "../jobs/scheduler.ts";
import * as jobStore from "../jobs/store.ts";
import { pooled, Worker } from "../jobs/worker.ts";
import { leasedLocks } from "../lock/leased.ts";
import type { Log } from "../log/port.ts";
import type { Outgoing } from "../outgoing/port.ts";
import type { EmitAll, Host, Plugin, Started } from "./plugin.ts";
import { byNeed } from "./needs.ts";
import { metricName } from "../telemetry/names.ts";
import type { Metrics } from "../telemetry/port.ts";
import { startSweep, type Swept } from "./sweep.ts";
import { currentTrace, traced } from "../trace.ts";
import { verifyKernel } from "./verification.ts";

/** However much there is to compare, nothing waits for ever. */
const rebuildMs = 24 * 3_600_000;

/** What every service of this process stands on; `cmd` chooses the adapters. */
export interface HostParts {
  readonly environment: Environment;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly blob: BlobStore;
  readonly cache: Cache;
  readonly outgoing: Outgoing;
  /** Names this process among those on one database; stable over restarts. */
  readonly instance: string;
  /** 0–63, unique among running processes. */
  readonly node: number;
  /** Opens a service's migrated database; `committed` is to be called after each commit that left something. */
  open(schema: Schema, committed: (left: Left) => void): Promise<Db<unknown>>;
  /** The service's part of the configuration, before its schema parsed it. */
  settings(service: string): unknown;
  /** A secret of this installation, made at its first use and kept where only its owner can read it. */
  secret(name: string): Promise<string>;
  /** Every service of the installation, also those that run elsewhere; those of this host, when left out. */
  readonly services?: readonly Contract[];
  /** A client of a service that runs elsewhere; undefined where nobody is known to serve it. */
  remote?(contract: Contract, caller: string): Client<Contract> | undefined;
  /** Carries events to their consumers; without a broker and within this process when left out. */
  readonly bus?: Bus;
  /** Who runs what services do at certain times; the clock, when left out. */
  readonly schedule?: typeof startSchedules;
  /** Copies every argument and answer, so that no service shares an object with another. */
  readonly clone?: boolean;
}

interface Running {
  readonly plugin: Plugin;
  readonly db: Db<KernelTables>;
  readonly chains: ReadonlyMap<string, Chain>;
  readonly consumer: Consumer;
  readonly started: Started<Contract, unknown>;
  readonly derived: readonly Derived[];
  readonly relay: Relay;
  readonly workers: readonly Worker[];
  schedules?: { stop(): Promise<void> };
  subscribed?: Subscribed;
}

/** Runs services side by side in this process; what is not here is reached over the network through the same clients. */
export class ServiceHost {
  readonly #parts: HostParts;
  readonly #bus: Bus;
  readonly #running = new Map<string, Running>();
  readonly #clients = new Map<string, WeakMap<Contract, Client<Contract>>>();
  #live = false;
  #sweep: ReturnType<typeof startSweep> | undefined;
  /** How often a commit left something to be done here. */
  #wakes = 0;

  constructor(parts: HostParts) {
    this.#parts = parts;
    this.#bus = parts.bus ?? directBus();
  }

  /** Starts services in the order of their needs. @throws Error on a circle of needs. */
  async addAll(plugins: readonly Plugin[]): Promise<void> {
    for (const plugin of byNeed(plugins)) await this.add(plugin);
  }

  async add<C extends Contract, T, S>(given: Plugin<C, T, S>): Promise<void> {
    const plugin = given as unknown as Plugin; // The host hands each service its own tables and settings only.
    const name = plugin.contract.name;
    assert.ok(!this.#running.has(name), `${name} is started twice`);
    const { environment, log, metrics } = this.#parts;
    let running: Running | undefined;
    const wake = (left: Left) => {
      this.#wakes++;
      // Before every service of the process is there, an event would pass by those that are not.
      if (!this.#live) return;
      if (left === "events") running?.relay.wake();
      else if (left === "pending events") running?.consumer.wake();
      else running?.workers.find((worker) => worker.worksOff(left.slice("job ".length)))?.wake();
    };
    const db = (await this.#parts.open(schemaFor(plugin), wake)) as unknown as Db<KernelTables>; // Every database has the kernel's tables.
    await releaseClaims(db, this.#parts.instance);
    const nextId = await keepIds(db, environment.now, this.#parts.node);
    const serviceLog = log.with({ service: name });
    const settings = plugin.settings ? plugin.settings.parse(this.#parts.settings(name) ?? {}) : {};
    const jobs = this.#jobs(db, nextId, () => running?.started.jobs ?? []);
    const tell: EmitAll = (tx, type, facts) =>
      emit(tx as unknown as Tx<KernelTables>, type, facts, { traceId: currentTrace(), nowMs: environment.now() });
    const host: Host = {
      db: db as unknown as Db<unknown>,
      emit: (tx, type, key, payload) => tell(tx, type, [{ key, payload }]),
      emitAll: tell,
      nextId,
      now: environment.now,
      random: environment.random,
      environment,
      blob: this.#parts.blob,
      cache: this.#parts.cache,
      jobs,
      outgoing: this.#parts.outgoing,
      log: serviceLog,
      settings: Object.freeze(settings),
      secret: (kind) => this.#parts.secret(`${name}.${kind}`),
      counter: (metric, help, labels) => metrics.counter(metricName(name, metric), help, labels),
      measured: (metric, help, labels, look) => metrics.measured(metricName(name, metric), help, labels, look),
      client: (contract) => {
        assert.ok(
          plugin.needsAll || plugin.needs.some((need) => need.name === contract.name),
          `${name} asks ${contract.name} without needing it`,
        );
        return this.client(contract, name);
      },
      services: () => this.#parts.services ?? this.contracts,
      call: (parts = {}) => newCall({ caller: name, ...parts }),
    };
    const started = await plugin.start(host);
    // Each takes the input that its method's schema parsed.
    const copies = plugin.copies ?? [];
    const handlers = {
      ...administrationOf(name, db),
      ...Object.assign({}, ...copies.map((copy) => copy.handlers(db))),
      ...started.handlers,
    } as unknown as Handlers<Contract>;
    const chains = new Map(
      Object.entries(plugin.contract.methods).map(([method, declared]) => {
        const handler = handlers[method];
        assert.ok(handler, `${name}.${method} has no handler`);
        // The contract ties the handler to the schemas that parse its input.
        return [
          method,
          {
            service: name,
            name: method,
            method: declared,
            handler,
            db,
            failpoints: environment.failpoints,
            instance: this.#parts.instance,
          },
        ];
      }),
    );
    const published = metrics.counter("events_published_total", "events that all their consumers have", ["service"]);
    metrics.measured("event_lag", "age in seconds of the oldest event that a consumer lacks", ["service"], async () => [
      [await lagSeconds(db, environment.now()), { service: name }],
    ]);
    metrics.measured(metricName(name, "dead_events"), "dead letters that wait for an administrator", [], async () => [
      [await countDeadLetters(db), {}],
    ]);
    metrics.measured(
      metricName(name, "pending_events"),
      "received events that wait for another attempt",
      [],
      async () => [[await countPending(db), {}]],
    );
    // Once for each pool, by the first of the services that share it.
    if (![...this.#running.values()].some((other) => other.db.pool === db.pool))
      metrics.measured("db_pool_in_use", "database connections at work", ["service"], async () => [
        [db.inUse(), { service: name }],
      ]);
    const locks = leasedLocks(db, { owner: this.#parts.instance });
    const relay = new Relay({
      service: name,
      db,
      published: (count) => published.add(count, { service: name }),
      routes: () => this.#bus.routes(),
      locks,
      log: serviceLog,
      failpoints: environment.failpoints,
    });
    const workers = pooled(started.jobs ?? []).map(
      (kinds) =>
        new Worker({ db, kinds, owner: this.#parts.instance, log: serviceLog, failpoints: environment.failpoints }),
    );
    const derived = plugin.derived?.(host) ?? [];
    const consumed = metrics.counter("events_consumed_total", "events by result", ["consumer", "result"]);
    const consumer = new Consumer({
      name,
      db,
      // The copies first: what a service deletes of an account is marked as deleted before.
      subscriptions: [...copies.flatMap((copy) => copy.subscriptions(host)), ...(started.subscriptions ?? [])],
      locks,
      log: serviceLog,
      failpoints: environment.failpoints,
      consumed: (result, count) => consumed.add(count, { consumer: name, result }),
    });
    running = { plugin, db, chains, consumer, started, derived, relay, workers };
    this.#running.set(name, running);
    if (this.#live) await this.#enliven(running);
  }

  /** Begins to relay, to work off jobs and to keep schedules, once every service of the process is there. */
  async run(): Promise<void> {
    this.#live = true;
    // Consumers first: a relay deletes what no route carries.
    for (const running of this.#running.values()) running.subscribed ??= await this.#bus.subscribe(running.consumer);
    this.#sweep ??= startSweep(() => this.#swept(), this.#parts.log);
    for (const running of this.#running.values()) await this.#enliven(running);
  }

  /** Looks for events and jobs of a service now: another process may have committed some. */
  wake(service: string): void {
    const running = this.#running.get(service);
    running?.relay.wake();
    running?.consumer.wake();
    for (const worker of running?.workers ?? []) worker.wake();
  }

  #swept(): Swept[] {
    return [...this.#running.entries()].map(([service, { db, relay, consumer, workers }]) => ({
      service,
      db,
      wakeRelay: () => relay.wake(),
      wakeConsumer: () => consumer.wake(),
      wakeJobs: () => workers.forEach((worker) => worker.wake()),
    }));
  }

  async #enliven(running: Running): Promise<void> {
    if (running.schedules) return;
    const { environment, log, instance, schedule = startSchedules } = this.#parts;
    const schedules = [...(running.started.schedules ?? []), ...upkeep(running.db)];
    running.schedules = schedule(schedules, { db: running.db, log, now: environment.now });
    if (running.workers.length > 0) await jobStore.releaseOwned(running.db, instance);
    this.wake(running.plugin.contract.name);
  }

  /** A client for `caller`: function calls where the service is here, the network otherwise, the same chain in both. */
  client<C extends Contract>(contract: C, caller = "gateway"): Client<C> {
    const known = this.#clients.get(caller) ?? new WeakMap<Contract, Client<Contract>>();
    this.#clients.set(caller, known);
    const made: Client<Contract> = known.get(contract) ?? this.#clientOf(contract, caller);
    known.set(contract, made);
    return made as Client<C>; // Made of this very contract.
  }

  #clientOf<C extends Contract>(contract: C, caller: string): Client<C> {
    let remote: Client<Contract> | undefined;
    const ask = (name: string, input: unknown, call: Call) => {
      const from = { ...call, caller };
      if (this.#running.has(contract.name)) return this.dispatch(contract.name, name, input, from);
      remote ??= this.#parts.remote?.(contract, caller);
      const method = remote?.[name];
      if (!method) throw ServiceUnavailable({ service: contract.name });
      return method(input as never, from); // The callee parses it.
    };
    const methods = Object.entries(contract.methods).map(([name, { kind }]) => [
      name,
      kind === "stream"
        ? (input: unknown, call: Call) => ask(name, input, call)
        : async (input: unknown, call: Call) => ask(name, input, call),
    ]);
    // Each entry has the type its method declares; a mapped type cannot be built entry by entry.
    return Object.fromEntries(methods) as never;
  }

  /** Runs a call of a service in this process; the RPC server enters here too. */
  dispatch(service: string, name: string, input: unknown, call: Call): Promise<object> | AsyncGenerator<object> {
    const chain = this.#running.get(service)?.chains.get(name);
    if (!chain) throw ServiceUnavailable({ service });
    const { clone = false, log } = this.#parts;
    const given = clone ? structuredClone(input) : input;
    if (chain.method.kind === "stream") return invokeStream(chain, given, call);
    return traced(call.traceId, () => invoke(chain, given, call)).then(
      (answer) => (clone ? structuredClone(answer) : answer),
      (error: unknown) => {
        if (error instanceof KinoraError && error.kind === "internal")
          log.error("a handler failed", { service, method: name, traceId: call.traceId, err: error.cause ?? error });
        throw error;
      },
    );
  }

  /** Gives events to one consumer of this process; the RPC server enters here with those of other processes. */
  async deliver(consumer: string, events: readonly Delivery[]): Promise<void> {
    const running = this.#running.get(consumer);
    if (!running) throw ServiceUnavailable({ service: consumer });
    await running.consumer.receive(events);
  }

  /** What the services of this process subscribe to, as names of event types. */
  get consumers(): ReadonlyMap<string, ReadonlySet<string>> {
    return new Map([...this.#running].map(([name, { consumer }]) => [name, consumer.types]));
  }

  get services(): readonly string[] {
    return [...this.#running.keys()];
  }

  get contracts(): readonly Contract[] {
    return [...this.#running.values()].map(({ plugin }) => plugin.contract);
  }

  /** Why services cannot work right now, by name; empty when all is well. */
  async ready(): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const [name, { started, db }] of this.#running) {
      const reason = await (started.ready?.() ?? Promise.resolve(undefined)).catch((error: unknown) => String(error));
      if (reason !== undefined) found[name] = reason;
      else
        await db
          .selectFrom("migrations")
          .select("step")
          .limit(1)
          .execute()
          .catch(() => {
            found[name] = "the database cannot be reached";
          });
    }
    return found;
  }

  /** What must never be and is, service by service; nothing when all is well. */
  async *verify(scrutiny: Scrutiny): AsyncIterable<{ readonly service: string; readonly finding: string }> {
    for (const [service, { started, derived, db }] of this.#running) {
      for await (const finding of verifyKernel(db)) yield { service, finding };
      for (const one of derived) for await (const finding of one.drift?.() ?? []) yield { service, finding };
      if (started.verify) for await (const finding of started.verify(scrutiny)) yield { service, finding };
    }
  }

  /** Works out again what services keep beside its rows (reliability D3); tells what was wrong and is right now. */
  async *rebuild(
    services: readonly string[] = this.services,
  ): AsyncIterable<{ readonly service: string; readonly finding: string }> {
    for (const service of services)
      for (const one of this.#running.get(service)?.derived ?? [])
        for await (const finding of one.repair(newCall({ caller: service, waitMs: rebuildMs })))
          yield { service, finding };
  }

  /** Settles when every event is consumed and every due job worked off, and nothing was left to be done meanwhile. */
  async drain(): Promise<void> {
    for (let isQuiet = false; !isQuiet; ) {
      const before = this.#wakes;
      isQuiet = true;
      for (const { relay, consumer, workers, db } of this.#running.values()) {
        const isAtWork = relay.isAtWork() || workers.some((worker) => worker.isAtWork());
        if (!isAtWork && !(await isDue(db))) continue;
        isQuiet = false;
        await relay.idle();
        await consumer.idle();
        for (const worker of workers) await worker.idle();
      }
      // A service asked late may have told something to one that was asked before it.
      isQuiet &&= before === this.#wakes;
    }
  }

  /** Stops schedules, then jobs, then the relay; what is left in the tables is for the next start. */
  async stop(): Promise<void> {
    const all = [...this.#running.values()];
    await this.#sweep?.stop();
    for (const { schedules } of all) await schedules?.stop();
    await Promise.all(all.flatMap((r) => r.workers.map((worker) => worker.stop())));
    for (const { started } of all) await started.stop?.();
    await Promise.all(all.map((r) => r.relay.stop()));
    // After the relays, which delete what no route carries.
    for (const { subscribed } of all) await subscribed?.stop();
    await Promise.all(all.map((r) => r.consumer.stop()));
    await Promise.all(all.map((r) => r.db.close()));
    this.#running.clear();
  }

  #jobs(db: Db<KernelTables>, nextId: () => number, kinds: () => readonly JobKind[]): Jobs {
    const { environment } = this.#parts;
    return {
      add: (tx, kind, given) => {
        const declared = kinds().find((k) => k.kind === kind);
        assert.ok(declared, `no job of kind ${kind} is declared`);
        const row = {
          id: nextId(),
          kind,
          traceId: currentTrace(),
          attemptsMax: declared.attemptsMax,
          nowMs: environment.now(),
        };
        const priority = given.priority ?? declared.priority ?? 0;
        return jobStore.insert(tx as unknown as Tx<KernelTables>, row, { ...given, priority });
      },
      cancel: (id) => jobStore.cancel(db, id),
      cancelAll: (tx, some, key) => jobStore.cancelAll(tx as unknown as Tx<KernelTables>, some, key),
      count: (kind) => jobStore.count(db, kind),
      find: (kind, key) => jobStore.latest(db, kind, key),
    };
  }
}
