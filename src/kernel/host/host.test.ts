import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import {
  type Call,
  command,
  contract,
  event,
  failure,
  type Host,
  Id,
  job,
  on,
  page,
  pageInput,
  pageOf,
  plugin,
  query,
  type Tx,
} from "#kernel";
import { callOf, TestHost } from "./testing.ts";
import type { Generated } from "kysely";
import { z } from "zod";
import { until } from "#test/until";

describe("a host", () => {
  before(async () => {
    await host.add(notePlugin);
    await host.add(readerPlugin);
    await host.add(askerPlugin);
  });
  beforeEach(async () => {
    await host.clear();
    consumed.length = 0;
    worked.length = 0;
    failures = 0;
  });
  after(() => host[Symbol.asyncDispose]());

  it("delivers an event once, in order per key, after the change is committed (D2, D3)", async () => {
    for (const text of ["a", "b", "c"]) await notes.add({ topic: 7, text }, callOf(1));
    await host.drain();
    assert.deepEqual(consumed, ["a", "b", "c"]);
  });

  it("delivers events and runs jobs immediately after the commit", async () => {
    await notes.add({ topic: 7, text: "job now" }, callOf(1));
    // Work that wakes no worker is looked for after half a minute.
    await until(() => consumed.length === 1 && worked.length === 1);
    await host.drain();
  });

  it("lets queries read from replicas, but neither commands nor the queries that commands ask", async () => {
    const call = callOf(1, { readAfter: { log: 7 } });
    assert.deepEqual(await notes.mayRead({}, call), { position: 7 });
    assert.deepEqual(await notes.mayDecideBy({}, call), { position: null });
    const asking = host.client(asker);
    assert.deepEqual(await asking.read({}, call), { position: 7 });
    assert.deepEqual(await asking.decide({}, call), { position: null });
  });

  it("publishes nothing when the transaction fails", async () => {
    await assert.rejects(notes.add({ topic: 7, text: "refuse" }, callOf(1)), { code: "note.refused", http: 409 });
    await host.drain();
    assert.deepEqual([consumed, (await notes.list({}, callOf(1))).items], [[], []]);
  });

  it("delivers an event again after its consumer failed, in the order of its key (D2)", async () => {
    failures = 1;
    await notes.add({ topic: 7, text: "first" }, callOf(1));
    await notes.add({ topic: 7, text: "second" }, callOf(1));
    await until(async () => {
      await host.drain();
      return consumed.length === 2;
    });
    assert.deepEqual(consumed, ["first", "second"]);
  });

  it("delivers events of other keys while one key waits", async () => {
    await notes.add({ topic: 7, text: "stuck" }, callOf(1));
    await host.drain();
    await notes.add({ topic: 8, text: "free" }, callOf(1));
    await host.drain();
    assert.deepEqual(consumed, ["free"]);
  });

  it("returns the first answer under one idempotency key, also to concurrent requests (R3)", async () => {
    const add = () => notes.add({ topic: 1, text: "once" }, callOf(1, { idempotencyKey: "k" }));
    const [first, ...others] = await Promise.all([add(), add(), add()]);
    assert.ok(first);
    for (const other of [...others, await add()]) assert.deepEqual(other, first);
    const { items } = await notes.list({}, callOf(1));
    assert.equal(items.length, 1);
    await assert.rejects(notes.add({ topic: 1, text: "other" }, callOf(1, { idempotencyKey: "k" })), {
      code: "kernel.idempotency_key_reused",
      http: 409,
    });
    const another = await notes.add({ topic: 1, text: "once" }, callOf(2, { idempotencyKey: "k" }));
    assert.notEqual(another.id, first.id);
  });

  it("keeps nothing of a failed command under its idempotency key, so that it can be retried", async () => {
    const call = () => callOf(1, { idempotencyKey: "k" });
    await assert.rejects(notes.add({ topic: 1, text: "refuse" }, call()), { code: "note.refused" });
    assert.equal((await notes.add({ topic: 1, text: "fine" }, call())).text, "fine");
  });

  it("runs a job once, with its result and its end in one transaction (D4)", async () => {
    await notes.add({ topic: 1, text: "job" }, callOf(1));
    await host.drain();
    assert.deepEqual(worked, ["job:1"]);
    await notes.add({ topic: 1, text: "job-unsaved" }, callOf(1));
    await until(async () => {
      await host.drain();
      return worked.includes("died:job-unsaved");
    });
    // Its result was written in the transaction that failed, and went with it.
    const { items } = await notes.list({}, callOf(1));
    assert.deepEqual(items.map(({ text }) => text).toSorted(), ["job", "job-unsaved", "result of job"]);
  });

  it("retries a failing job, and gives it up after its last attempt", async () => {
    await notes.add({ topic: 1, text: "job-broken" }, callOf(1));
    await until(async () => {
      await host.drain();
      return worked.includes("died:job-broken");
    });
    assert.deepEqual(worked, ["job-broken:1", "job-broken:2", "died:job-broken"]);
  });

  it("refuses unauthorized calls, invalid inputs and calls that exceed their deadline (R8)", async () => {
    await assert.rejects(notes.add({ topic: 1, text: "x" }, callOf()), { http: 401, grpc: 16 });
    await assert.rejects(notes.review({}, callOf()), { http: 401 });
    await assert.rejects(notes.review({}, callOf(1)), { code: "gateway.moderators_only", http: 403 });
    for (const role of ["moderator", "admin"] as const)
      assert.deepEqual(await notes.review({}, callOf(1, { role })), {});
    await assert.rejects(notes.purge({}, callOf(1, { role: "moderator" })), { code: "gateway.admins_only" });
    await assert.rejects(notes.purge({}, callOf(1)), { code: "gateway.admins_only", http: 403 });
    assert.deepEqual(await notes.purge({}, callOf(1, { role: "admin" })), {});
    await assert.rejects(notes.add({ topic: 0, text: "x" }, callOf(1)), { code: "kernel.invalid_input", http: 400 });
    await assert.rejects(notes.slow({}, callOf(1, { signal: AbortSignal.timeout(50) })), {
      code: "kernel.deadline_exceeded",
      http: 503,
    });
    await assert.rejects(notes.broken({}, callOf(1)), {
      code: "kernel.internal",
      http: 500,
      message: "something went wrong on our side",
    });
  });

  it("returns only the fields that the contract lists", async () => {
    const added = await notes.add({ topic: 1, text: "x" }, callOf(1));
    assert.deepEqual(Object.keys(added), ["id", "text"]);
  });

  it("pages through every row once while rows are added and deleted", async () => {
    for (const text of ["a", "b", "c", "d", "e"]) await notes.add({ topic: 1, text }, callOf(1));
    const first = await notes.list({ limit: 2, count: true }, callOf(1));
    await notes.add({ topic: 1, text: "f" }, callOf(1));
    const seen = first.items.map(({ text }) => text);
    // The last row of the page that was read, and one of a page to come.
    await notes.remove({ text: "d" }, callOf(1));
    await notes.remove({ text: "b" }, callOf(1));
    for (let { next } = first; next !== null; ) {
      const more = await notes.list({ limit: 2, cursor: next }, callOf(1));
      seen.push(...more.items.map(({ text }) => text));
      next = more.next;
    }
    assert.deepEqual([seen, first.total], [["e", "d", "c", "a"], 5]);
    await assert.rejects(notes.list({ cursor: "bm8" }, callOf(1)), { code: "kernel.bad_cursor", http: 400 });
    await assert.rejects(notes.list({ cursor: Buffer.from("9".repeat(16)).toString("base64url") }, callOf(1)), {
      http: 400,
    });
  });

  it("refuses plugins with circular dependencies", async () => {
    const [a, b] = ["a", "b"].map((name) => contract(name, 1, {}));
    assert.ok(a && b);
    const start = () => ({ handlers: {} });
    const circle = [
      plugin({ contract: a, needs: [b], migrations: [], start }),
      plugin({ contract: b, needs: [a], migrations: [], start }),
    ];
    await assert.rejects((await host.host()).addAll(circle), /a → b → a/);
  });
});

