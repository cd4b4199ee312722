import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf, TestHost } from "#kernel/host/testing";
import { sql } from "kysely";
import { auth } from "./contract.ts";
import { authPlugin } from "./plugin.ts";

describe("the daily salt of address pseudonyms", () => {
  before(() => host.add(authPlugin));
  beforeEach(async () => {
    clockMs = Date.UTC(2026, 10, 20, 23);
    await host.clear();
  });
  after(() => host[Symbol.asyncDispose]());

  it("is the same for all concurrent requests of a day, with the time until its end", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, ask));
    assert.equal(new Set(all.map(({ salt }) => salt)).size, 1);
    assert.ok(all.every(({ salt, endsInMs }) => salt.length >= 22 && endsInMs === hourMs));
    assert.deepEqual(await kept(), [all[0]?.salt]);
    clockMs += hourMs / 2;
    assert.deepEqual(await ask(), { salt: all[0]?.salt, endsInMs: hourMs / 2 });
  });

  it("changes on the next day, and the previous one is deleted", async () => {
    const { salt: before } = await ask();
    clockMs += hourMs;
    const all = await Promise.all(Array.from({ length: 20 }, ask));
    const [{ salt, endsInMs } = { salt: "", endsInMs: 0 }] = all;
    assert.ok(all.every((one) => one.salt === salt));
    assert.notEqual(salt, before);
    assert.equal(endsInMs, 24 * hourMs);
    assert.deepEqual(await kept(), [salt]);
  });

  it("is deleted at the end of its day, even without a further request", async () => {
    await ask();
    await host.tick("auth.salt");
    assert.equal((await kept()).length, 1);
    clockMs += hourMs;
    await host.tick("auth.salt");
    assert.deepEqual(await kept(), []);
  });

  it("tolerates a clock slightly behind, and is replaced after a clock far ahead", async () => {
    clockMs += hourMs;
    const { salt } = await ask();
    clockMs -= 1_000;
    assert.deepEqual(await ask(), { salt, endsInMs: 24 * hourMs + 1_000 });
    clockMs += 365 * 24 * hourMs;
    const { salt: distant } = await ask();
    clockMs -= 365 * 24 * hourMs;
    const { salt: now, endsInMs } = await ask();
    assert.notEqual(now, distant);
    assert.equal(endsInMs, 1_000);
  });

  it("is returned to services alone", async () => {
    const { sourceSalt } = (await host.host()).client(auth);
    await sourceSalt({}, callOf());
    const stranger = async () => (await host.host()).dispatch("auth", "sourceSalt", {}, callOf(1, { role: "admin" }));
    await assert.rejects(stranger, { code: "kernel.services_only" });
  });
});

const hourMs = 3_600_000;
let clockMs = 0;
const host = new TestHost({ environment: { now: () => clockMs } });
const ask = () => host.client(auth).sourceSalt({}, callOf());

/** Every salt there is in the database. */
async function kept(): Promise<string[]> {
  const { rows } = await sql<{ salt: string }>`SELECT salt FROM auth.source_salt`.execute(host.database("auth"));
  return rows.map(({ salt }) => salt);
}
