import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { audited, command, contract, event, type Host, Id, on, plugin, service } from "#kernel";
import { callOf, TestHost } from "../host/testing.ts";
import { currentTrace } from "#kernel/trace";
import { until } from "#test/until";
import { sql } from "kysely";
import { z } from "zod";

describe("a dead letter (F7)", () => {
  before(async () => {
    for (const one of [publisherPlugin, nearPlugin, farPlugin, auditor] as const)
      await host.add(one as typeof publisherPlugin); // Each is added as it is.
  });
  beforeEach(async () => {
    failing = ["near"];
    await host.clear();
    decisions.length = 0;
  });
  after(() => host[Symbol.asyncDispose]());

  it("is listed with its reason, and a retry applies it once, at its own consumer only", async () => {
    await letterOf(5, "first");
    await letterOf(5, "second");
    const [second, first] = await dead();
    assert.ok(first && second && first.diedAtMs <= second.diedAtMs);
    const { id, diedAtMs: _, ...listed } = first;
    assert.deepEqual(listed, { type: happened.name, subjectId: 5, tries: 12, error: "near cannot" });
    failing = [];
    await client.discardEvent({ id: second.id }, call);
    await publish(5, "third");
    await until(async () => (await applied("near")).length === 1);
    assert.deepEqual(await client.retryEvent({ id }, call), { isThere: true });
    // The test does not drain: the commit has woken the consumer.
    await until(async () => (await applied("near")).length === 2);
    assert.deepEqual(await applied("near"), ["third", "first"]);
    await host.drain();
    assert.deepEqual(await applied("far"), ["first", "second", "third"]);
    assert.deepEqual([await dead(), await pending()], [[], 0]);
  });

  it("has all its attempts again after a retry, and keeps the trace of its request", async () => {
    await letterOf(5, "patience");
    await retryAll();
    await host.drain();
    const { rows } = await sql<{ attempts: number }>`
      SELECT attempts, trace_id, last_error FROM pending_events`.execute(db());
    assert.ok(rows[0]);
    const { attempts, ...row } = rows[0];
    // The second attempt comes after a second, which this may take.
    assert.ok(attempts >= 1 && attempts < 12, `${attempts} attempts`);
    assert.deepEqual(row, { trace_id: trace, last_error: "near cannot" });
    assert.deepEqual(await dead(), []);
    failing = [];
    await sql`UPDATE pending_events SET due_ms = 0`.execute(db());
    await host.drain();
    assert.deepEqual(await applied("near"), ["patience"]);
    const { rows: traces } = await sql<{ trace: string }>`SELECT trace FROM applied`.execute(db());
    assert.deepEqual(traces, [{ trace }]);
  });

  it("is retried by one of several concurrent requests, and is absent for later ones", async () => {
    await letterOf(5, "wanted");
    failing = [];
    const [{ id } = none] = await dead();
    const answers = await Promise.all(Array.from({ length: 4 }, () => client.retryEvent({ id }, call)));
    assert.equal(answers.filter(({ isThere }) => isThere).length, 1);
    await host.drain();
    assert.deepEqual(await applied("near"), ["wanted"]);
    for (const ask of [client.retryEvent, client.discardEvent])
      assert.deepEqual(await ask({ id }, call), { isThere: false });
  });

  it("stays a dead letter when it cannot become pending", async () => {
    await letterOf(5, "too long");
    await sql`UPDATE dead_letters SET payload = repeat(' ', 65537)`.execute(db());
    await assert.rejects(retryAll());
    assert.deepEqual([(await dead()).length, await pending()], [1, 0]);
  });

  it("is never applied after it was discarded", async () => {
    await letterOf(5, "unwanted");
    const [{ id } = none] = await dead();
    assert.deepEqual(await client.discardEvent({ id }, call), { isThere: true });
    failing = [];
    await publish(5, "later");
    await host.drain();
    assert.deepEqual([await dead(), await applied("near")], [[], ["later"]]);
  });

  it("is audited once per decision, with the administrator's id (S8.5)", async () => {
    await letterOf(5, "again");
    await letterOf(6, "never");
    failing = [];
    const by = callOf(9);
    const [never = none, again = none] = await dead();
    const began = Date.now();
    await Promise.all(Array.from({ length: 3 }, () => client.retryEvent({ id: again.id }, by)));
    await Promise.all(Array.from({ length: 3 }, () => client.discardEvent({ id: never.id }, by)));
    await host.drain();
    const entries = decisions.map(({ atMs, ...one }) => [one, Math.abs(atMs - began) < 60_000]);
    assert.deepEqual(entries, [
      [entry("event.retried", again), true],
      [entry("event.discarded", never), true],
    ]);
  });

  it("is not decided when the decision cannot be audited", async () => {
    await letterOf(5, "first");
    const [{ id } = none] = await dead();
    await sql`ALTER TABLE outbox ADD CONSTRAINT refused CHECK (type <> ${sql.lit(audited.name)})`.execute(db());
    try {
      for (const decide of [client.retryEvent, client.discardEvent]) await assert.rejects(decide({ id }, callOf(9)));
    } finally {
      await sql`ALTER TABLE outbox DROP CONSTRAINT refused`.execute(db());
    }
    assert.deepEqual([(await dead()).length, await pending(), decisions], [1, 0, []]);
  });

  it("has a fixed place in the paged list when several died at the same time", async () => {
    for (const [key, text] of ["a", "b", "c", "d"].entries()) await letterOf(key + 1, text);
    await sql`UPDATE dead_letters SET died_at_ms = 1700000000000`.execute(db());
    const all = (await dead()).map(({ id }) => id);
    assert.deepEqual(all, all.toSorted().toReversed());
    assert.equal(all.length, 4);
    const seen: string[] = [];
    for (let next = (await page()).at(0); next; next = (await page(next)).at(0)) seen.push(next.id);
    assert.deepEqual(seen, all);
  });
});

