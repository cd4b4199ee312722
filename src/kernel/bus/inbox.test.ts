import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { event, on, onAll } from "#kernel";
import { openDb } from "#kernel/db/pool";
import type { Db } from "#kernel/db/port";
import { currentTrace } from "#kernel/trace";
import { testDatabase } from "#kernel/testing";
import { z } from "zod";
import { uuidv7 } from "../uuid.ts";
import { hear } from "./inbox.ts";
import type { Delivery } from "./port.ts";

describe("the inbox", () => {
  before(async () => {
    db = openDb(await testDatabase("inbox", []), { service: "inbox" });
  });
  beforeEach(() => void heard.splice(0));
  after(() => db.close());

  it("hears in the order of telling, neighbours of one type together, each under its own trace", async () => {
    await db.tx((tx) => hear(tx, subscriptions, [a(1), a(2), b(3), a(4)]));
    assert.deepEqual(heard, ["all 1,2", "one 1 trace 1", "one 2 trace 2", "b 3", "all 4", "one 4 trace 4"]);
  });

  it("passes over what it heard before, also a moment ago (D3)", async () => {
    const first = a(1);
    await db.tx((tx) => hear(tx, subscriptions, [first, first]));
    await db.tx((tx) => hear(tx, subscriptions, [first, a(2), first]));
    assert.deepEqual(heard, ["all 1", "one 1 trace 1", "all 2", "one 2 trace 2"]);
  });

  it("has heard nothing of what it could not keep", async () => {
    const both = [a(1), b(-1)];
    await assert.rejects(
      db.tx((tx) => hear(tx, subscriptions, both)),
      /no/,
    );
    heard.length = 0;
    await db.tx((tx) => hear(tx, subscriptions, both.slice(0, 1)));
    assert.deepEqual(heard, ["all 1", "one 1 trace 1"]);
  });
});

let db: Db<unknown>;
const heard: string[] = [];
const A = event("inbox.a.v1", z.object({ n: z.int() }));
const B = event("inbox.b.v1", z.object({ n: z.int() }));
const subscriptions = [
  onAll(A, async (_, all) => void heard.push(`all ${all.map(({ n }) => n).join()}`)),
  on(A, async (_, { n }) => void heard.push(`one ${n} ${currentTrace()}`)),
  on(B, async (_, { n }) => {
    if (n < 0) throw new Error("no");
    heard.push(`b ${n}`);
  }),
];

const told = (type: string, n: number): Delivery => ({
  eventId: uuidv7(Date.now()),
  type,
  key: n,
  payload: JSON.stringify({ n }),
  traceId: `trace ${n}`,
});
const a = (n: number) => told(A.name, n);
const b = (n: number) => told(B.name, n);
