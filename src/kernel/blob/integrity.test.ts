import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { BlockChecksumPass, BlockChecksums, blockBytes } from "./block-checksums.ts";
import type { BlobStore } from "./port.ts";
import { adapters, digestsOf, keep, type Made, type StoredBytes } from "./testing.ts";

const damaged = { code: "kernel.object_damaged", http: 503 };

/** The part of the conformance suite that is about bytes which are not those that were stored. */
for (const { name, make } of adapters)
  describe(`the bytes of objects on ${name} (R5)`, () => {
    let fixture: Made;
    let store: BlobStore;
    beforeEach(async () => {
      fixture = await make();
      store = fixture.store;
    });
    afterEach(() => fixture[Symbol.asyncDispose]());

    it("are returned in any range, also across blocks and beyond the end", async () => {
      const whole = randomBytes(3 * blockBytes + 77);
      const reader = await store.open(await put(whole));
      assert.ok(reader);
      const range = fc.tuple(fc.nat(whole.byteLength + 10), fc.nat(whole.byteLength));
      await fc.assert(
        fc.asyncProperty(range, fc.boolean(), async ([from, length], isGiven) => {
          const into = isGiven ? Buffer.alloc(2 * blockBytes) : undefined;
          assert.deepEqual(await reader.read(from, length, into), whole.subarray(from, from + length));
        }),
        { numRuns: 40 },
      );
      await reader.close();
    });

    it("are refused where a bit is flipped, in the damaged block alone", async () => {
      const whole = randomBytes(3 * blockBytes + 77);
      const key = await put(whole);
      await flip(fixture.at("object", key), blockBytes + 5);
      assert.deepEqual(await read(key, 0, blockBytes), whole.subarray(0, blockBytes));
      assert.deepEqual(await read(key, 2 * blockBytes, 10), whole.subarray(2 * blockBytes, 2 * blockBytes + 10));
      for (const [from, length] of [
        [blockBytes, 1],
        [2 * blockBytes - 1, 1],
        [blockBytes - 1, 2],
        [0, whole.byteLength],
      ] as const)
        await assert.rejects(read(key, from, length), damaged);
      await assert.rejects(store.local(key), damaged);
    });

    it("are refused in every range of an object of one block with a flipped bit", async () => {
      const key = await put(randomBytes(blockBytes));
      await flip(fixture.at("object", key), 9);
      await assert.rejects(read(key, 1_000, 1), damaged);
      await assert.rejects(store.local(key), damaged);
    });

    it("are refused where an object is shorter or longer than it was", async () => {
      for (const size of [100, 2 * blockBytes]) {
        const whole = randomBytes(size);
        for (const changed of [whole.subarray(0, -1), Buffer.concat([whole, Buffer.alloc(1)]), Buffer.alloc(0)]) {
          const key = await put(whole);
          await fixture.at("object", key).write(changed);
          await assert.rejects(read(key, 0, 10), damaged);
        }
      }
    });

    it("have checksums after every way to store them", async () => {
      const sized = () => randomBytes(9 * 2 ** 20);
      await using scratch = await store.scratch("job");
      const ways: Record<string, (bytes: Buffer) => Promise<string>> = {
        written: put,
        async adopted(bytes) {
          const path = join(scratch.path, "out.mp4");
          await writeFile(path, bytes);
          return (await store.adopt("test", path)).key;
        },
        async "assembled of one piece"(bytes) {
          return (await store.assemble("test", await keep(store, undefined, bytes))).key;
        },
        async "assembled of several pieces"(bytes) {
          const first = await keep(store, undefined, bytes.subarray(0, 700_000));
          return (await store.assemble("test", [...first, ...(await keep(store, undefined, bytes.subarray(700_000)))]))
            .key;
        },
        async "assembled with known digests"(bytes) {
          const [first] = await keep(store, undefined, bytes.subarray(0, 700_000));
          const pieces = await keep(store, first, bytes.subarray(700_000));
          const { key } = await store.assemble("test", pieces, { knownDigests: { sha256: digestsOf(bytes).sha256 } });
          await read(key, 0, 1);
          return key;
        },
      };
      for (const [way, stored] of Object.entries(ways)) {
        const bytes = sized();
        const key = await stored(bytes);
        const encoded = await fixture.at("checksums", key).read();
        assert.deepEqual(encoded, checksumsOf(bytes).encode(key.split("/")[1] ?? ""), way);
        await store.remove(key);
        assert.equal(await fixture.at("checksums", key).read(), undefined, way);
      }
    });

    it("are compared with their name before they get checksums that are missing or damaged", async () => {
      for (const change of [undefined, "flip", "cut"] as const) {
        const whole = randomBytes(2 * blockBytes);
        const key = await put(whole);
        await using again = await reopened();
        const checksums = fixture.at("checksums", key);
        const before = await checksums.read();
        const spoil = async () => {
          if (change === "flip") await flip(checksums, 50);
          else await checksums.write(change && before?.subarray(0, -3));
        };
        await spoil();
        assert.deepEqual(await bytesOf(again.store, key, 3, 4), whole.subarray(3, 7));
        assert.deepEqual(await checksums.read(), before);
        await spoil();
        await flip(fixture.at("object", key), 0);
        await using third = await reopened();
        await assert.rejects(bytesOf(third.store, key, blockBytes + 1, 4), damaged);
      }
    });

    it("are examined as a whole, which mends checksums that are wrong", async () => {
      const [whole, other] = [randomBytes(2 * blockBytes), randomBytes(2 * blockBytes)];
      const [key, sha256] = [await put(whole), digestsOf(whole).sha256];
      const wrong = checksumsOf(other).encode(sha256);
      await fixture.at("checksums", key).write(wrong);
      assert.equal(await store.examine(key), "sound");
      assert.deepEqual(await fixture.at("checksums", key).read(), checksumsOf(whole).encode(sha256));
      await flip(fixture.at("object", key), 7);
      assert.equal(await store.examine(key), "damaged");
      assert.equal(await store.examine(`test/${"0".repeat(64)}`), undefined);
    });

    it("are right again once the same content is stored", async () => {
      const whole = randomBytes(2 * blockBytes);
      const key = await put(whole);
      await flip(fixture.at("object", key), 7);
      await store.quarantine.put(key);
      await assert.rejects(read(key, 0, 1), damaged);
      await put(whole);
      assert.deepEqual(await read(key, 5, 5), whole.subarray(5, 10));
    });

    async function put(bytes: Buffer): Promise<string> {
      const writer = await store.create("test");
      for (let at = 0; at < bytes.byteLength; at += 50_001) await writer.write(bytes.subarray(at, at + 50_001));
      return (await writer.commit()).key;
    }

    /** As another process, which remembers nothing. */
    const reopened = (): Promise<Made> => fixture.reopened();

    const read = (key: string, from: number, length: number) => bytesOf(store, key, from, length);
  });

