import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it, mock } from "node:test";
import { command, contract, event, type Host, Id, on, plugin } from "#kernel";
import { ServiceUnavailable } from "#kernel/errors";
import type { Log } from "#kernel/log/port";
import { leasedLocks } from "#kernel/lock/leased";
import { prometheusMetrics } from "#kernel/telemetry/prometheus";
import { callOf, databaseNow, TestHost } from "#kernel/testing";
import { until } from "#test/until";
import { sql } from "kysely";
import { z } from "zod";
import type { KernelTables } from "../db/tables.ts";
import { emit } from "./outbox.ts";
import { eventBytesMax } from "./port.ts";

describe("F6: the embedded bus away, slow and overfull", () => {
  before(open);
  beforeEach(empty);
  after(() => host[Symbol.asyncDispose]());

  it("does not touch writes while the dispatcher is away; everything arrives once, in order, when it is back (D2)", async () => {
    const back = Promise.withResolvers<void>();
    const isAway = Promise.withResolvers<void>();
    // Some other process has the outbox and does not move.
    const locks = leasedLocks(host.database("teller"), { owner: "another process" });
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
      for (const { key, text } of all) await tell(key, text);
      assert.deepEqual([await heard("near"), await waiting()], [[], 20]);
    } finally {
      back.resolve();
      await away;
    }
    await until(async () => (await heard("near")).length === 20, { waitMs: 25_000 });
    const came = await heard("near");
    for (let key = 1; key <= 4; key++) assert.deepEqual(ofKey(came, key), ofKey(all, key));
    await host.drain();
    assert.deepEqual([(await heard("near")).length, (await heard("far")).length, await waiting()], [20, 20, 0]);
  });

  it("neither writes nor other services wait for one that hears slowly, which hears everything once", async () => {
    const free = Promise.withResolvers<void>();
    const isHeld = Promise.withResolvers<void>();
    const held = host.database("far").tx(async (tx) => {
      await sql`LOCK TABLE heard IN ACCESS EXCLUSIVE MODE`.execute(tx);
      isHeld.resolve();
      await free.promise;
    });
    await isHeld.promise;
    try {
      for (let n = 1; n <= 10; n++) await tell(n, `${n}`);
      // What was told together; the rest waits in the outbox until the slow one is through.
      await until(async () => (await heard("near")).length > 0, { waitMs: 25_000 });
      await tell(11, "meanwhile");
      assert.ok((await waiting()) > 0);
    } finally {
      free.resolve();
      await held;
    }
    await host.drain();
    for (const hearer of ["near", "far"] as const)
      assert.deepEqual(
        (await heard(hearer)).map(({ key }) => key).toSorted((a, b) => a - b),
        Array.from({ length: 11 }, (_, n) => n + 1),
      );
  });

  it("waits for who is away as long as it takes, and asks at least every ten seconds (R6)", async () => {
    isElsewhereAway = true;
    // As after a long night.
    await left(7, "patience", 40);
    const began = await databaseNow(host.database("teller"));
    await host.drain();
    const { rows } = await sql<{ attempts: number; due: number }>`
      SELECT attempts, due_ms AS due FROM outbox`.execute(host.database("teller"));
    assert.ok(rows[0]);
    const { attempts, due } = rows[0];
    // The next try may have been meanwhile.
    assert.ok(attempts >= 41, `${attempts} tries`);
    assert.ok(due > began && due - (await databaseNow(host.database("teller"))) <= 10_000, `${due - began} ms`);
    assert.equal((await heard("near")).length, 1, "those who are here have heard it");
    isElsewhereAway = false;
    await sql`UPDATE outbox SET due_ms = 0`.execute(host.database("teller"));
    await host.drain();
    assert.deepEqual([(await heard("near")).length, await waiting()], [1, 0]);
  });

  it("tells within half a minute what nobody was woken for (the sweep of D2)", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      await tell(1, "woken");
      await host.drain();
      // Committed by a process that died before it could tell.
      await left(2, "left behind", 0);
      assert.equal((await heard("near")).length, 1);
      mock.timers.tick(30_000);
    } finally {
      mock.timers.reset();
    }
    const texts = async () => (await heard("near")).map(({ text }) => text);
    await until(async () => (await texts()).length === 2, { waitMs: 25_000 });
    assert.deepEqual(await texts(), ["woken", "left behind"]);
  });

  it("tells the largest event there may be, and refuses a larger one together with its change", async () => {
    const around = Buffer.byteLength(JSON.stringify({ key: 9, text: "" }));
    const largest = "ä".repeat((eventBytesMax - around) / 2);
    await tell(9, largest);
    await host.drain();
    assert.deepEqual(
      (await heard("near")).map(({ text }) => text === largest),
      [true],
    );
    await assert.rejects(tell(9, `${largest}ä`), { code: "kernel.internal" });
    await host.drain();
    const { rows } = await sql<{ said: number }>`SELECT count(*)::int AS said FROM said`.execute(
      host.database("teller"),
    );
    assert.deepEqual([(await heard("near")).length, await waiting(), rows[0]?.said], [1, 0, 1]);
  });
});

