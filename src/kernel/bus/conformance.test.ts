import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { contract, event, on, plugin } from "#kernel";
import { TestHost } from "#kernel/testing";
import { z } from "zod";
import { staticRegistry } from "../registry/static.ts";
import { processBus } from "../rpc/bus.ts";
import { uuidv7 } from "../uuid.ts";
import type { Bus, Delivery } from "./port.ts";

/** What every bus promises, with two services that hear; each adapter is run through it. */
for (const [name, open] of [
  ["within one process", withinOne],
  ["between two processes", betweenTwo],
] as const)
  describe(`the bus ${name}`, () => {
    before(async () => {
      bus = await open();
    });
    beforeEach(() => {
      heard.length = 0;
      refuse = undefined;
    });
    after(() => Promise.all(hosts.splice(0).map((host) => host[Symbol.asyncDispose]())));

    it("has told everybody who hears by the time it settles", async () => {
      await bus.deliver(fact("one"));
      assert.deepEqual(heard.toSorted(), ["left:one", "right:one"]);
    });

    it("may tell a fact again: it is heard once (D3)", async () => {
      const same = fact("two");
      await Promise.all([bus.deliver(same), bus.deliver(same)]);
      await bus.deliver(same);
      assert.deepEqual(heard.toSorted(), ["left:two", "right:two"]);
    });

    it("fails when one could not hear, and the others have heard all the same (D2)", async () => {
      refuse = "left";
      const same = fact("three");
      await assert.rejects(bus.deliver(same));
      assert.deepEqual(heard, ["right:three"]);
      refuse = undefined;
      await bus.deliver(same);
      assert.deepEqual(heard, ["right:three", "left:three"]);
    });

    it("carries what nobody hears", async () => {
      await bus.deliver({ ...fact("four"), type: "fact.unheard.v1" });
      assert.deepEqual(heard, []);
    });

    it("carries what has fields nobody knows yet", async () => {
      await bus.deliver({ ...fact("five"), payload: JSON.stringify({ text: "five", since: "tomorrow" }) });
      assert.deepEqual(heard.toSorted(), ["left:five", "right:five"]);
    });

    it("fails for a payload its type does not allow, and nothing of it is kept", async () => {
      const wrong = { ...fact("six"), payload: JSON.stringify({ text: 6 }) };
      await assert.rejects(bus.deliver(wrong));
      await bus.deliver({ ...wrong, payload: JSON.stringify({ text: "six" }) });
      assert.deepEqual(heard.toSorted(), ["left:six", "right:six"]);
    });

    it("carries many at once, each heard once; one that cannot be heard fails alone (D2, D3)", async () => {
      const many = Array.from({ length: 100 }, (_, n) => fact(`many ${n}`));
      const wrong = { ...fact("wrong"), payload: "{}" };
      const told = await Promise.allSettled([...many, wrong, ...many].map((one) => bus.deliver(one)));
      assert.deepEqual(
        told.flatMap(({ status }, n) => (status === "rejected" ? [n] : [])),
        [many.length],
      );
      // What is heard is undone with its transaction, which this list is not.
      assert.equal(new Set(heard).size, 2 * many.length);
      const again = heard.length;
      await Promise.all(many.map((one) => bus.deliver(one)));
      assert.equal(heard.length, again);
    });
  });

let bus: Bus;
const hosts: TestHost[] = [];
const heard: string[] = [];
let refuse: string | undefined;

const happened = event("fact.happened.v1", z.object({ text: z.string() }));
const fact = (text: string): Delivery => ({
  eventId: uuidv7(Date.now()),
  type: happened.name,
  key: 1,
  payload: JSON.stringify({ text }),
  traceId: "0".repeat(32),
});
const hearing = (name: string) =>
  plugin({
    contract: contract(name, 1, {}),
    needs: [],
    migrations: [],
    start: () => ({
      handlers: {},
      subscriptions: [
        on(happened, async (_, { text }) => {
          if (refuse === name) throw new Error("not now");
          heard.push(`${name}:${text}`);
        }),
      ],
    }),
  });

async function running(...names: readonly string[]) {
  const host = new TestHost();
  hosts.push(host);
  for (const name of names) await host.add(hearing(name));
  return host.host();
}

async function withinOne(): Promise<Bus> {
  const host = await running("left", "right");
  return { deliver: (told) => host.deliver(told) };
}

async function betweenTwo(): Promise<Bus> {
  const processes = new Map([
    ["left.local:1", await running("left")],
    ["right.local:2", await running("right")],
  ]);
  return processBus({
    registry: staticRegistry({ left: ["left.local:1"], right: ["right.local:2"] }),
    isHere: () => false,
    at: ({ host, port }) => ({
      async hear(told) {
        await processes.get(`${host}:${port}`)?.hear(told);
        return {};
      },
    }),
  });
}
