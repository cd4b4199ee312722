import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import { type Cache, type Call, newCall } from "#kernel";
import { embeddedCache } from "#kernel/cache/embedded";
import { commitsUnderWay } from "#kernel/db/positions";
import { stalenessMsMax } from "#kernel/db/replicas/choice";
import { DeadlineExceeded } from "#kernel/errors";
import { ReadPositions } from "./read-positions.ts";

describe("the read position of a user", () => {
  beforeEach(() => {
    now = 0;
    cache = embeddedCache();
    one = gateway();
    other = gateway();
  });

  it("lets the user read their own changes through every gateway", async () => {
    await trusted();
    await write(one, mira, 100);
    assert.deepEqual(await positions(one, mira), { db: 100 });
    assert.deepEqual(await positions(other, mira), { db: 100 });
    assert.deepEqual(await positions(other, ola), {});
    await write(other, mira, 90);
    assert.deepEqual(await positions(one, mira), { db: 100 });
  });

  it("is stored before the answer to the command, whether it succeeded or failed", async () => {
    await trusted();
    for (const failure of [undefined, new Error("after the commit")]) {
      const requested = Promise.withResolvers<void>();
      const stored = Promise.withResolvers<void>();
      const slow = gateway({
        raise: async (...given) => {
          requested.resolve();
          await stored.promise;
          return cache.raise(...given);
        },
      });
      let isOver = false;
      const command = slow
        .around("command", mira, async () => {
          commitsUnderWay()?.record("db", 100);
          if (failure) throw failure;
        })
        .catch((error: unknown) => assert.equal(error, failure))
        .finally(() => (isOver = true));
      await requested.promise;
      await turnOfTheLoop();
      assert.equal(isOver, false);
      stored.resolve();
      await command;
    }
  });

  it("sends reads to the primary until positions have been stored for the maximum replica lag", async () => {
    assert.equal(await positions(one, mira), undefined);
    now += stalenessMsMax - 1;
    assert.equal(await positions(one, mira), undefined);
    now += 1;
    assert.deepEqual(await positions(one, mira), {});
    assert.equal(await positions(other, mira), undefined);
  });

  it("sends reads to the primary for the maximum replica lag after the cache was emptied", async () => {
    await trusted();
    await write(one, mira, 100);
    cache = embeddedCache();
    assert.equal(await positions(one, mira), undefined);
    assert.equal(await positions(other, mira), undefined);
    now += stalenessMsMax;
    assert.deepEqual(await positions(one, mira), {});
  });

  it("sends reads to the primary while the cache is unavailable, and after a position could not be stored", async () => {
    await trusted();
    isAway = true;
    assert.equal(await positions(one, mira), undefined);
    await write(one, mira, 100);
    isAway = false;
    assert.equal(await positions(one, mira), undefined);
    now += stalenessMsMax;
    assert.deepEqual(await positions(one, mira), {});
  });

  it("sends reads to the primary, through every gateway, after a command that may still commit", async () => {
    await trusted();
    const late = () =>
      one.around("command", mira, async () => {
        throw DeadlineExceeded({});
      });
    await assert.rejects(late);
    assert.equal(await positions(one, mira), undefined);
    assert.equal(await positions(other, mira), undefined);
    assert.deepEqual(await positions(other, ola), {});
    now += stalenessMsMax;
    assert.deepEqual(await positions(other, mira), {});
  });

  it("covers the writes of the user's own sign-up", async () => {
    await trusted();
    const stranger = newCall({ source: "here" });
    await one.around("command", stranger, async () => {
      commitsUnderWay()?.record("db", 100);
      return { userId: mira.userId };
    });
    assert.deepEqual(await positions(other, mira), { db: 100 });
    assert.equal(await positions(other, stranger), undefined);
    now += stalenessMsMax;
    assert.deepEqual(await positions(other, stranger), { db: 100 });
  });
});

let now = 0;
let isAway = false;
let cache: Cache;
let one: ReadPositions;
let other: ReadPositions;
const mira = newCall({ userId: 1 });
const ola = newCall({ userId: 2 });

function gateway(own: Partial<Cache> = {}): ReadPositions {
  const raise: Cache["raise"] = async (...given) => (isAway ? undefined : cache.raise(...given));
  const shared = { raise, delete: async (key: string) => void (isAway || (await cache.delete(key))), ...own };
  return new ReadPositions({ cache: shared, elapsed: () => now });
}

const positions = async (from: ReadPositions, call: Call) => (await from.reading(call)).readAfter;
const write = (from: ReadPositions, call: Call, position: number) =>
  from.around("command", call, async () => {
    commitsUnderWay()?.record("db", position);
    return {};
  });

/** Both gateways have seen the marks of both users for long enough. */
async function trusted(): Promise<void> {
  isAway = false;
  for (const from of [one, other]) for (const call of [mira, ola]) await from.reading(call);
  now += stalenessMsMax;
}
