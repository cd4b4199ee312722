import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { event, on, onAll } from "#kernel";
import { openDb } from "#kernel/db/pool";
import type { Db } from "#kernel/db/port";
import type { KernelTables } from "#kernel/db/tables";
import { currentTrace } from "#kernel/trace";
import { testDatabase } from "../host/testing.ts";
import { z } from "zod";
import { uuidv7 } from "../ids/uuid.ts";
import { applyEvents, recordReceived } from "./inbox.ts";
import type { Delivery } from "./port.ts";

describe("the inbox", () => {
  before(async () => {
    db = openDb(await testDatabase("inbox", []), { service: "inbox" });
  });
  beforeEach(() => void consumed.splice(0));
  after(() => db.close());

  it("applies events in order, adjacent ones of one type together, each under its own trace", async () => {
    await consume([a(1), a(2), b(3), a(4)]);
    assert.deepEqual(consumed, ["all 1,2", "one 1 trace 1", "one 2 trace 2", "b 3", "all 4", "one 4 trace 4"]);
  });

  it("skips events that it received before, also within one batch (D3)", async () => {
    const first = a(1);
    await consume([first, first]);
    await consume([first, a(2), first]);
    assert.deepEqual(consumed, ["all 1", "one 1 trace 1", "all 2", "one 2 trace 2"]);
  });

  it("records no event of a batch that was rolled back", async () => {
    const both = [a(1), b(-1)];
    await assert.rejects(consume(both), /no/);
    consumed.length = 0;
    await consume(both.slice(0, 1));
    assert.deepEqual(consumed, ["all 1", "one 1 trace 1"]);
  });
});

let db: Db<KernelTables>;
/** As a consumer does, where nothing is pending. */
const consume = (events: readonly Delivery[]) =>
  db.tx(async (tx) => {
    const received = await recordReceived(tx, events);
    await applyEvents<KernelTables>(
      tx,
      subscriptions,
      received.map(({ event }) => event),
    );
  });
const consumed: string[] = [];
const A = event("inbox.a.v1", z.object({ n: z.int() }));
const B = event("inbox.b.v1", z.object({ n: z.int() }));
const subscriptions = [
  onAll(A, async (_, all) => void consumed.push(`all ${all.map(({ n }) => n).join()}`)),
  on(A, async (_, { n }) => void consumed.push(`one ${n} ${currentTrace()}`)),
  on(B, async (_, { n }) => {
    if (n < 0) throw new Error("no");
    consumed.push(`b ${n}`);
  }),
];

const deliveryOf = (type: string, n: number): Delivery => ({
  eventId: uuidv7(Date.now()),
  type,
  source: "publisher",
  key: n,
  payload: JSON.stringify({ n }),
  traceId: `trace ${n}`,
});
const a = (n: number) => deliveryOf(A.name, n);
const b = (n: number) => deliveryOf(B.name, n);
