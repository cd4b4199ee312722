import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { until } from "#test/until";
import { DamageReports, type FoundDamage } from "./damage-reports.ts";

describe("R5: reports of damaged objects", () => {
  it("wait until a recipient is there, and are passed on in batches", async () => {
    const reports = new DamageReports();
    for (let n = 0; n < 150; n += 1) reports.report(found(n));
    const batches: number[] = [];
    reports.passTo(async (batch) => void batches.push(batch.length), ignore);
    await until(async () => batches.length === 2);
    assert.deepEqual(batches, [100, 50]);
    await reports.close();
  });

  it("are passed on again after a failure", async () => {
    const reports = new DamageReports({ retryMs: 1 });
    const passed: (readonly FoundDamage[])[] = [];
    let failures = 2;
    reports.passTo(async (batch) => {
      failures -= 1;
      if (failures >= 0) throw new Error("away");
      passed.push(batch);
    }, ignore);
    reports.report(found(1));
    await until(async () => passed.length > 0);
    assert.deepEqual(passed, [[found(1)]]);
    await reports.close();
  });

  it("of one object in one store are one within a minute, and one more after it", async () => {
    for (const [repeatMs, expected] of [
      [60_000, 2],
      [0, 3],
    ] as const) {
      const reports = new DamageReports({ repeatMs });
      const seen: FoundDamage[] = [];
      reports.passTo(
        async () => {},
        (one) => void seen.push(one),
      );
      reports.report(found(1));
      reports.report(found(1));
      reports.report({ ...found(1), store: "far" });
      assert.equal(seen.length, expected);
      await reports.close();
    }
  });

  it("that wait are limited to a thousand", async () => {
    const reports = new DamageReports();
    for (let n = 0; n < 1_500; n += 1) reports.report(found(n));
    let count = 0;
    reports.passTo(async (batch) => void (count += batch.length), ignore);
    await until(async () => count === 1_000);
    await reports.close();
    assert.equal(count, 1_000);
  });
});

const ignore = () => {};
const found = (n: number): FoundDamage => ({ key: `media/${n.toString(16).padStart(64, "0")}`, store: "near" });
