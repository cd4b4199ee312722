import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { until } from "#test/until";
import { sql } from "kysely";
import { z } from "zod";
import { contract, event } from "../contract.ts";
import { Id } from "../fields.ts";
import { openDb } from "../db/pool.ts";
import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import { type Failpoints, noFailpoints } from "../environment/failpoint.ts";
import type { ServiceHost } from "../host/host.ts";
import { type Host, plugin, type Plugin } from "../host/plugin.ts";
import { on } from "./subscription.ts";
import { testDatabase } from "../host/testing.ts";
import { emit } from "./outbox.ts";
import type { Bus } from "./port.ts";
import { startProcess } from "./testing.ts";

/** How the services below are spread over processes, and the bus between these. */
export interface BusSetting {
  /** Services that share a process; each of the three is in one of them. */
  readonly processes: readonly (readonly Service[])[];
  /** The bus of one process. `hosts` are the processes by service, those that run right now. */
  bus(services: readonly Service[], hosts: ReadonlyMap<string, ServiceHost>): Promise<Bus> | Bus;
  /** How many events a broker keeps because a consumer has not acknowledged them. */
  keptByBroker?(): Promise<number>;
  readonly broker?: { kill(): Promise<void>; start(): Promise<void>; wipe(): Promise<void> };
}

type Service = "publisher" | "left" | "right";

const Payload = z.object({ key: Id, n: z.int() });
const counted = event("publisher.counted.v1", Payload);
const whispered = event("publisher.whispered.v1", Payload);
const ignored = event("publisher.ignored.v1", Payload);

/** The conformance suite of buses, run against each adapter. */
export function busConformance(name: string, setting: BusSetting): void {
  describe(`the bus ${name}`, () => {
    const fleet = new Fleet(setting);
    before(() => fleet.open());
    afterEach(() => fleet.restore());
    after(() => fleet.close());

    delivery(fleet);
    if (setting.processes.length > 1) absence(fleet);
    if (setting.broker) brokerFaults(fleet, setting.broker);
    failures(fleet);
  });
}

/** Every event once to each of its consumers, in the order of its key. */
function delivery(fleet: Fleet): void {
  it("delivers each event once to each consumer subscribed to its type, and to no other", async () => {
    await fleet.publish(counted, 1, 1);
    await fleet.publish(whispered, 1, 2);
    await fleet.publish(ignored, 1, 3);
    await fleet.consumedBy("left", [1, 2]);
    await fleet.consumedBy("right", [1]);
    await fleet.settled();
    assert.deepEqual([await fleet.received("left"), await fleet.received("right")], [2, 1]);
  });

  it("keeps the order of each key under concurrent writers", async () => {
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let n = 1; n <= 25; n++) await fleet.publish(counted, writer + 1, n);
    });
    await Promise.all(writers);
    for (const consumer of ["left", "right"] as const) {
      await until(async () => (await fleet.consumed(consumer)).length >= 100);
      const events = await fleet.consumed(consumer);
      for (let key = 1; key <= 4; key++)
        assert.deepEqual(
          events.filter((one) => one.key === key).map(({ n }) => n),
          Array.from({ length: 25 }, (_, at) => at + 1),
        );
    }
  });

  it("applies a redelivered event once (D3)", async () => {
    // The sender does not learn once that an event was applied, and once its publisher does not note it.
    const failing = new Set<string>(["relay.delivered", "inbox.after_commit"]);
    fleet.failpoints = {
      hit: async (point) => {
        if (failing.delete(point)) throw new Error(point);
      },
    };
    for (let n = 1; n <= 5; n++) await fleet.publish(counted, n, n);
    await fleet.consumedBy("left", [1, 2, 3, 4, 5]);
    await fleet.consumedBy("right", [1, 2, 3, 4, 5]);
    await fleet.settled();
    assert.deepEqual([...failing], []);
    assert.deepEqual([(await fleet.consumed("left")).length, (await fleet.consumed("right")).length], [5, 5]);
  });
}

