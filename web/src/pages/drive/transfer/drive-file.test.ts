import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Item, type Status, step } from "#parts/upload/queue/item.ts";
import { type Details, isDetails, placementOf, totalsOf } from "./drive-file.ts";

describe("a file on its way to the drive", () => {
  it("asks the user about a taken name, unless a choice was made before", () => {
    const asking = step(fresh, placementOf(fresh, 7, true));
    assert.deepEqual([asking.status, asking.details.folderId], ["asking", 7]);
    assert.equal(step(fresh, placementOf(fresh, 7, false)).status, "waiting");
    const replacing: Item<Details> = { ...fresh, details: { ...fresh.details, conflict: "replace" } };
    assert.equal(step(replacing, placementOf(replacing, null, true)).status, "waiting");
    const { details } = asking;
    const choose = (conflict: "rename" | "skip") =>
      step(asking, { kind: "choose", details: { ...details, conflict }, isSkipped: conflict === "skip" });
    assert.equal(choose("skip").status, "skipped");
    assert.deepEqual(choose("rename"), { ...asking, status: "waiting", details: { ...details, conflict: "rename" } });
  });

  it("is read only with its place", () => {
    assert.equal(isDetails(JSON.parse(JSON.stringify(fresh.details))), true);
    for (const value of [undefined, null, {}, { path: 7, rootId: null, folderId: null }])
      assert.equal(isDetails(value), false);
  });

  it("is totalled by its state, and its bytes unless it is skipped", () => {
    const items = [
      { ...inStatus("done", 0), sentBytes: 100 },
      { ...inStatus("sending", 1), sentBytes: 20 },
      inStatus("skipped", 2),
      inStatus("failed", 3),
    ];
    const { count, over, active, failed, sizeBytes, sentBytes } = totalsOf(items);
    assert.deepEqual([count, over, active, failed, sizeBytes, sentBytes], [4, 2, 1, 1, 300, 120]);
  });
});

const fresh: Item<Details> = {
  key: "k",
  kind: "drive",
  userId: 1,
  name: "a.txt",
  sizeBytes: 100,
  modifiedMs: 5,
  status: "preparing",
  isPlaced: false,
  url: null,
  headHash: null,
  sha256: null,
  sentBytes: 0,
  failure: null,
  details: { path: "", rootId: null, folderId: null, conflict: null },
};
const inStatus = (status: Status, place: number): Item<Details> => ({ ...fresh, key: `k${place}`, status });
