import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { KinoraError } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { sql } from "kysely";
import { auth } from "../contract.ts";
import { authPlugin } from "../plugin.ts";
import { beginsWithZeros, puzzleLifeMs } from "./work.ts";

describe("the proof of work of a sign-up", () => {
  before(() => host.add(authPlugin));
  beforeEach(async () => {
    await host.clear();
    await sql`INSERT INTO auth.instance DEFAULT VALUES`.execute(host.database("auth"));
    clockMs = Date.UTC(2026, 10, 20);
  });
  after(() => host[Symbol.asyncDispose]());

  it("is not asked for by default", async () => {
    assert.deepEqual(await client.work({}, callOf()), { puzzle: null });
    await join();
  });

  it("is needed where an administrator says so, and its refusal has a puzzle that a client can solve", async () => {
    await askFor(6);
    const error = await join().catch((thrown: unknown) => thrown);
    assert.ok(error instanceof KinoraError);
    assert.deepEqual([error.code, error.http], ["auth.work_needed", 400]);
    const { shown } = error.details as { shown: { puzzle: string; bits: number } };
    assert.equal(shown.bits, 6);
    await join({ puzzle: shown.puzzle, nonce: solve(shown.puzzle, 6) });
  });

  it("is good once, also of twenty sign-ups at the same moment", async () => {
    const work = await solved(4);
    const sign = (at: number) => client.register({ username: `mira${at}`, password, work }, callOf());
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, at) => sign(at)));
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  });

  it("is refused late, with another number, easier than it is by now, altered, or of another instance", async () => {
    const work = await solved(4);
    const needed = { code: "auth.work_needed" };
    const wrong = Array.from({ length: 100 }, (_, nonce) => nonce).find((nonce) => !isDone(work.puzzle, nonce, 4));
    await assert.rejects(join({ ...work, nonce: wrong ?? 0 }), needed);
    const easier = work.puzzle.replace(".4.", ".0.");
    await assert.rejects(join({ puzzle: easier, nonce: 0 }), needed);
    await assert.rejects(join({ puzzle: `${work.puzzle}x`, nonce: 0 }), needed);
    await assert.rejects(join({ puzzle: "", nonce: 0 }), needed);
    await askFor(8);
    await assert.rejects(join(work), needed);
    await askFor(4);
    clockMs += puzzleLifeMs;
    await assert.rejects(join(work), needed);
  });

  it("is not used up by a sign-up that its user has to mend", async () => {
    const work = await solved(4);
    const weak = client.register({ username: "mira", password: "12345678", strict: true, work }, callOf());
    await assert.rejects(weak, { code: "auth.weak_password" });
    await join(work);
  });
});

const password = "correct horse";
let clockMs = 0;
const host = new TestHost({ environment: { now: () => clockMs } });
const client = host.client(auth);
const admin = callOf(1, { role: "admin" });
const askFor = (workBits: number) => client.setRegistration({ workBits }, admin);
const join = (work?: { puzzle: string; nonce: number }) =>
  client.register({ username: "mira", password, ...(work && { work }) }, callOf());

const isDone = (puzzle: string, nonce: number, bits: number) => beginsWithZeros(`${puzzle}:${nonce}`, bits);
function solve(puzzle: string, bits: number): number {
  for (let nonce = 0; ; nonce++) if (isDone(puzzle, nonce, bits)) return nonce;
}
async function solved(bits: number): Promise<{ puzzle: string; nonce: number }> {
  await askFor(bits);
  const { puzzle } = await client.work({}, callOf());
  assert.ok(puzzle !== null);
  return { puzzle, nonce: solve(puzzle, bits) };
}