/** An event that one consumer cannot apply, or applies slowly. */
function failures(fleet: Fleet): void {
  it("holds back only the key of an event that one consumer cannot apply (F7)", async () => {
    fleet.poison = { consumer: "left", n: 1 };
    await fleet.publish(counted, 1, 1);
    await fleet.publish(counted, 1, 2);
    await fleet.publish(counted, 2, 3);
    await fleet.consumedBy("left", [3]);
    await fleet.consumedBy("right", [1, 2, 3]);
    await until(async () => (await fleet.pending("left")) === 2);
    fleet.poison = undefined;
    await fleet.makeDue("left");
    await fleet.consumedBy("left", [1, 2, 3]);
    const ofOne = (await fleet.consumed("left")).filter(({ key }) => key === 1).map(({ n }) => n);
    assert.deepEqual(ofOne, [1, 2]);
  });

  it("dead-letters an event after its consumer's last attempt, and continues its key (F7)", async () => {
    fleet.poison = { consumer: "left", n: 1 };
    await fleet.publish(counted, 1, 1);
    await until(async () => (await fleet.pending("left")) === 1);
    await fleet.publish(counted, 1, 2);
    await until(async () => (await fleet.pending("left")) === 2);
    await fleet.makeDue("left", 11);
    await fleet.consumedBy("left", [2]);
    assert.deepEqual(await fleet.deadLetters("left"), [{ attempts: 12, source: "publisher", error: "poison" }]);
    assert.deepEqual(await fleet.deadLetters("right"), []);
    await fleet.consumedBy("right", [1, 2]);
  });

  it("keeps an event until its slow consumer has committed it, without delaying other consumers (D2)", async () => {
    const release = await fleet.lockTable("left");
    try {
      await fleet.publish(counted, 1, 1);
      await fleet.consumedBy("right", [1]);
      await fleet.isWaiting("left");
      assert.ok((await fleet.kept()) > 0, "the event is kept");
      await fleet.publish(counted, 1, 2);
      await fleet.consumedBy("right", [1, 2]);
    } finally {
      await release();
    }
    await fleet.consumedBy("left", [1, 2]);
  });

  it("keeps an event with an invalid payload pending, and ignores unknown fields", async () => {
    await fleet.publishRaw(counted.name, 1, JSON.stringify({ key: 1, n: "one" }));
    await fleet.publishRaw(counted.name, 2, JSON.stringify({ key: 2, n: 2, since: "tomorrow" }));
    await fleet.consumedBy("left", [2]);
    await fleet.consumedBy("right", [2]);
    await until(async () => (await fleet.pending("left")) === 1 && (await fleet.pending("right")) === 1);
  });
}

/** A consumer whose process is away, which it is not where its publisher is in the same. */
function absence(fleet: Fleet): void {
  it("delivers everything to a consumer that was away for an hour, without delaying others (D1, D2)", async () => {
    await fleet.stop("left");
    for (let n = 1; n <= 70; n++) await fleet.publish(counted, (n % 5) + 1, n);
    await until(async () => (await fleet.consumed("right")).length === 70);
    await fleet.makeOlder(3_600_000);
    await fleet.publish(counted, 1, 71);
    await until(async () => (await fleet.consumed("right")).length === 71);
    assert.equal((await fleet.consumed("left")).length, 0);
    await fleet.start("left");
    await until(async () => (await fleet.consumed("left")).length === 71);
    const of = (key: number, events: readonly Consumed[]) => events.filter((one) => one.key === key).map(({ n }) => n);
    for (let key = 1; key <= 5; key++)
      assert.deepEqual(of(key, await fleet.consumed("left")), of(key, await fleet.consumed("right")));
    await fleet.settled();
  });

  it("keeps the events of an absent consumer over a restart of the publisher", async () => {
    await fleet.stop("left");
    await fleet.publish(counted, 1, 1);
    await fleet.consumedBy("right", [1]);
    await fleet.restart("publisher");
    await fleet.publish(counted, 1, 2);
    await fleet.consumedBy("right", [1, 2]);
    await fleet.start("left");
    await fleet.consumedBy("left", [1, 2]);
  });
}

