import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { type Redis, startRedis } from "#test/servers/redis";
import { until } from "#test/until";
import { silentLog } from "../log/port.ts";
import { createCache } from "./cached.ts";
import { cacheConformance } from "./conformance.ts";
import { type Cache, CacheUnavailable } from "./port.ts";
import { createRedisStore } from "./redis.ts";

cacheConformance("Redis", async () => {
  const server = await startRedis();
  const [cache, other] = await Promise.all([openCache(server), openCache(server)]);
  return {
    cache,
    other,
    pass: (ms) => later(ms),
    toleranceMs: 150,
    async close() {
      try {
        const keys = (await server.ask("KEYS", "*")) as string[];
        assert.ok(keys.length > 0);
        for (const key of keys) {
          assert.match(key, /^test:/);
          // -1 is a key without an end, -2 one that has ended meanwhile.
          assert.notEqual(Number(await server.ask("PTTL", key)), -1, `${key} has no lifetime`);
        }
      } finally {
        await Promise.all([cache.close(), other.close()]);
        await server[Symbol.asyncDispose]();
      }
    },
  };
});

describe("a cache in Redis", () => {
  before(async () => void (server = await startRedis()));
  beforeEach(async () => {
    await server.ask("FLUSHALL");
    cache = await openCache(server);
  });
  afterEach(() => cache.close());
  after(() => server[Symbol.asyncDispose]());

  it("continues with this process's counters when Redis is killed, and reconnects by itself", async () => {
    await using other = await openCache(server);
    await other.add("tries", 4, 60_000);
    await other.close();
    await cache.add("tries", 1, 60_000);
    lines.length = 0;
    await server.kill();
    const { value, leftMs } = await cache.add("tries", 1, 60_000);
    assert.equal(value, 6);
    assert.ok(leftMs > 0 && leftMs < 60_000);
    assert.match(cache.away() ?? "", /\w/);
    assert.equal((await cache.add("tries", 1, 60_000)).value, 7);
    await server.start();
    await until(() => cache.away() === undefined);
    await cache.set("value", 1, 60_000);
    assert.equal(await cache.get("value"), 1);
    assert.deepEqual(
      lines.map((line) => line.split(":")[0]),
      ["Redis is away", "Redis answers"],
    );
  });

  it("starts empty when Redis is flushed during use (F8)", async () => {
    await cache.set("value", 1, 60_000);
    await cache.add("tries", 3, 60_000);
    await cache.offer("ticket", 1, 60_000);
    await cache.enter("room", "mira", 60_000);
    await server.ask("FLUSHALL");
    assert.equal(await cache.get("value"), undefined);
    assert.equal(await cache.getOrLoad("value", 60_000, async () => 2), 2);
    assert.equal((await cache.add("tries", 1, 60_000)).value, 1);
    assert.equal(await cache.take("ticket"), undefined);
    assert.equal((await cache.present("room", 10)).count, 0);
    await cache.enter("room", "mira", 60_000);
    assert.equal((await cache.present("room", 10)).count, 1);
  });

  it("has no value, counter or member where something else wrote to its keys (F8)", async () => {
    await cache.offer("ticket", 1, 60_000);
    await cache.set("value", 1, 60_000);
    await cache.raise("marks", { log: 1 }, 60_000);
    await cache.enter("room", "mira", 60_000);
    const names = (await server.ask("KEYS", "*")) as string[]; // As the command answers.
    for (const junk of ["{broken", "", "\u0000\u00ff"]) {
      for (const name of [...names, "test:tries"]) await server.ask("SET", name, junk);
      assert.equal(await cache.get("value"), undefined);
      assert.equal(await cache.getOrLoad("value", 60_000, async () => 2), 2);
      assert.equal(await cache.take("ticket"), undefined);
      assert.ok((await cache.add("tries", 1, 60_000)).value >= 1, "limits are counted in this process");
      assert.deepEqual(await cache.present("room", 10), { count: 1, members: ["mira"] });
      assert.deepEqual((await cache.raise("marks", {}, 60_000))?.values ?? {}, {});
    }
    assert.equal(cache.away(), undefined);
  });

  it("answers within its timeout when Redis is paused: look-ups load, presence lists local members (F8)", async () => {
    await using other = await openCache(server);
    await other.enter("room", "ola", 60_000);
    await cache.enter("room", "mira", 60_000);
    await cache.set("value", "old", 60_000);
    server.pause();
    const began = performance.now();
    try {
      const look = () => cache.getOrLoad("value", 1_000, async () => "from the source");
      assert.deepEqual(await Promise.all([look(), look()]), ["from the source", "from the source"]);
      assert.deepEqual(await cache.present("room", 10), { count: 1, members: ["mira"] });
      assert.equal((await cache.add("tries", 1, 60_000)).value, 1);
      for (let n = 0; n < 100; n++) await cache.get(`value ${n}`);
      // One command waits for its time, and after it nothing is asked.
      assert.ok(performance.now() - began < 2_000, `${performance.now() - began} ms`);
    } finally {
      server.resume();
    }
    await until(() => cache.away() === undefined);
    assert.equal((await cache.present("room", 10)).count, 2);
  });

  it("expires a value on time even if Redis stored it late", async () => {
    server.pause();
    await cache.set("value", "old", 300);
    assert.match(cache.away() ?? "", /did not answer/);
    await later(400);
    server.resume();
    await until(() => cache.away() === undefined);
    assert.equal(await cache.get("value"), undefined);
    assert.deepEqual(await server.ask("KEYS", "*"), []);
  });

  it("answers 503 for a one-time value when Redis cannot confirm whether it was taken", async () => {
    await cache.offer("ticket", 1, 60_000);
    server.pause();
    try {
      await assert.rejects(cache.take("ticket"), { code: CacheUnavailable.code, http: 503 });
      await assert.rejects(cache.take("ticket"), { code: CacheUnavailable.code });
      await assert.rejects(cache.offer("another", 1, 60_000), { code: CacheUnavailable.code });
    } finally {
      server.resume();
    }
    await until(() => cache.away() === undefined);
    // Redis read the question, though its answer came too late for anybody.
    assert.equal(await cache.take("ticket"), undefined);
  });

  it("refuses a taken one-time value that Redis restored from its disk", async () => {
    await cache.offer("ticket", 1, 60_000);
    await server.ask("SAVE");
    assert.equal(await cache.take("ticket"), 1);
    await server.kill();
    await server.start();
    await until(() => cache.away() === undefined);
    const keys = (await server.ask("KEYS", "*")) as string[];
    assert.equal(keys.length, 1, "the snapshot has it still");
    assert.equal(await cache.take("ticket"), undefined);
  });

  it("ignores marks that Redis restored from an old snapshot", async () => {
    const first = await cache.raise("marks", { log: 1 }, 60_000);
    await server.ask("SAVE");
    await cache.raise("marks", { log: 2 }, 60_000);
    await server.kill();
    assert.equal(await cache.raise("marks", { log: 3 }, 60_000), undefined);
    await server.start();
    await until(() => cache.away() === undefined);
    assert.equal(((await server.ask("KEYS", "*")) as string[]).length, 1, "the snapshot has them still");
    const after = await cache.raise("marks", {}, 60_000);
    assert.deepEqual(after?.values, {});
    assert.notEqual(after?.incarnation, first?.incarnation);
    await server.ask("FLUSHALL");
    assert.notEqual((await cache.raise("marks", {}, 60_000))?.incarnation, after?.incarnation);
  });

  it("starts without Redis, logs that once, and uses Redis when it appears", async () => {
    await cache.close();
    await server.kill();
    lines.length = 0;
    await using late = await openCache(server);
    assert.match(late.away() ?? "", /ECONNREFUSED/);
    assert.equal(await late.getOrLoad("value", 60_000, async () => 1), 1);
    await later(300);
    await server.start();
    await until(() => late.away() === undefined);
    await late.set("value", 2, 60_000);
    assert.equal(await late.get("value"), 2);
    assert.deepEqual(
      lines.map((line) => line.split(":")[0]),
      ["Redis is away", "Redis answers"],
    );
  });

  it("does not see another installation's keys in the same Redis", async () => {
    await using foreign = await openCache(server, "foreign:");
    await foreign.set("value", 1, 60_000);
    await foreign.add("tries", 9, 60_000);
    await foreign.offer("ticket", 1, 60_000);
    await foreign.enter("room", "ola", 60_000);
    assert.equal(await cache.get("value"), undefined);
    assert.equal((await cache.add("tries", 1, 60_000)).value, 1);
    assert.equal(await cache.take("ticket"), undefined);
    assert.equal((await cache.present("room", 10)).count, 0);
  });

  it("gives a lifetime to a counter that has none", async () => {
    await server.ask("SET", "test:tries", "5");
    const { value, leftMs } = await cache.add("tries", 1, 60_000);
    assert.equal(value, 6);
    assert.ok(leftMs > 0 && leftMs <= 60_000);
    assert.ok(Number(await server.ask("PTTL", "test:tries")) > 0);
  });
});

const lines: string[] = [];
const log = {
  ...silentLog,
  info: (line: string) => void lines.push(line),
  warn: (line: string) => void lines.push(line),
};
let server: Redis;
let cache: Cache;

async function openCache({ url }: Redis, prefix = "test:"): Promise<Cache & AsyncDisposable> {
  const opened = createCache(await createRedisStore({ url, prefix, log }));
  return { ...opened, [Symbol.asyncDispose]: () => opened.close() };
}
