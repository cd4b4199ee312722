import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onDisk } from "#kernel/blob/testing";
import { openSnapshot, snapshotLifeMs, storeSnapshot } from "./snapshot.ts";

describe("a prepared export", () => {
  it("is found by its name and account for a day, and no file of it is taken for one", async () => {
    await using store = await onDisk();
    const { store: blob } = store;
    async function* files() {
      yield { path: "a.json", changedAtMs: 0, text: ["[", "1]"] };
      yield { path: "b.json", changedAtMs: 0, text: [] };
    }
    const reports: number[] = [];
    const { id, sizeBytes } = await storeSnapshot(blob, {
      userId: 7,
      username: "mira",
      madeAtMs: 1_000,
      files: files(),
      report: (done) => reports.push(done),
    });
    assert.deepEqual(reports, [0, 1]);
    const snapshot = await openSnapshot(blob, id, 7, 1_000 + snapshotLifeMs);
    assert.deepEqual([snapshot?.username, snapshot?.plan.sizeBytes], ["mira", sizeBytes]);
    assert.deepEqual(
      snapshot?.plan.entries.map(({ path, sizeBytes: size }) => [path, size]),
      [
        ["a.json", 3],
        ["b.json", 0],
      ],
    );
    assert.equal(await openSnapshot(blob, id, 8, 1_000), undefined);
    assert.equal(await openSnapshot(blob, id, 7, 1_001 + snapshotLifeMs), undefined);
    const [, fileId = ""] = snapshot?.plan.entries[0]?.key?.split("/") ?? [];
    for (const other of [fileId, "../../etc/passwd", "", "0".repeat(64)])
      assert.equal(await openSnapshot(blob, other, 7, 1_000), undefined, other);
  });

  it("has another name each time, so that nobody guesses it", async () => {
    await using store = await onDisk();
    async function* files() {
      yield { path: "a.json", changedAtMs: 0, text: ["[]"] };
    }
    const parts = () => ({ userId: 7, username: "mira", madeAtMs: 0, files: files(), report: () => undefined });
    const [one, two] = [await storeSnapshot(store.store, parts()), await storeSnapshot(store.store, parts())];
    assert.notEqual(one.id, two.id);
  });
});