interface Tables {
  notes: { seq: Generated<number>; id: number; topic: number; text: string; secret: string };
}
const Note = z.object({ id: Id, text: z.string() });
const Refused = failure("conflict", "note.refused", "this note is refused");
const Position = z.object({ position: z.int().nullable() });
const note = contract("note", 1, {
  add: command({
    auth: "user",
    input: z.object({ topic: Id, text: z.string().max(50) }),
    output: Note,
    errors: [Refused],
  }),
  list: query({ auth: "public", input: z.object(pageInput), output: page(Note) }),
  mayRead: query({ auth: "public", input: z.object({}), output: Position }),
  mayDecideBy: command({ auth: "user", input: z.object({}), output: Position }),
  remove: command({ auth: "user", input: z.object({ text: z.string() }), output: z.object({}) }),
  purge: command({ auth: "admin", input: z.object({}), output: z.object({}) }),
  review: query({ auth: "moderator", input: z.object({}), output: z.object({}) }),
  slow: query({ auth: "public", input: z.object({}), output: z.object({}) }),
  broken: query({ auth: "public", input: z.object({}), output: z.object({}) }),
});
const noteAdded = event("note.added.v1", z.object({ text: z.string() }));

const consumed: string[] = [];
const worked: string[] = [];
let failures = 0;

