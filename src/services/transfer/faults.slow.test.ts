import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "node:test";
import { S3Proxy } from "#kernel/blob/s3-proxy";
import { s3At, s3Server } from "#kernel/blob/testing-s3";
import { until } from "#test/until";
import { admin, House } from "./testing.ts";

describe("a transfer between a disk and S3", () => {
  beforeEach(async () => {
    server = await s3Server();
    proxy = await new S3Proxy(server.url).open();
    house = await House.open({ far: await s3At(proxy.url) });
  });
  afterEach(async () => {
    await house[Symbol.asyncDispose]();
    await proxy.close();
    await server[Symbol.asyncDispose]();
  });

  it("moves objects there and back, every byte the same, at the pace it was given", async () => {
    const [large, small] = [await house.put(randomBytes(6 * 2 ** 20 + 1)), await house.put("small")];
    await house.run({ kind: "move", from: "near", to: "far", bytesPerSecond: 2 ** 40 });
    for (const { key } of [large, small]) assert.deepEqual(await house.placesOf(key), ["far"]);
    await house.run({ kind: "move", from: "far", to: "near" });
    for (const { key } of [large, small]) assert.deepEqual(await house.placesOf(key), ["near"]);
    assert.deepEqual(await house.far.leftovers(), []);
  });

  it("waits while its target is down, says so, and goes on by itself (F9)", async () => {
    const { key } = await house.put("film");
    await proxy.close();
    const { id } = await house.begin({ kind: "move", from: "near", to: "far" });
    const { reason, objectsFailed, status } = await house.becomes(id, ({ reason }) => reason !== null);
    assert.match(reason ?? "", /^far: /);
    assert.deepEqual([status, objectsFailed], ["running", 0]);
    const { items } = await house.client.stores({}, admin());
    assert.deepEqual(
      items.map(({ name, isReady }) => [name, isReady]),
      [
        ["near", true],
        ["far", false],
      ],
    );
    await proxy.open();
    const over = await house.over(id);
    assert.deepEqual([over.status, over.reason, over.objectsDone], ["done", null, 1]);
    assert.deepEqual(await house.placesOf(key), ["far"]);
  });

  it("lets nothing go for a copy with wrong bytes, and leaves no such copy (F9)", async () => {
    const { key } = await house.put("film".repeat(1_000));
    let reads = 0;
    let isWrong = true;
    proxy.fault = ({ method, path }) => {
      const isRead = method === "GET" && path.includes("/upload/") && !path.includes("list-type");
      if (isRead) reads += 1;
      return isRead && isWrong ? "wrong" : undefined;
    };
    const { id } = await house.begin({ kind: "move", from: "near", to: "far" });
    await until(() => reads > 0);
    // As long as it is wrong, however often it is tried.
    assert.equal(await house.stores.soundness("near", key), "sound");
    const before = reads;
    isWrong = false;
    const { objectsDone, objectsFailed } = await house.over(id);
    assert.ok(reads > before, `${reads} reads`);
    assert.deepEqual([objectsDone, objectsFailed, await house.placesOf(key)], [1, 0, ["far"]]);
  });

  it("gives an object up that cannot be written, keeps it where it is, and tries again when it is told to (F9)", async () => {
    const [first, second] = [await house.put("first"), await house.put("second")];
    proxy.fault = ({ method, path }) => (method === "PUT" && path.includes(first.sha256) ? "error" : undefined);
    const { id } = await house.begin({ kind: "move", from: "near", to: "far" });
    const over = await until(
      async () => {
        const now = await house.client.get({ id }, admin());
        return now.status === "done" ? now : undefined;
      },
      { waitMs: 100_000 },
    );
    assert.deepEqual([over.objectsDone, over.objectsFailed], [1, 1]);
    assert.deepEqual(
      over.failures.map(({ object, error }) => [object, error]),
      [[first.key, "gave_up"]],
    );
    assert.deepEqual([await house.placesOf(first.key), await house.placesOf(second.key)], [["near"], ["far"]]);
    proxy.fault = () => undefined;
    await house.client.resume({ id }, admin());
    assert.deepEqual([(await house.over(id)).objectsDone, await house.placesOf(first.key)], [2, ["far"]]);
  });

  it("does not lose bytes to answers that break off (F9)", async () => {
    const { key } = await house.put(randomBytes(3 * 2 ** 20));
    await house.run({ kind: "move", from: "near", to: "far" });
    let cuts = 0;
    proxy.fault = ({ method, path }) =>
      method === "GET" && path.includes("/upload/") && !path.includes("list-type") && cuts++ % 2 === 0
        ? "cut"
        : undefined;
    const { status, objectsDone } = await house.run({ kind: "move", from: "far", to: "near" });
    proxy.fault = () => undefined;
    assert.deepEqual([status, objectsDone, await house.placesOf(key)], ["done", 1, ["near"]]);
    assert.ok(cuts > 1);
  });
});

let server: Awaited<ReturnType<typeof s3Server>>;
let proxy: S3Proxy;
let house: House;
