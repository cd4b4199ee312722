import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { command, contract, type Host, type Job, job, plugin } from "#kernel";
import { callOf, TestHost } from "../host/testing.ts";
import { currentTrace } from "#kernel/trace";
import { sql } from "kysely";
import { z } from "zod";
import { until } from "#test/until";

describe("a job", () => {
  before(() => host.add(stepperPlugin));
  beforeEach(async () => {
    await host.clear();
    runs.length = 0;
  });
  after(() => host[Symbol.asyncDispose]());

  it("commits each of its steps atomically while it runs", async () => {
    work = async (running) => {
      await running.step<Tables>(async (tx) => void (await tx.insertInto("steps").values({ name: "one" }).execute()));
      assert.deepEqual([await steps(), await states()], [["one"], ["running"]]);
      const broken = running.step<Tables>(async (tx) => {
        await tx.insertInto("steps").values({ name: "two" }).execute();
        throw new Error("broken");
      });
      await assert.rejects(broken, /broken/);
      await running.finish<Tables>(
        async (tx) => void (await tx.insertInto("steps").values({ name: "three" }).execute()),
      );
    };
    await add();
    assert.deepEqual([await steps(), await states()], [["one", "three"], ["done"]]);
  });

  it("commits no step after another worker has taken it over (D4)", async () => {
    work = async (running) => {
      if (runs.length > 1) return;
      await sql`UPDATE jobs SET fence = fence + 1`.execute(database());
      const late = running.step<Tables>(
        async (tx) => void (await tx.insertInto("steps").values({ name: "late" }).execute()),
      );
      await assert.rejects(late, { code: "kernel.stale_lease" });
      await sql`UPDATE jobs SET state = 'queued'`.execute(database());
    };
    await add();
    assert.deepEqual([await steps(), runs], [[], [1, 2]]);
  });

  it("keeps its attempts when it is put off", async () => {
    work = async (running) => {
      if (runs.length < 4) await running.putOff(0, "not yet");
    };
    await add();
    assert.deepEqual([runs, await states()], [[1, 1, 1, 1], ["done"]]);
  });

  it("runs under the trace of the call that added it, whichever call woke its worker", async () => {
    const traces: string[] = [];
    work = async () => void traces.push(currentTrace());
    const calls = [callOf(1), callOf(1), callOf(1)];
    // One worker runs one after the other: the calls that come later wake it for the first one's job, and find it busy.
    await Promise.all(calls.map((call) => host.client(stepper).add({}, call)));
    await host.drain();
    await until(() => traces.length === calls.length);
    assert.deepEqual(traces.toSorted(), calls.map(({ traceId }) => traceId).toSorted());
    assert.equal(new Set(traces).size, calls.length);
  });

  it("is retried soon after a failure, not when its lease ends", async () => {
    work = async () => {
      if (runs.length === 1) throw new Error("broken");
    };
    const began = performance.now();
    await add();
    await until(async () => (await states())[0] === "done");
    assert.ok(performance.now() - began < 25_000, "it was not tried again in time");
    assert.deepEqual(runs, [1, 2]);
  });

  it("counts as waiting while it is put off", async () => {
    work = (running) => running.putOff(60_000, "not yet");
    await add();
    assert.deepEqual(await serviceHost.jobs.count("step"), { queued: 1, running: 0 });
  });
});

interface Tables {
  steps: { name: string };
}
const stepper = contract("stepper", 1, { add: command({ auth: "user", input: z.object({}), output: z.object({}) }) });
const runs: number[] = [];
let work: (running: Job) => Promise<void>;
let serviceHost: Host<Tables>;

const stepperPlugin = plugin({
  contract: stepper,
  needs: [],
  migrations: ["CREATE TABLE steps (name TEXT NOT NULL)"],
  start(own: Host<Tables>) {
    serviceHost = own;
    return {
      handlers: {
        async add() {
          await own.db.tx((tx) => own.jobs.add(tx, "step", { payload: {} }));
          return {};
        },
      },
      jobs: [
        job({
          kind: "step",
          concurrency: 1,
          attemptsMax: 2,
          leaseMs: 30_000,
          async run(running) {
            runs.push(running.attempt);
            await work(running);
          },
        }),
      ],
    };
  },
});

const host = new TestHost();
const database = () => host.database<Tables>("stepper");
const steps = async () =>
  (await database().selectFrom("steps").select("name").orderBy("name").execute()).map(({ name }) => name);
const states = async () =>
  (await sql<{ state: string }>`SELECT state FROM jobs`.execute(database())).rows.map(({ state }) => state);

async function add(): Promise<void> {
  await host.client(stepper).add({}, callOf(1));
  await host.drain();
}
