import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { audited, command, contract, event, type Host, Id, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/testing";
import { currentTrace } from "#kernel/trace";
import { until } from "#test/until";
import { sql } from "kysely";
import { z } from "zod";
import type { KernelTables } from "../db/tables.ts";
import { eventHandlers, eventMethods } from "./administration.ts";
import { emit } from "./outbox.ts";

describe("an event that was given up (F7)", () => {
  before(async () => {
    for (const one of [tellerPlugin, hearing("near"), hearing("far"), auditor] as const)
      await host.add(one as typeof tellerPlugin); // Each is added as it is.
  });
  beforeEach(async () => {
    deaf = ["near", "far"];
    await host.clear();
    noted.length = 0;
  });
  after(() => host[Symbol.asyncDispose]());

  it("is listed with why, and is heard once by everybody when it is told again: at once, behind what came after it", async () => {
    await left(5, "first");
    await left(5, "second");
    deaf = ["near"];
    await host.drain();
    const [second, first] = await dead();
    assert.ok(first && second && first.diedAtMs <= second.diedAtMs);
    const { id, diedAtMs: _, ...told } = first;
    assert.deepEqual(told, { type: happened.name, subjectId: 5, tries: 12, error: "near is deaf" });
    deaf = [];
    await client.discardEvent({ id: second.id }, asked);
    await tell(5, "third");
    await until(async () => (await heard("near")).length === 1, { waitMs: 25_000 });
    assert.deepEqual(await client.retryEvent({ id }, asked), { isThere: true });
    // Nobody drains: the commit has woken the relay.
    await until(async () => (await heard("near")).length === 2, { waitMs: 25_000 });
    assert.deepEqual(await heard("near"), ["third", "first"]);
    await host.drain();
    assert.deepEqual([await dead(), await count("outbox")], [[], 0]);
  });

  it("does nothing twice where it was heard before", async () => {
    deaf = ["near"];
    await left(5, "half heard");
    await host.drain();
    assert.deepEqual([await heard("near"), await heard("far")], [[], ["half heard"]]);
    deaf = [];
    await retryAll();
    await host.drain();
    assert.deepEqual([await heard("near"), await heard("far")], [["half heard"], ["half heard"]]);
    assert.deepEqual([await dead(), await count("outbox")], [[], 0]);
  });

  it("has all its tries again, and keeps the trace of the request it belongs to", async () => {
    await left(5, "patience");
    await host.drain();
    await retryAll();
    await host.drain();
    const { rows } = await sql<{ attempts: number }>`SELECT attempts, trace_id, last_error FROM outbox`.execute(db());
    assert.ok(rows[0]);
    const { attempts, ...row } = rows[0];
    // The second try comes after a second, which this may take.
    assert.ok(attempts >= 1 && attempts < 12, `${attempts} tries`);
    assert.deepEqual(row, { trace_id: trace, last_error: "near is deaf" });
    assert.deepEqual(await dead(), []);
    deaf = [];
    await sql`UPDATE outbox SET due_ms = 0`.execute(db());
    await host.drain();
    assert.deepEqual(await heard("far"), ["patience"]);
    const { rows: traces } = await sql<{ trace: string }>`SELECT trace FROM heard`.execute(host.database("far"));
    assert.deepEqual(traces, [{ trace }]);
  });

  it("is told by one of those who retry it at once, and is gone for whoever comes later", async () => {
    await left(5, "wanted");
    await host.drain();
    deaf = [];
    const [{ id } = { id: "" }] = await dead();
    const answers = await Promise.all(Array.from({ length: 4 }, () => client.retryEvent({ id }, asked)));
    assert.equal(answers.filter(({ isThere }) => isThere).length, 1);
    await host.drain();
    assert.deepEqual(await heard("near"), ["wanted"]);
    for (const ask of [client.retryEvent, client.discardEvent])
      assert.deepEqual(await ask({ id }, asked), { isThere: false });
  });

  it("stays where it is when it cannot be put back", async () => {
    await left(5, "too long");
    await host.drain();
    // Larger than the outbox takes.
    await sql`UPDATE dead_events SET payload = repeat(' ', 65537)`.execute(db());
    await assert.rejects(retryAll());
    assert.deepEqual([(await dead()).length, await count("outbox")], [1, 0]);
  });

  it("is heard by nobody any more once it is discarded", async () => {
    await left(5, "unwanted");
    await host.drain();
    const [{ id } = { id: "" }] = await dead();
    assert.deepEqual(await client.discardEvent({ id }, asked), { isThere: true });
    deaf = [];
    await tell(5, "later");
    await host.drain();
    assert.deepEqual([await dead(), await heard("near")], [[], ["later"]]);
  });

  it("is in the audit trail with who decided about it, once, and not where it was gone already (S8.5)", async () => {
    await left(5, "again");
    await left(6, "never");
    await host.drain();
    deaf = [];
    const by = callOf(9);
    const [never = gone, again = gone] = await dead();
    const began = Date.now();
    await Promise.all(Array.from({ length: 3 }, () => client.retryEvent({ id: again.id }, by)));
    await Promise.all(Array.from({ length: 3 }, () => client.discardEvent({ id: never.id }, by)));
    await host.drain();
    const told = noted.map(({ atMs, ...one }) => [one, Math.abs(atMs - began) < 60_000]);
    assert.deepEqual(told, [
      [entry("event.retried", again), true],
      [entry("event.discarded", never), true],
    ]);
  });

  it("is decided about and noted, or neither", async () => {
    await left(5, "first");
    await host.drain();
    const [{ id } = gone] = await dead();
    await sql`ALTER TABLE outbox ADD CONSTRAINT refused CHECK (type <> ${sql.lit(audited.name)})`.execute(db());
    try {
      for (const decide of [client.retryEvent, client.discardEvent]) await assert.rejects(decide({ id }, callOf(9)));
    } finally {
      await sql`ALTER TABLE outbox DROP CONSTRAINT refused`.execute(db());
    }
    assert.deepEqual([(await dead()).length, await count("outbox"), noted], [1, 0, []]);
  });

  it("has its place in the list also where several died at one time", async () => {
    for (const text of ["a", "b", "c", "d"]) await left(5, text);
    await host.drain();
    await sql`UPDATE dead_events SET died_at_ms = 1700000000000`.execute(db());
    const all = (await dead()).map(({ id }) => id);
    assert.deepEqual(all, all.toSorted().toReversed());
    assert.equal(all.length, 4);
    const seen: string[] = [];
    for (let next = (await page()).at(0); next; next = (await page(next)).at(0)) seen.push(next.id);
    assert.deepEqual(seen, all);
  });
});

const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
/** Those who throw at everything they hear. */
let deaf: readonly string[] = [];
const happened = event("fact.happened.v1", z.object({ key: Id, text: z.string() }));
const teller = contract("teller", 1, {
  tell: command({ auth: "user", input: z.object({ key: Id, text: z.string() }), output: z.object({}) }),
  ...eventMethods,
});
const tellerPlugin = plugin({
  contract: teller,
  needs: [],
  events: [happened],
  migrations: [],
  start: ({ db: own, emit: say }: Host) => ({
    handlers: {
      ...eventHandlers(own),
      tell: ({ key, text }) =>
        own.tx(async (tx) => {
          await say(tx, happened, key, { key, text });
          return {};
        }),
    },
  }),
});
const noted: z.output<typeof audited.payload>[] = [];
const auditor = plugin({
  contract: contract("auditor", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({ handlers: {}, subscriptions: [on(audited, async (_, told) => void noted.push(told))] }),
});
const gone = { id: "", subjectId: 0 };
const entry = (act: string, { id, subjectId }: typeof gone) => ({
  act,
  actorId: 9,
  subject: { kind: "event", id: subjectId },
  detail: `${happened.name} ${id}`,
});
const hearing = (name: string) =>
  plugin({
    contract: contract(name, 1, {}),
    needs: [],
    migrations: [
      "CREATE TABLE heard (seq BIGINT GENERATED ALWAYS AS IDENTITY, text TEXT NOT NULL, trace TEXT NOT NULL)",
    ],
    start: (_: Host) => ({
      handlers: {},
      subscriptions: [
        on(happened, async (tx, { text }) => {
          if (deaf.includes(name)) throw new Error(`${name} is deaf`);
          await sql`INSERT INTO heard (text, trace) VALUES (${text}, ${currentTrace()})`.execute(tx);
        }),
      ],
    }),
  });

const host = new TestHost();
const client = host.client(teller);
const asked = callOf();
const db = () => host.database<KernelTables>("teller");
const tell = (key: Id, text: string) => client.tell({ key, text }, callOf(1));

/** In the outbox for its last try, with nobody woken for it. */
const left = (key: Id, text: string) =>
  // The raw transaction: the kernel's own would wake the relay.
  db()
    .transaction()
    .execute(async (tx) => {
      await emit(tx, happened, [{ key, payload: { key, text } }], { traceId: trace, nowMs: Date.now() });
      await sql`UPDATE outbox SET attempts = 11`.execute(tx);
    });
const dead = async () => (await client.deadEvents({ limit: 100 }, asked)).items;
const page = async (end?: { readonly diedAtMs: number; readonly id: string }) => {
  const after = end && { diedAtMs: end.diedAtMs, id: end.id };
  return (await client.deadEvents({ limit: 1, ...(after && { after }) }, asked)).items;
};
async function retryAll(): Promise<void> {
  for (const { id } of await dead()) await client.retryEvent({ id }, asked);
}
async function count(table: "outbox" | "dead_events"): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM ${sql.table(table)}`.execute(db());
  return rows[0]?.count ?? 0;
}
const heard = async (hearer: "near" | "far"): Promise<string[]> =>
  (await sql<{ text: string }>`SELECT text FROM heard ORDER BY seq`.execute(host.database(hearer))).rows.map(
    ({ text }) => text,
  );
