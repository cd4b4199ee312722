import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it, mock } from "node:test";
import { command, contract, event, type Host, Id, on, plugin } from "#kernel";
import { ServiceUnavailable } from "#kernel/errors";
import type { Log } from "#kernel/log/port";
import { createLeasedLocks } from "#kernel/lock/leased";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import { callOf, TestHost } from "../host/testing.ts";
import { until } from "#test/until";
import { sql } from "kysely";
import { z } from "zod";
import type { KernelTables } from "../db/tables.ts";
import { createDirectBus } from "./direct.ts";
import { positionNew } from "./event-log.ts";
import { emit } from "./outbox.ts";
import { eventBytesMax, type Route } from "./port.ts";

describe("F6: the event relay", () => {
  before(open);
  beforeEach(empty);
  after(() => host[Symbol.asyncDispose]());

  it("accepts writes while another process holds the lease, and delivers them once in order afterwards (D2)", async () => {
    const back = Promise.withResolvers<void>();
    const isAway = Promise.withResolvers<void>();
    const locks = createLeasedLocks(host.database("publisher"), { owner: "another process" });
    const away = until(() =>
      locks.try("relay", async () => {
        isAway.resolve();
        await back.promise;
        return true;
      }),
    );
    await Promise.race([isAway.promise, away]);
    const all = Array.from({ length: 20 }, (_, n) => ({ key: (n % 4) + 1, text: `${n}` }));
    try {
      for (const { key, text } of all) await publish(key, text);
      assert.deepEqual([await consumed("near"), await inLog()], [[], 20]);
    } finally {
      back.resolve();
      await away;
    }
    await until(async () => (await consumed("near")).length === 20);
    const came = await consumed("near");
    for (let key = 1; key <= 4; key++) assert.deepEqual(ofKey(came, key), ofKey(all, key));
    await host.drain();
    assert.deepEqual([(await consumed("near")).length, (await consumed("far")).length, await inLog()], [20, 20, 0]);
  });

  it("assigns no positions under an expired lease (fencing)", async () => {
    const db = host.database<KernelTables>("publisher");
    await createLeasedLocks(db, { owner: "another process" }).try("relay", async ({ fence }) => {
      await leave(1, "late");
      assert.deepEqual(await positionNew(db, fence - 1, 10), []);
      await db.updateTable("locks").set({ lease_until_ms: 0 }).execute();
      assert.deepEqual(await positionNew(db, fence, 10), []);
    });
    await host.drain();
    assert.deepEqual(await texts("near"), ["late"]);
  });

  it("keeps an event for an absent destination, and retries at least every ten seconds (R6)", async () => {
    isElsewhereAway = true;
    await publish(7, "patience");
    await host.drain();
    assert.deepEqual([await texts("near"), await texts("far"), await inLog()], [["patience"], ["patience"], 1]);
    // As after a long night: it waits for 1, 2, 4 s and then for 8 s each time.
    for (let n = 0; n < 6; n++) {
      const before = attemptsElsewhere;
      now += 10_000;
      await sweep();
      assert.ok(attemptsElsewhere > before, `attempt ${n + 2}`);
    }
    isElsewhereAway = false;
    now += 10_000;
    await sweep();
    assert.deepEqual(elsewhere, ["patience"]);
    assert.deepEqual([(await consumed("near")).length, await inLog()], [1, 0]);
  });

  it("publishes events within half a minute when nothing woke it (the sweep of D2)", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      await publish(1, "woken");
      await host.drain();
      // Committed by a process that died before it could publish.
      await leave(2, "left behind");
      assert.equal((await consumed("near")).length, 1);
      mock.timers.tick(30_000);
    } finally {
      mock.timers.reset();
    }
    await until(async () => (await consumed("near")).length === 2);
    assert.deepEqual(await texts("near"), ["woken", "left behind"]);
  });

  it("publishes the largest allowed event, and refuses a larger one together with its change", async () => {
    const around = Buffer.byteLength(JSON.stringify({ key: 9, text: "" }));
    const largest = "ä".repeat((eventBytesMax - around) / 2);
    await publish(9, largest);
    await host.drain();
    assert.deepEqual(
      (await texts("near")).map((text) => text === largest),
      [true],
    );
    await assert.rejects(publish(9, `${largest}ä`), { code: "kernel.internal" });
    await host.drain();
    const { rows } = await sql<{ said: number }>`SELECT count(*)::int AS said FROM said`.execute(
      host.database("publisher"),
    );
    assert.deepEqual([(await consumed("near")).length, await inLog(), rows[0]?.said], [1, 0, 1]);
  });
});