describe("F7: an event that cannot be heard", () => {
  before(open);
  beforeEach(empty);
  after(() => host[Symbol.asyncDispose]());

  it("is given up loudly after its last try: a line of the log, a number that stays, a finding; its key goes on", async () => {
    await left(5, "poison", 11);
    await left(5, "after it", 0);
    await left(6, "beside it", 0);
    await host.drain();
    const texts = (await heard("near")).map(({ text }) => text);
    assert.deepEqual(texts.toSorted(), ["after it", "beside it"]);
    const [line] = lines.filter(({ level }) => level === "error");
    assert.partialDeepStrictEqual(line, { message: "an event was given up", eventType: happened.name, key: 5 });
    assert.ok(!JSON.stringify(line).includes('"poison"'), "what it says is nobody's business");
    const { body } = await metrics.text();
    assert.match(body, /^kinora_teller_dead_events 1$/m);
    assert.match(body, /^events_consumed_total\{consumer="fact\.happened\.v1",result="dead"\} 1$/m);
    assert.match(
      (await host.findings("teller")).join(),
      /fact\.happened\.v1 of 5 was given up after 12 tries: no poison/,
    );
  });
});

interface Heard {
  readonly key: Id;
  readonly text: string;
}
interface Line {
  readonly level: string;
  readonly message: string;
}

let host: TestHost;
let metrics = prometheusMetrics();
let isElsewhereAway = false;
const lines: Line[] = [];
const happened = event("fact.happened.v1", z.object({ key: Id, text: z.string() }));
const teller = contract("teller", 1, {
  tell: command({ auth: "user", input: z.object({ key: Id, text: z.string() }), output: z.object({}) }),
});

const tellerPlugin = plugin({
  contract: teller,
  needs: [],
  events: [happened],
  migrations: ["CREATE TABLE said (key BIGINT NOT NULL)"],
  start: ({ db, emit: say }: Host<{ said: { key: Id } }>) => ({
    handlers: {
      tell: ({ key, text }) =>
        db.tx(async (tx) => {
          await tx.insertInto("said").values({ key }).execute();
          await say(tx, happened, key, { key, text });
          return {};
        }),
    },
  }),
});

const hearing = (name: string) =>
  plugin({
    contract: contract(name, 1, {}),
    needs: [],
    migrations: [
      "CREATE TABLE heard (seq BIGINT GENERATED ALWAYS AS IDENTITY, key BIGINT NOT NULL, text TEXT NOT NULL)",
    ],
    start: (_: Host<{ heard: Heard }>) => ({
      handlers: {},
      subscriptions: [
        on(happened, async (tx, { key, text }) => {
          if (text === "poison") throw new Error("no poison");
          await sql`INSERT INTO heard (key, text) VALUES (${key}, ${text})`.execute(tx);
        }),
      ],
    }),
  });

async function open(): Promise<void> {
  metrics = prometheusMetrics();
  const remoteBus = {
    deliver: async () => {
      if (isElsewhereAway) throw ServiceUnavailable({ service: "elsewhere" });
    },
  };
  host = new TestHost({ parts: { remoteBus, metrics, log: noted({}) } });
  for (const one of [tellerPlugin, hearing("near"), hearing("far")] as const)
    await host.add(one as typeof tellerPlugin); // Each is added as it is.
}

async function empty(): Promise<void> {
  isElsewhereAway = false;
  await host.clear();
  lines.length = 0;
}

const noted = (fields: object): Log => {
  const at =
    (level: string) =>
    (message: string, more: object = {}) =>
      void lines.push({ level, message, ...fields, ...more });
  return {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    with: (more) => noted({ ...fields, ...more }),
  };
};

const tell = (key: Id, text: string) => host.client(teller).tell({ key, text }, callOf(1));

/** In the outbox, with nobody woken for it. */
async function left(key: Id, text: string, attempts: number): Promise<void> {
  const stamp = { traceId: "0".repeat(32), nowMs: Date.now() };
  const db = host.database<KernelTables>("teller");
  await db.transaction().execute(async (tx) => {
    // The raw transaction: the kernel's own would wake the relay.
    await emit(tx, happened, [{ key, payload: { key, text } }], stamp);
    await sql`UPDATE outbox SET attempts = ${attempts} WHERE key = ${key} AND payload LIKE ${`%${text}%`}`.execute(tx);
  });
}

const ofKey = (all: readonly Heard[], key: Id): string[] =>
  all.filter((one) => one.key === key).map(({ text }) => text);
const waiting = async (): Promise<number> => {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM outbox`.execute(
    host.database("teller"),
  );
  return rows[0]?.count ?? 0;
};
const heard = async (hearer: "near" | "far"): Promise<Heard[]> =>
  (await sql<Heard>`SELECT key, text FROM heard ORDER BY seq`.execute(host.database(hearer))).rows;
