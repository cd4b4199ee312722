import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { command, contract, event, failure, type Host, on, plugin, type Tx } from "#kernel";
import { callOf, TestHost } from "../host/testing.ts";
import { z } from "zod";
import { until } from "#test/until";

describe("an event published during a command of its consumer", () => {
  before(async () => {
    await host.add(shelfPlugin);
    await host.add(deskPlugin);
  });
  after(() => host[Symbol.asyncDispose]());

  it("is consumed in its own transaction, and is not lost when the command fails (D2)", async () => {
    const call = callOf(1, { idempotencyKey: "one transaction for the whole command" });
    await assert.rejects(host.client(desk).takeAndFail({}, call), { code: "desk.failed" });
    await host.drain();
    const notes = await host.database<Tables>("desk").selectFrom("notes").select("text").execute();
    assert.deepEqual(notes, [{ text: "taken" }]);
  });
});

interface Tables {
  notes: { text: string };
}
const nothing = z.object({});
const Failed = failure("conflict", "desk.failed", "it does not work out");
const taken = event("shelf.taken.v1", nothing);
const shelf = contract("shelf", 1, { take: command({ auth: "user", input: nothing, output: nothing }) });
const desk = contract("desk", 1, {
  takeAndFail: command({ auth: "user", idempotent: true, input: nothing, output: nothing, errors: [Failed] }),
});

let hasReceived = false;
const shelfPlugin = plugin({
  contract: shelf,
  needs: [],
  migrations: [],
  events: [taken],
  start: ({ db, emit }: Host<object>) => ({
    handlers: {
      async take() {
        await db.tx((tx) => emit(tx, taken, 1, {}));
        return {};
      },
    },
  }),
});
const deskPlugin = plugin({
  contract: desk,
  needs: [shelf],
  migrations: ["CREATE TABLE notes (text TEXT NOT NULL)"],
  start: ({ client }: Host<Tables>) => ({
    handlers: {
      async takeAndFail() {
        await client(shelf).take({}, callOf(1));
        await until(() => hasReceived);
        throw Failed({});
      },
    },
    subscriptions: [
      on(taken, async (tx: Tx<Tables>) => {
        await tx.insertInto("notes").values({ text: "taken" }).execute();
        hasReceived = true;
      }),
    ],
  }),
});

const host = new TestHost();