describe("F7: an event that cannot be applied", () => {
  before(open);
  beforeEach(empty);
  after(() => host[Symbol.asyncDispose]());

  it("becomes a dead letter with a log line, a metric and a doctor's finding, and its key continues", async () => {
    await publish(5, "poison");
    await publish(5, "after it");
    await publish(6, "beside it");
    await host.drain();
    assert.deepEqual(await texts("near"), ["beside it"]);
    for (const consumer of ["near", "far"])
      await sql`UPDATE pending_events SET attempts = 11, due_ms = 0 WHERE attempts > 0`.execute(
        host.database(consumer),
      );
    await host.drain();
    assert.deepEqual(await texts("near"), ["beside it", "after it"]);
    const [line] = lines.filter(({ level }) => level === "error");
    assert.partialDeepStrictEqual(line, { message: "an event was dead-lettered", eventType: happened.name, key: 5 });
    assert.ok(!JSON.stringify(line).includes('"poison"'), "the payload is not in the log");
    const { body } = await metrics.text();
    assert.match(body, /^kinora_near_dead_events 1$/m);
    assert.match(body, /^events_consumed_total\{consumer="near",result="dead"\} 1$/m);
    assert.match(
      (await host.findings("near")).join(),
      /fact\.happened\.v1 of 5 was dead-lettered after 12 attempts: no poison/,
    );
  });

  it("is retried for as long as a service that its handler calls is away", async () => {
    isAskedAway = true;
    await publish(5, "asks");
    await host.drain();
    for (let n = 0; n < 3; n++) {
      await sql`UPDATE pending_events SET attempts = 40, due_ms = 0`.execute(host.database("near"));
      await host.drain();
    }
    const { rows } = await sql<{ attempts: number; wait: number }>`
      SELECT attempts, due_ms - (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS wait FROM pending_events`.execute(
      host.database("near"),
    );
    assert.equal(rows[0]?.attempts, 41);
    assert.ok(rows[0].wait <= 8_000, `${rows[0].wait} ms`);
    isAskedAway = false;
    await sql`UPDATE pending_events SET due_ms = 0`.execute(host.database("near"));
    await host.drain();
    assert.deepEqual(await texts("near"), ["asks"]);
  });
});

interface Consumed {
  readonly key: Id;
  readonly text: string;
}
interface Line {
  readonly level: string;
  readonly message: string;
}

let host: TestHost;
let metrics = createPrometheusMetrics();
let isElsewhereAway = false;
let isAskedAway = false;
let attemptsElsewhere = 0;
/** Time that passes beside the clock of the process. */
let now = 0;
const elsewhere: string[] = [];
const lines: Line[] = [];
const happened = event("fact.happened.v1", z.object({ key: Id, text: z.string() }));
const publisher = contract("publisher", 1, {
  publish: command({ auth: "user", input: z.object({ key: Id, text: z.string() }), output: z.object({}) }),
});

const publisherPlugin = plugin({
  contract: publisher,
  needs: [],
  events: [happened],
  migrations: ["CREATE TABLE said (key BIGINT NOT NULL)"],
  start: ({ db, emit: say }: Host<{ said: { key: Id } }>) => ({
    handlers: {
      publish: ({ key, text }) =>
        db.tx(async (tx) => {
          await tx.insertInto("said").values({ key }).execute();
          await say(tx, happened, key, { key, text });
          return {};
        }),
    },
  }),
});

const consumer = (name: string) =>
  plugin({
    contract: contract(name, 1, {}),
    needs: [],
    migrations: [
      "CREATE TABLE consumed (seq BIGINT GENERATED ALWAYS AS IDENTITY, key BIGINT NOT NULL, text TEXT NOT NULL)",
    ],
    start: (_: Host<{ consumed: Consumed }>) => ({
      handlers: {},
      subscriptions: [
        on(happened, async (tx, { key, text }) => {
          if (text === "poison") throw new Error("no poison");
          if (text === "asks" && isAskedAway) throw ServiceUnavailable({ service: "asked" });
          await sql`INSERT INTO consumed (key, text) VALUES (${key}, ${text})`.execute(tx);
        }),
      ],
    }),
  });

/** A destination in another process. */
const remote: Route = {
  name: "elsewhere",
  carries: () => isElsewhereAway || elsewhere.length === 0,
  async send(events) {
    attemptsElsewhere += 1;
    if (isElsewhereAway) throw ServiceUnavailable({ service: "elsewhere" });
    for (const { payload } of events) elsewhere.push((JSON.parse(payload) as Consumed).text); // As published.
  },
};

async function open(): Promise<void> {
  metrics = createPrometheusMetrics();
  host = new TestHost({ parts: { bus: createDirectBus(() => [remote]), metrics, log: recordingLog({}) } });
  mock.method(
    performance,
    "now",
    (
      (real: () => number) => () =>
        real() + now
    )(performance.now.bind(performance)),
  );
  for (const one of [publisherPlugin, consumer("near"), consumer("far")] as const)
    await host.add(one as typeof publisherPlugin); // Each is added as it is.
}

async function empty(): Promise<void> {
  isElsewhereAway = false;
  isAskedAway = false;
  now += 10_000;
  await host.clear();
  lines.length = 0;
  elsewhere.length = 0;
}

const recordingLog = (fields: object): Log => {
  const at =
    (level: string) =>
    (message: string, more: object = {}) =>
      void lines.push({ level, message, ...fields, ...more });
  return {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    with: (more) => recordingLog({ ...fields, ...more }),
  };
};

const publish = (key: Id, text: string) => host.client(publisher).publish({ key, text }, callOf(1));

/** Looks for work as a process does every few seconds. */
async function sweep(): Promise<void> {
  (await host.host()).wake("publisher");
  await host.drain();
}

/** In the outbox, with nobody woken for it. */
async function leave(key: Id, text: string): Promise<void> {
  const stamp = { traceId: "0".repeat(32), nowMs: Date.now() };
  // The raw transaction: the kernel's own would wake the relay.
  await host
    .database<KernelTables>("publisher")
    .transaction()
    .execute((tx) => emit(tx, happened, [{ key, payload: { key, text } }], stamp));
}

const ofKey = (all: readonly Consumed[], key: Id): string[] =>
  all.filter((one) => one.key === key).map(({ text }) => text);
const inLog = async (): Promise<number> => {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM outbox`.execute(
    host.database("publisher"),
  );
  return rows[0]?.count ?? 0;
};
const consumed = async (by: "near" | "far"): Promise<Consumed[]> =>
  (await sql<Consumed>`SELECT key, text FROM consumed ORDER BY seq`.execute(host.database(by))).rows;
const texts = async (by: "near" | "far"): Promise<string[]> => (await consumed(by)).map(({ text }) => text);
