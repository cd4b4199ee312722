import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "node:test";
import { S3Proxy } from "#kernel/blob/s3/proxy";
import { s3At, s3Server } from "#kernel/blob/s3/testing";
import { until } from "#test/until";
import { admin, TransferFixture } from "./testing.ts";

describe("a transfer between a disk and S3", () => {
  beforeEach(async () => {
    server = await s3Server();
    proxy = await new S3Proxy(server.url).open();
    fixture = await TransferFixture.open({ far: await s3At(proxy.url) });
  });
  afterEach(async () => {
    await fixture[Symbol.asyncDispose]();
    await proxy.close();
    await server[Symbol.asyncDispose]();
  });

  it("moves objects there and back byte for byte, with and without a rate limit", async () => {
    const [large, small] = [await fixture.put(randomBytes(6 * 2 ** 20 + 1)), await fixture.put("small")];
    await fixture.run({ kind: "move", from: "near", to: "far", bytesPerSecond: 2 ** 40 });
    for (const { key } of [large, small]) assert.deepEqual(await fixture.placesOf(key), ["far"]);
    await fixture.run({ kind: "move", from: "far", to: "near" });
    for (const { key } of [large, small]) assert.deepEqual(await fixture.placesOf(key), ["near"]);
    assert.deepEqual(await fixture.far.leftovers(), []);
  });

  it("waits with a reason while its target is down, and then continues (F9)", async () => {
    const { key } = await fixture.put("film");
    await proxy.close();
    const { id } = await fixture.begin({ kind: "move", from: "near", to: "far" });
    const { reason, objectsFailed, status } = await fixture.becomes(id, ({ reason }) => reason !== null);
    assert.match(reason ?? "", /^far: /);
    assert.deepEqual([status, objectsFailed], ["running", 0]);
    const { items } = await fixture.client.stores({}, admin());
    assert.deepEqual(
      items.map(({ name, isReady }) => [name, isReady]),
      [
        ["near", true],
        ["far", false],
      ],
    );
    await proxy.open();
    const over = await fixture.over(id);
    assert.deepEqual([over.status, over.reason, over.objectsDone], ["done", null, 1]);
    assert.deepEqual(await fixture.placesOf(key), ["far"]);
  });

  it("removes no object after a copy with wrong bytes, and deletes the copy (F9)", async () => {
    const { key } = await fixture.put("film".repeat(1_000));
    let reads = 0;
    let isWrong = true;
    proxy.fault = ({ method, path }) => {
      const isRead = method === "GET" && path.includes("/upload/") && !path.includes("list-type");
      if (isRead) reads += 1;
      return isRead && isWrong ? "wrong" : undefined;
    };
    const { id } = await fixture.begin({ kind: "move", from: "near", to: "far" });
    await until(() => reads > 0);
    // The source stays while the copy is wrong.
    assert.equal(await fixture.stores.soundness("near", key), "sound");
    const before = reads;
    isWrong = false;
    const { objectsDone, objectsFailed } = await fixture.over(id);
    assert.ok(reads > before, `${reads} reads`);
    assert.deepEqual([objectsDone, objectsFailed, await fixture.placesOf(key)], [1, 0, ["far"]]);
  });

  it("gives up an object that cannot be written, keeps the original, and retries it when resumed (F9)", async () => {
    const [first, second] = [await fixture.put("first"), await fixture.put("second")];
    proxy.fault = ({ method, path }) => (method === "PUT" && path.includes(first.sha256) ? "error" : undefined);
    const { id } = await fixture.begin({ kind: "move", from: "near", to: "far" });
    const over = await until(async () => {
      const now = await fixture.client.get({ id }, admin());
      return now.status === "done" ? now : undefined;
    });
    assert.deepEqual([over.objectsDone, over.objectsFailed], [1, 1]);
    assert.deepEqual(
      over.failures.map(({ object, error }) => [object, error]),
      [[first.key, "gave_up"]],
    );
    assert.deepEqual([await fixture.placesOf(first.key), await fixture.placesOf(second.key)], [["near"], ["far"]]);
    proxy.fault = () => undefined;
    await fixture.client.resume({ id }, admin());
    assert.deepEqual([(await fixture.over(id)).objectsDone, await fixture.placesOf(first.key)], [2, ["far"]]);
  });

  it("loses no bytes to truncated responses (F9)", async () => {
    const { key } = await fixture.put(randomBytes(3 * 2 ** 20));
    await fixture.run({ kind: "move", from: "near", to: "far" });
    let cuts = 0;
    proxy.fault = ({ method, path }) =>
      method === "GET" && path.includes("/upload/") && !path.includes("list-type") && cuts++ % 2 === 0
        ? "cut"
        : undefined;
    const { status, objectsDone } = await fixture.run({ kind: "move", from: "far", to: "near" });
    proxy.fault = () => undefined;
    assert.deepEqual([status, objectsDone, await fixture.placesOf(key)], ["done", 1, ["near"]]);
    assert.ok(cuts > 1);
  });
});

let server: Awaited<ReturnType<typeof s3Server>>;
let proxy: S3Proxy;
let fixture: TransferFixture;