function brokerFaults(fleet: Fleet, broker: NonNullable<BusSetting["broker"]>): void {
  it("accepts writes while the broker is away, and delivers them when it is back (F6)", async () => {
    await fleet.publish(counted, 1, 1);
    await fleet.consumedBy("left", [1]);
    await broker.kill();
    for (let n = 2; n <= 5; n++) await fleet.publish(counted, 1, n);
    await broker.start();
    await fleet.consumedBy("left", [1, 2, 3, 4, 5]);
    await fleet.consumedBy("right", [1, 2, 3, 4, 5]);
  });

  it("redelivers events that the broker lost with its disk before they were consumed (D2, F6)", async () => {
    await fleet.stop("left");
    for (let n = 1; n <= 5; n++) await fleet.publish(counted, 1, n);
    await fleet.consumedBy("right", [1, 2, 3, 4, 5]);
    await broker.kill();
    await broker.wipe();
    await broker.start();
    await fleet.start("left");
    await fleet.publish(counted, 1, 6);
    await fleet.consumedBy("left", [1, 2, 3, 4, 5, 6]);
    await fleet.consumedBy("right", [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(
      (await fleet.consumed("left")).map(({ n }) => n),
      [1, 2, 3, 4, 5, 6],
    );
    await fleet.settled();
  });
}

interface Consumed {
  readonly key: Id;
  readonly n: number;
}

/** Three services on databases that outlive their processes. */
class Fleet {
  poison: { readonly consumer: Service; readonly n: number } | undefined;
  failpoints: Failpoints = noFailpoints;
  readonly #setting: BusSetting;
  readonly #hosts = new Map<string, ServiceHost>();
  readonly #addresses: Record<string, Awaited<ReturnType<typeof testDatabase>>> = {};
  readonly #dbs = new Map<Service, Db<KernelTables>>();
  readonly #receivedBefore = new Map<Service, number>();
  readonly #plugins: Readonly<Record<Service, Plugin>>;

  constructor(setting: BusSetting) {
    this.#setting = setting;
    this.#plugins = {
      publisher: publisherPlugin,
      left: this.#consumer("left", [counted, whispered]),
      right: this.#consumer("right", [counted]),
    };
  }

  async open(): Promise<void> {
    for (const service of ["publisher", "left", "right"] as const) {
      const address = await testDatabase(service, this.#plugins[service].migrations);
      this.#addresses[service] = address;
      this.#dbs.set(service, openDb(address, { service }));
    }
    await this.restart();
  }

  /** Ends and starts the process of a service, or all. */
  async restart(...services: readonly Service[]): Promise<void> {
    const all = services.length > 0 ? services : this.#setting.processes.flatMap(([first]) => first ?? []);
    for (const service of all) await this.stop(service);
    for (const service of all) await this.start(service);
  }

  async start(service: Service): Promise<void> {
    const services = this.#setting.processes.find((one) => one.includes(service)) ?? [];
    const host = await startProcess(
      services.map((one) => this.#plugins[one]),
      this.#addresses,
      {
        instance: services.join("+"),
        environment: { failpoints: { hit: (name) => this.failpoints.hit(name) } },
        bus: await this.#setting.bus(services, this.#hosts),
      },
    );
    for (const one of services) this.#hosts.set(one, host);
  }

  /** Ends the process of a service. A consumer that shares it with its publisher is away by itself. */
  async stop(service: Service): Promise<void> {
    const services = this.#setting.processes.find((one) => one.includes(service)) ?? [];
    const host = this.#hosts.get(service);
    for (const one of services) this.#hosts.delete(one);
    await host?.stop();
  }

  /**
   * Empties the tables between two cases. The inbox keeps its events: a broker that is killed may deliver those of earlier
   * cases again.
   */
  async restore(): Promise<void> {
    this.poison = undefined;
    this.failpoints = noFailpoints;
    for (const [first] of this.#setting.processes) if (first && !this.#hosts.has(first)) await this.start(first);
    await this.makeDue("left");
    await this.makeDue("right");
    await sql`DELETE FROM pending_events`.execute(this.#db("left"));
    await sql`DELETE FROM pending_events`.execute(this.#db("right"));
    await this.settled();
    for (const service of ["left", "right"] as const) {
      await sql`TRUNCATE consumed, pending_events, dead_letters`.execute(this.#db(service));
      this.#receivedBefore.set(service, await this.#count(service, "inbox"));
    }
  }

  async close(): Promise<void> {
    for (const [first] of this.#setting.processes) if (first) await this.stop(first);
    for (const db of this.#dbs.values()) await db.close();
  }

  async publish(type: typeof counted, key: Id, n: number): Promise<void> {
    const stamp = { traceId: "0".repeat(32), nowMs: Date.now() };
    const host = this.#hosts.get("publisher");
    assert.ok(host);
    await this.#db("publisher").tx(async (tx) => {
      await emit(tx, type, [{ key, payload: { key, n } }], stamp);
    });
    host.wake("publisher");
  }

  async publishRaw(type: string, key: Id, payload: string): Promise<void> {
    await sql`INSERT INTO outbox (event_id, type, key, payload, trace_id, created_at_ms)
      VALUES (gen_random_uuid()::text, ${type}, ${key}, ${payload}, '', ${Date.now()})`.execute(this.#db("publisher"));
    this.#hosts.get("publisher")?.wake("publisher");
  }

  async consumed(consumer: Service): Promise<Consumed[]> {
    return (await sql<Consumed>`SELECT key, n FROM consumed ORDER BY seq`.execute(this.#db(consumer))).rows;
  }

  /** Settles when exactly these were applied. */
  async consumedBy(consumer: Service, numbers: readonly number[]): Promise<void> {
    const applied = async () => (await this.consumed(consumer)).map(({ n }) => n).toSorted((a, b) => a - b);
    let last: number[] = [];
    await until(async () => (last = await applied()).join() === numbers.join(), {
      said: () => `${consumer} has applied ${last.join()} instead of ${numbers.join()}`,
    });
  }

  /** How many events the consumer has received since the last case. */
  async received(consumer: Service): Promise<number> {
    return (await this.#count(consumer, "inbox")) - (this.#receivedBefore.get(consumer) ?? 0);
  }

  pending(consumer: Service): Promise<number> {
    return this.#count(consumer, "pending_events");
  }

  async deadLetters(consumer: Service): Promise<{ attempts: number; source: string; error: string }[]> {
    const { rows } = await sql<{ attempts: number; source: string; error: string }>`
      SELECT attempts, source, last_error AS error FROM dead_letters`.execute(this.#db(consumer));
    return rows;
  }

  /** Makes pending events due now. */
  async makeDue(consumer: Service, attempts?: number): Promise<void> {
    await sql`UPDATE pending_events SET due_ms = 0, attempts = coalesce(${attempts ?? null}::int, attempts) WHERE attempts > 0`.execute(
      this.#db(consumer),
    );
    this.#hosts.get(consumer)?.wake(consumer);
  }

  /** Makes the events in the outbox older by this time. */
  async makeOlder(ms: number): Promise<void> {
    await sql`UPDATE outbox SET created_at_ms = created_at_ms - ${ms}::bigint`.execute(this.#db("publisher"));
  }

  /** How many events are kept, because a consumer has not acknowledged them. */
  async kept(): Promise<number> {
    return (await this.#setting.keptByBroker?.()) ?? (await this.#count("publisher", "outbox"));
  }

  /** Settles when the publisher's outbox is empty. */
  async settled(): Promise<void> {
    await until(async () => {
      this.#hosts.get("publisher")?.wake("publisher");
      return (await this.#count("publisher", "outbox")) === 0;
    });
  }

  /** Locks the rows that the consumer writes; the result releases the lock. */
  async lockTable(consumer: Service): Promise<() => Promise<void>> {
    const free = Promise.withResolvers<void>();
    const isLocked = Promise.withResolvers<void>();
    const locked = this.#db(consumer).tx(async (tx) => {
      await sql`LOCK TABLE consumed IN EXCLUSIVE MODE`.execute(tx);
      isLocked.resolve();
      await free.promise;
    });
    await isLocked.promise;
    return () => {
      free.resolve();
      return locked;
    };
  }

  /** Settles when the consumer waits for the table. */
  async isWaiting(consumer: Service): Promise<void> {
    await until(async () => {
      const { rows } = await sql`
        SELECT FROM pg_locks WHERE NOT granted AND relation = 'consumed'::regclass`.execute(this.#db(consumer));
      return rows.length > 0;
    });
  }

  #consumer(name: Service, types: readonly (typeof counted)[]): Plugin {
    return plugin({
      contract: contract(name, 1, {}),
      needs: [],
      migrations: [
        `CREATE TABLE consumed (seq BIGINT GENERATED ALWAYS AS IDENTITY, key BIGINT NOT NULL, n INTEGER NOT NULL)`,
      ],
      start: (_: Host) => ({
        handlers: {},
        subscriptions: types.map((type) =>
          on(type, async (tx, { key, n }) => {
            if (this.poison?.consumer === name && this.poison.n === n) throw new Error("poison");
            await sql`INSERT INTO consumed (key, n) VALUES (${key}, ${n})`.execute(tx);
          }),
        ),
      }),
    });
  }

  #db(service: Service): Db<KernelTables> {
    const db = this.#dbs.get(service);
    assert.ok(db);
    return db;
  }

  async #count(service: Service, table: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM ${sql.table(table)}`.execute(
      this.#db(service),
    );
    return rows[0]?.count ?? 0;
  }
}

const publisherPlugin = plugin({
  contract: contract("publisher", 1, {}),
  needs: [],
  events: [counted, whispered, ignored],
  migrations: [],
  start: () => ({ handlers: {} }),
});
