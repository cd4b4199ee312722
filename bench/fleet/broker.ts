import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { sql } from "kysely";
import { z } from "zod";
import { Id } from "#kernel";
import { emit } from "#kernel/bus/outbox";
import { createJetStreamBus } from "#kernel/bus/jetstream/bus";
import { stream } from "#kernel/bus/jetstream/stream";
import { on } from "#kernel/bus/subscription";
import { startProcess } from "#kernel/bus/testing";
import { contract, event } from "#kernel/contract";
import { openDb } from "#kernel/db/pool";
import type { KernelTables } from "#kernel/db/tables";
import { type Host, plugin } from "#kernel/host/plugin";
import { testDatabase } from "#kernel/host/testing";
import { silentLog } from "#kernel/log/port";
import { startPostgres } from "#kernel/postgres/postgres";
import { startNats } from "../../test/servers/nats.ts";
import { until } from "../../test/until.ts";
import { median, record } from "../record.ts";

/*
 * Events from the outbox of a service to JetStream and on to a consumer, with fsync on: how many a second, and the time
 * from the commit of a change to the commit of its effect in another service. Publisher and consumer share a thread.
 */
const backlog = 40_000;
const single = 500;
const rounds = 3;

const changed = event("publisher.changed.v1", z.object({ key: Id, atMs: z.number() }));
const tookMs: number[] = [];
let applied = 0;
const publisher = plugin({
  contract: contract("publisher", 1, {}),
  needs: [],
  migrations: [],
  events: [changed],
  start: () => ({ handlers: {} }),
});
const consumer = plugin({
  contract: contract("left", 1, {}),
  needs: [],
  migrations: ["CREATE TABLE effects (key BIGINT NOT NULL)"],
  start: (_: Host) => ({
    handlers: {},
    subscriptions: [
      on(changed, async (tx, { key, atMs }) => {
        await sql`INSERT INTO effects (key) VALUES (${key})`.execute(tx);
        applied += 1;
        if (atMs > 0) tookMs.push(performance.now() - atMs);
      }),
    ],
  }),
});

const folder = await mkdtemp(join(tmpdir(), "kinora-broker-"));
const postgres = await startPostgres(folder);
process.env["KINORA_TEST_POSTGRES"] = postgres.socket;
await using nats = await startNats();
const databases = {
  publisher: await testDatabase("publisher", publisher.migrations),
  left: await testDatabase("left", consumer.migrations),
};
const db = openDb<KernelTables>(databases.publisher, { service: "publisher" });
const connection = await connect({ servers: nats.url });
const manager = await jetstreamManager(connection);

const toBroker: number[] = [];
const toEffect: number[] = [];
for (let round = 0; round < rounds; round++) {
  await fill();
  const [sentBefore, appliedBefore] = [await countSent(), applied];
  const bus = createJetStreamBus({ url: nats.url, log: silentLog });
  const beganMs = performance.now();
  const host = await startProcess([publisher], databases, { bus });
  host.wake("publisher");
  await until(async () => (await countSent()) - sentBefore >= backlog);
  toBroker.push((backlog / (performance.now() - beganMs)) * 1_000);
  const consumedFromMs = performance.now();
  const consuming = createJetStreamBus({ url: nats.url, log: silentLog });
  const other = await startProcess([consumer], databases, { bus: consuming });
  await until(() => applied - appliedBefore >= backlog);
  toEffect.push((backlog / (performance.now() - consumedFromMs)) * 1_000);
  if (round === rounds - 1) await changeOneByOne(() => host.wake("publisher"));
  for (const running of [host, other]) await running.stop();
  for (const open of [bus, consuming]) await open.close();
}
const sorted = tookMs.toSorted((a, b) => a - b);
const quantile = (part: number): string => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(0);
await record("broker", [
  `A backlog of ${backlog} events of 1,000 keys, ${rounds} rounds; then ${single} changes, one each 40 ms. One publisher; one consumer, which begins when all are sent.`,
  "",
  "| what | measured | goal |",
  "|---|---|---|",
  `| outbox to JetStream | ${median(toBroker).toFixed(0)} events/s | ≥ 8,000 |`,
  `| JetStream to effect, in the consumer's transaction | ${median(toEffect).toFixed(0)} events/s | |`,
  `| commit to effect, p50 | ${quantile(0.5)} ms | |`,
  `| commit to effect, p99 | ${quantile(0.99)} ms | |`,
]);
await connection.close();
await db.close();
await postgres[Symbol.asyncDispose]();
await rm(folder, { recursive: true, force: true });

/** A backlog as it is after the broker was away. */
async function fill(): Promise<void> {
  const stamp = { traceId: "0".repeat(32), nowMs: Date.now() };
  for (let from = 0; from < backlog; from += 1_000)
    await db.tx(async (tx) => {
      const events = Array.from({ length: 1_000 }, (_, n) => ({ key: n + 1, payload: { key: n + 1, atMs: 0 } }));
      await emit(tx, changed, events, stamp);
    });
}

async function countSent(): Promise<number> {
  const info = await manager.streams.info(stream).catch(() => undefined);
  return info?.state.last_seq ?? 0;
}

async function changeOneByOne(wake: () => void): Promise<void> {
  for (let n = 0; n < single; n++) {
    const stamp = { traceId: "0".repeat(32), nowMs: Date.now() };
    await db.tx(async (tx) => {
      await emit(tx, changed, [{ key: n + 1, payload: { key: n + 1, atMs: performance.now() } }], stamp);
    });
    wake();
    await later(40);
  }
  await until(() => tookMs.length >= single);
}
