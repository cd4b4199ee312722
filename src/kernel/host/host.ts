import assert from "node:assert/strict";
import type { Scrutiny } from "../blob/verify.ts";
import { createDirectBus } from "../bus/direct.ts";
import type { Bus, Delivery } from "../bus/port.ts";
import { CachePolicies } from "../cache/policies.ts";
import type { Call } from "../call.ts";
import type { Client, Contract } from "../contract.ts";
import type { Left } from "../db/port.ts";
import { KinoraError, ServiceUnavailable } from "../errors.ts";
import { startSchedules } from "../jobs/scheduler.ts";
import { releaseOwned } from "../jobs/store.ts";
import { withTrace } from "../trace.ts";
import { invoke, invokeStream } from "./chain.ts";
import { isDue } from "./due-work.ts";
import { measureEvents, measurePool } from "./metrics.ts";
import { byNeed } from "./start-order.ts";
import type { HostParts } from "./parts.ts";
import type { Plugin } from "./plugin.ts";
import { rebuildService } from "./rebuild.ts";
import { DatabaseChecks } from "./checks/database-checks.ts";
import { type RunningService, startService } from "./running-service.ts";
import { startSweep, type Sweep, type Swept } from "./sweep.ts";
import { upkeep } from "./upkeep.ts";
import { verifyService } from "./checks/verification.ts";

/** A sentence about what is wrong in a service, or was before a rebuild. */
interface ServiceFinding {
  readonly service: string;
  readonly finding: string;
}

/**
 * Runs services side by side in this process. Services of other processes are reached over the network by the same
 * clients.
 */
export class ServiceHost {
  readonly #parts: HostParts;
  readonly #bus: Bus;
  readonly #running = new Map<string, RunningService>();
  readonly #clients = new Map<string, WeakMap<Contract, Client<Contract>>>();
  readonly #checks = new DatabaseChecks();
  #live = false;
  #sweep: Sweep | undefined;
  /** How often a commit left something to be done here. */
  #wakes = 0;

  constructor(parts: HostParts) {
    this.#parts = { caches: new CachePolicies(), ...parts };
    this.#bus = parts.bus ?? createDirectBus();
  }

  /** Starts services in the order of their needs. @throws Error on a circle of needs. */
  async addAll(plugins: readonly Plugin[]): Promise<void> {
    for (const plugin of byNeed(plugins)) await this.add(plugin);
  }

  async add<C extends Contract, T, S>(typed: Plugin<C, T, S>): Promise<void> {
    const plugin = typed as unknown as Plugin; // The host hands each service its own tables and settings only.
    const { name } = plugin.contract;
    assert.ok(!this.#running.has(name), `${name} is started twice`);
    const running = await startService(plugin, this.#parts, {
      bus: this.#bus,
      committed: (work) => this.#wakeFor(name, work),
      client: (contract) => this.client(contract, name),
      services: () => this.#parts.services ?? this.contracts,
    });
    measureEvents(this.#parts, name, running.db);
    const sharesPool = [...this.#running.values()].some(({ db }) => db.pool === running.db.pool);
    if (!sharesPool) measurePool(this.#parts, name, running.db);
    this.#running.set(name, running);
    if (this.#live) await this.#enliven(running);
  }

  /** Wakes what works off that which a commit of a service left. */
  #wakeFor(service: string, work: Left): void {
    this.#wakes++;
    // Until all services of the process run, an event would miss the consumers that have not started.
    if (!this.#live) return;
    const running = this.#running.get(service);
    if (work === "events") running?.relay.wake();
    else if (work === "pending events") running?.consumer.wake();
    else running?.workers.find((worker) => worker.worksOff(work.slice("job ".length)))?.wake();
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

  async #enliven(running: RunningService): Promise<void> {
    if (running.schedules) return;
    const { environment, log, instance, schedule = startSchedules } = this.#parts;
    const schedules = [...(running.started.schedules ?? []), ...upkeep(running.db)];
    running.schedules = schedule(schedules, { db: running.db, log, now: environment.now });
    if (running.workers.length > 0) await releaseOwned(running.db, instance);
    this.wake(running.plugin.contract.name);
  }

  /** A client for `caller`: function calls where the service is here, the network otherwise, the same chain in both. */
  client<C extends Contract>(contract: C, caller = "gateway"): Client<C> {
    const clientsOfCaller = this.#clients.get(caller) ?? new WeakMap<Contract, Client<Contract>>();
    this.#clients.set(caller, clientsOfCaller);
    const callerClient: Client<Contract> = clientsOfCaller.get(contract) ?? this.#clientOf(contract, caller);
    clientsOfCaller.set(contract, callerClient);
    return callerClient as Client<C>; // Made of this very contract.
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
    const ownInput = clone ? structuredClone(input) : input;
    if (chain.method.kind === "stream") return invokeStream(chain, ownInput, call);
    return withTrace(call.traceId, () => invoke(chain, ownInput, call)).then(
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

  /** The subscriptions of this process's services, as names of event types. */
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
    const checks = [...this.#running].map(async ([name, { db }]) => [name, await this.#checks.lackOf(db)] as const);
    const lacks = await Promise.all(checks);
    return Object.fromEntries(lacks.flatMap(([name, lack]) => (lack === undefined ? [] : [[name, lack]])));
  }

  /** Yields violated invariants, service by service; nothing when all is well. */
  async *verify(scrutiny: Scrutiny): AsyncIterable<ServiceFinding> {
    for (const [service, running] of this.#running)
      for await (const finding of verifyService(running, scrutiny)) yield { service, finding };
  }

  /** Repairs the projections of services (reliability D3); each finding was wrong and is right now. */
  async *rebuild(services: readonly string[] = this.services): AsyncIterable<ServiceFinding> {
    for (const service of services) {
      const running = this.#running.get(service);
      if (!running) continue;
      for await (const finding of rebuildService(running)) yield { service, finding };
    }
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
      // A service asked late may have published an event for one that was asked before it.
      isQuiet &&= before === this.#wakes;
    }
  }

  /** Stops schedules, then jobs, then the relay; remaining rows in the tables are for the next start. */
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
    for (const { keyring } of all) keyring.stop();
    await Promise.all(all.map(({ ids }) => ids.stop()));
    await Promise.all(all.map((r) => r.db.close()));
    this.#running.clear();
  }
}