describe("checksums of blocks", () => {
  it("are the same however the bytes came", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 * blockBytes), { maxLength: 6 }), (sizes) => {
        const parts = sizes.map((size) => randomBytes(size));
        const pass = new BlockChecksumPass();
        for (const part of parts) pass.update(part);
        const whole = Buffer.concat(parts);
        assert.ok(pass.result().equals(checksumsOf(whole)));
        assert.ok(pass.result().matches(0, whole));
      }),
      { numRuns: 30 },
    );
  });

  it("are read from what was encoded for this content, and from nothing else", () => {
    const bytes = randomBytes(3 * blockBytes - 1);
    const { sha256 } = digestsOf(bytes);
    const encoded = checksumsOf(bytes).encode(sha256);
    assert.ok(BlockChecksums.decode(sha256, encoded)?.matches(blockBytes, bytes.subarray(blockBytes)));
    assert.equal(BlockChecksums.decode(digestsOf("").sha256, encoded), undefined);
    for (let at = 0; at < encoded.byteLength; at += 1) {
      const flipped = Buffer.from(encoded);
      flipped[at] = (flipped[at] ?? 0) ^ 4;
      assert.equal(BlockChecksums.decode(sha256, flipped), undefined, `byte ${at}`);
      assert.equal(BlockChecksums.decode(sha256, encoded.subarray(0, at)), undefined);
    }
  });
});

function checksumsOf(bytes: Buffer): BlockChecksums {
  const pass = new BlockChecksumPass();
  pass.update(bytes);
  return pass.result();
}

async function flip(at: StoredBytes, position: number): Promise<void> {
  const bytes = await at.read();
  assert.ok(bytes && position < bytes.byteLength);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  await at.write(bytes);
}

async function bytesOf(store: BlobStore, key: string, from: number, length: number): Promise<Buffer> {
  const reader = await store.open(key);
  assert.ok(reader, `${key} is not there`);
  try {
    return await reader.read(from, length);
  } finally {
    await reader.close();
  }
}
