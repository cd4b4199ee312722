import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, describe, it } from "node:test";
import { s3At, s3Server } from "#kernel/blob/testing-s3";
import { admin, House } from "./testing.ts";

const count = 12;
const damaged = { code: "kernel.object_damaged", http: 503 };

describe("R5: the regular reading of a store on S3", () => {
  before(async () => {
    server = await s3Server();
    far = await s3At(server.url, { more: "&direct=on" });
    house = await House.open({ far, settings: { scrubEveryMs: 3_600_000, scrubAfterStartMs: 0 } });
  });
  afterEach(() => house.clear());
  after(async () => {
    await house[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it("finds every object with a flipped bit, and hands out neither bytes nor addresses of any", async () => {
    const files = await stored();
    await house.run({ kind: "move", from: "near", to: "far" });
    for (const { key, bytes } of files) await flip(key, bytes);
    const read = await scrubbed();
    assert.deepEqual([read.objectsTotal, read.objectsDamaged, read.objectsRepaired], [count, count, 0]);
    for (const { key } of files) {
      await assert.rejects(house.stores.open(key), damaged);
      await assert.rejects(house.stores.local(key), damaged);
      await assert.rejects(house.stores.directRead(key, { mime: "video/mp4", expiresMs: 1_000 }), damaged);
    }
    const { items } = await house.client.damaged({}, admin());
    assert.deepEqual(items.map(({ object }) => object).toSorted(), files.map(({ key }) => key).toSorted());
  });

  it("repairs every one from the other store", async () => {
    const files = await stored();
    await house.run({ kind: "copy", from: "near", to: "far" });
    for (const { key, bytes } of files) await flip(key, bytes);
    const read = await scrubbed();
    assert.deepEqual([read.objectsDamaged, read.objectsRepaired, read.objectsFailed], [count, count, 0]);
    for (const { key, bytes } of files) {
      const reader = await far.store.open(key);
      assert.deepEqual(await reader?.read(0, bytes.byteLength), bytes);
      await reader?.close();
    }
  });
});

let server: Awaited<ReturnType<typeof s3Server>>;
let far: Awaited<ReturnType<typeof s3At>>;
let house: House;

async function stored(): Promise<{ key: string; bytes: Buffer }[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const bytes = randomBytes(1_000 + n);
      return { key: (await house.put(bytes)).key, bytes };
    }),
  );
}

/** One bit of an object in the bucket. */
async function flip(key: string, bytes: Buffer): Promise<void> {
  const changed = Buffer.from(bytes);
  changed[500] = (changed[500] ?? 0) ^ 1;
  await far.bucket.put(key, changed);
}

/** The regular reading of the bucket, once it is over. */
async function scrubbed() {
  await house.tick("transfer.scrub");
  const { items } = await house.client.list({ limit: 100 }, admin());
  const one = items.find(({ isScrub, from }) => isScrub && from === "far");
  assert.ok(one);
  return house.over(one.id);
}