const notePlugin = plugin({
  contract: note,
  needs: [],
  migrations: [
    `CREATE TABLE notes (seq BIGINT GENERATED ALWAYS AS IDENTITY, id BIGINT PRIMARY KEY, topic BIGINT NOT NULL, text TEXT NOT NULL, secret TEXT NOT NULL)`,
  ],
  start({ db, emit, nextId, jobs }: Host<Tables>) {
    const insert = (tx: Tx<Tables>, row: { id: number; topic: number; text: string }) =>
      tx
        .insertInto("notes")
        .values({ ...row, secret: "s" })
        .returning(["id", "text", "secret"])
        .executeTakeFirstOrThrow();
    const positionOf = ({ readAfter }: Call) => ({ position: readAfter?.["log"] ?? null });
    return {
      handlers: {
        mayRead: async (_, call) => positionOf(call),
        mayDecideBy: async (_, call) => positionOf(call),
        add: ({ topic, text }) =>
          db.tx(async (tx) => {
            const row = await insert(tx, { id: nextId(), topic, text });
            await emit(tx, noteAdded, topic, { text });
            if (text.startsWith("job")) await jobs.add(tx, "work", { payload: { text } });
            if (text === "refuse") throw Refused({});
            return row;
          }),
        list: (asked) => pageOf(db, db.selectFrom("notes").select(["id", "text"]), { id: "id" }, asked),
        remove: async ({ text }) => {
          await db.deleteFrom("notes").where("text", "=", text).execute();
          return {};
        },
        purge: async () => ({}),
        review: async () => ({}),
        slow: () => new Promise<Record<string, never>>((resolve) => setTimeout(resolve, 5_000, {}).unref()),
        broken: () => Promise.reject<Record<string, never>>(new Error("a secret of the database")),
      },
      jobs: [
        job<{ text: string }>({
          kind: "work",
          concurrency: 2,
          attemptsMax: 2,
          leaseMs: 60_000,
          async run(running) {
            const { payload, attempt } = running;
            worked.push(`${payload.text}:${attempt}`);
            if (payload.text === "job-broken") throw new Error("broken");
            await running.finish<Tables>(async (tx) => {
              await insert(tx, { id: nextId(), topic: 1, text: `result of ${payload.text}` });
              if (payload.text === "job-unsaved") throw new Error("broken");
            });
          },
          onGiveUp: async (_, { payload }) => void worked.push(`died:${payload.text}`),
        }),
      ],
    };
  },
});

const asker = contract("asker", 1, {
  read: query({ auth: "public", input: z.object({}), output: Position }),
  decide: command({ auth: "user", input: z.object({}), output: Position }),
});
const askerPlugin = plugin({
  contract: asker,
  needs: [note],
  migrations: [],
  start({ client }: Host) {
    const { mayRead } = client(note);
    return { handlers: { read: mayRead, decide: mayRead } };
  },
});

const readerPlugin = plugin({
  contract: contract("reader", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {},
    subscriptions: [
      on(noteAdded, async (_, { text }) => {
        if (text === "stuck" || failures-- > 0) throw new Error("not now");
        consumed.push(text);
      }),
    ],
  }),
});

const host = new TestHost();
const notes = host.client(note);
