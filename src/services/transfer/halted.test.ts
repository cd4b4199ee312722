import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, describe, it } from "node:test";
import { StorageUnavailable } from "#kernel/errors";
import { until } from "#test/until";
import * as store from "./store.ts";
import { admin, TransferFixture } from "./testing.ts";
import type { Clock } from "./worker/pace.ts";

describe("a transfer that is halted during the copy of an object", () => {
  before(async () => {
    fixture = await TransferFixture.open({ clock });
  });
  afterEach(() => fixture.clear());
  after(() => fixture[Symbol.asyncDispose]());

  it("reports zero bytes in progress while it is paused", async () => {
    await fixture.put(randomBytes(4 * 2 ** 20));
    const gate = clock.hold();
    const { id } = await fixture.begin({ kind: "copy", from: "near", to: "far", bytesPerSecond: 1_000 });
    await until(() => clock.isHeld);
    await fixture.client.pause({ id }, admin());
    gate.resolve();
    await fixture.host.drain();
    const paused = async () => {
      const { status, bytesDone } = await fixture.client.get({ id }, admin());
      assert.deepEqual([status, bytesDone], ["paused", 0]);
    };
    await paused();
    // Its status changes before its job is cancelled: a worker may store its progress in between.
    await fixture.host.database<store.Tables>("transfer").tx((tx) => store.setBytesUnderWay(tx, id, 5));
    await paused();
  });

  it("is cancelled without a reason even if its store fails meanwhile", async () => {
    await fixture.put("film");
    const gate = Promise.withResolvers<void>();
    let isCopying = false;
    const { store: far } = fixture.far;
    const [create, ready] = [far.create.bind(far), far.ready.bind(far)];
    far.ready = async () => ({ reason: "it is down", canRead: false });
    far.create = async () => {
      isCopying = true;
      await gate.promise;
      throw StorageUnavailable({});
    };
    try {
      const { id } = await fixture.begin({ kind: "copy", from: "near", to: "far" });
      await until(() => isCopying);
      await fixture.client.cancel({ id }, admin());
      gate.resolve();
      await fixture.host.drain();
      const { status, reason } = await fixture.client.get({ id }, admin());
      assert.deepEqual([status, reason], ["cancelled", null]);
    } finally {
      Object.assign(far, { create, ready });
    }
  });
});

/** Time passes only by waiting; a waiting transfer can be held. */
class HeldClock implements Clock {
  isHeld = false;
  #nowMs = 0;
  #gate: Promise<void> = Promise.resolve();

  hold(): PromiseWithResolvers<void> {
    const gate = Promise.withResolvers<void>();
    this.#gate = gate.promise;
    return gate;
  }

  elapsedMs(): number {
    return this.#nowMs;
  }

  async wait(ms: number): Promise<void> {
    this.#nowMs += ms;
    this.isHeld = true;
    await this.#gate;
  }
}
const clock = new HeldClock();
let fixture: TransferFixture;
