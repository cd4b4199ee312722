import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, describe, it } from "node:test";
import { s3At, s3Server } from "#kernel/blob/s3/testing";
import { admin, TransferFixture } from "./testing.ts";

const count = 12;
const damaged = { code: "kernel.object_damaged", http: 503 };

describe("R5: the regular scrub of a store on S3", () => {
  before(async () => {
    server = await s3Server();
    far = await s3At(server.url, { more: "&direct=on" });
    fixture = await TransferFixture.open({ far, settings: { scrubEveryMs: 3_600_000, scrubAfterStartMs: 0 } });
  });
  afterEach(() => fixture.clear());
  after(async () => {
    await fixture[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it("finds every object with a flipped bit, and serves neither their bytes nor their addresses", async () => {
    const files = await stored();
    await fixture.run({ kind: "move", from: "near", to: "far" });
    for (const { key, bytes } of files) await flip(key, bytes);
    const read = await scrubbed();
    assert.deepEqual([read.objectsTotal, read.objectsDamaged, read.objectsRepaired], [count, count, 0]);
    for (const { key } of files) {
      await assert.rejects(fixture.stores.open(key), damaged);
      await assert.rejects(fixture.stores.local(key), damaged);
      await assert.rejects(fixture.stores.directRead(key, { mime: "video/mp4", expiresMs: 1_000 }), damaged);
    }
    const { items } = await fixture.client.damaged({}, admin());
    assert.deepEqual(items.map(({ object }) => object).toSorted(), files.map(({ key }) => key).toSorted());
  });

  it("repairs every object from the other store", async () => {
    const files = await stored();
    await fixture.run({ kind: "copy", from: "near", to: "far" });
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
let fixture: TransferFixture;

async function stored(): Promise<{ key: string; bytes: Buffer }[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const bytes = randomBytes(1_000 + n);
      return { key: (await fixture.put(bytes)).key, bytes };
    }),
  );
}

/** Flips one bit of an object in the bucket. */
async function flip(key: string, bytes: Buffer): Promise<void> {
  const changed = Buffer.from(bytes);
  changed[500] = (changed[500] ?? 0) ^ 1;
  await far.bucket.put(key, changed);
}

/** Begins the regular scrub of the bucket; yields it once it is over. */
async function scrubbed() {
  await fixture.tick("transfer.scrub");
  const { items } = await fixture.client.list({ limit: 100 }, admin());
  const one = items.find(({ isScrub, from }) => isScrub && from === "far");
  assert.ok(one);
  return fixture.over(one.id);
}