const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
/** The consumers that fail at every event. */
let failing: readonly string[] = [];
const happened = event("fact.happened.v1", z.object({ key: Id, text: z.string() }));
const publisher = contract("publisher", 1, {
  publish: command({ auth: "user", input: z.object({ key: Id, text: z.string() }), output: z.object({}) }),
});
const publisherPlugin = plugin({
  contract: publisher,
  needs: [],
  events: [happened],
  migrations: [],
  start: ({ db: own, emit }: Host) => ({
    handlers: {
      publish: ({ key, text }) =>
        own.tx(async (tx) => {
          await emit(tx, happened, key, { key, text });
          return {};
        }),
    },
  }),
});
const decisions: z.output<typeof audited.payload>[] = [];
const auditor = plugin({
  contract: contract("auditor", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({ handlers: {}, subscriptions: [on(audited, async (_, decision) => void decisions.push(decision))] }),
});
const none = { id: "", subjectId: 0 };
const entry = (act: string, { id, subjectId }: typeof none) => ({
  act,
  actorId: 9,
  subject: { kind: "event", id: subjectId },
  detail: `${happened.name} ${id}`,
});

const migrations = [
  "CREATE TABLE applied (seq BIGINT GENERATED ALWAYS AS IDENTITY, text TEXT NOT NULL, trace TEXT NOT NULL)",
];
const applying = (name: string) =>
  on(happened, async (tx, { text }) => {
    if (failing.includes(name)) throw new Error(`${name} cannot`);
    await sql`INSERT INTO applied (text, trace) VALUES (${text}, ${currentTrace()})`.execute(tx);
  });
const near = service("near", 1, {});
const nearPlugin = plugin({
  contract: near,
  needs: [],
  migrations,
  start: (_: Host) => ({ handlers: {}, subscriptions: [applying("near")] }),
});
const farPlugin = plugin({
  contract: contract("far", 1, {}),
  needs: [],
  migrations,
  start: (_: Host) => ({ handlers: {}, subscriptions: [applying("far")] }),
});

const host = new TestHost();
const client = host.client(near);
const call = callOf();
const db = () => host.database("near");
const publish = (key: Id, text: string) => host.client(publisher).publish({ key, text }, callOf(1, { traceId: trace }));

/** Publishes an event that the failing consumer has as a dead letter afterwards. */
async function letterOf(key: Id, text: string): Promise<void> {
  const before = (await dead()).length;
  await publish(key, text);
  await host.drain();
  await until(async () => {
    // All attempts but the last are over, unless one is under way.
    await sql`UPDATE pending_events SET attempts = 11, due_ms = 0 WHERE attempts > 0`.execute(db());
    await host.drain();
    return (await dead()).length > before;
  });
}

const dead = async () => (await client.deadEvents({ limit: 100 }, call)).items;
const page = async (end?: { readonly diedAtMs: number; readonly id: string }) => {
  const after = end && { diedAtMs: end.diedAtMs, id: end.id };
  return (await client.deadEvents({ limit: 1, ...(after && { after }) }, call)).items;
};
async function retryAll(): Promise<void> {
  for (const { id } of await dead()) await client.retryEvent({ id }, call);
}
async function pending(): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM pending_events`.execute(db());
  return rows[0]?.count ?? 0;
}
const applied = async (consumer: "near" | "far"): Promise<string[]> =>
  (await sql<{ text: string }>`SELECT text FROM applied ORDER BY seq`.execute(host.database(consumer))).rows.map(
    ({ text }) => text,
  );
