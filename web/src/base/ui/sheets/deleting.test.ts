import assert from "node:assert/strict";
import { after, before, describe, it, mock } from "node:test";

describe("a deletion that can be undone", () => {
  before(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    Object.defineProperty(globalThis, "window", { value: new EventTarget(), configurable: true });
  });
  after(() => {
    mock.timers.reset();
    Reflect.deleteProperty(globalThis, "window");
  });

  async function deletionsOf(removed: number[][]) {
    const { deletions, undoMs } = await import("./deleting.ts");
    const { finishWork } = await import("#base/api/session/session.ts");
    const removeMany = async (ids: readonly number[]) => void removed.push([...ids]);
    return { undoMs, finishWork, ...deletions(async (id) => void removed.push([id]), removeMany) };
  }
  const fail = () => assert.fail("no deletion fails here");

  it("is sent after its time, and not if it was undone", async () => {
    const removed: number[][] = [];
    const { deleteLater, undoMs } = await deletionsOf(removed);
    deleteLater(1, fail);
    deleteLater(2, fail)();
    mock.timers.tick(undoMs - 1);
    assert.deepEqual(removed, []);
    mock.timers.tick(1);
    assert.deepEqual(removed, [[1]]);
  });

  it("is sent before a log-out, once, with those that were deleted together", async () => {
    const removed: number[][] = [];
    const { deleteAllLater, undoMs, finishWork } = await deletionsOf(removed);
    deleteAllLater([3, 4], fail);
    await finishWork();
    assert.deepEqual(removed, [[3, 4]]);
    mock.timers.tick(undoMs);
    assert.deepEqual(removed, [[3, 4]]);
  });

  it("is sent when the page is left", async () => {
    const removed: number[][] = [];
    const { deleteLater } = await deletionsOf(removed);
    deleteLater(5, fail);
    window.dispatchEvent(new Event("pagehide"));
    assert.deepEqual(removed, [[5]]);
  });
});
