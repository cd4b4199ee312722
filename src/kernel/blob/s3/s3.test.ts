import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { realDisk } from "../../environment/disk.ts";
import type { BlobStore } from "../port.ts";
import { S3Proxy } from "./proxy.ts";
import { all, digestsOf, keep, pieceNames, put, sizeOf, text } from "../testing.ts";
import { s3At, s3Server } from "./testing.ts";

const mib = 2 ** 20;
const unavailable = { code: "kernel.storage_unavailable", http: 503 };

describe("a blob store on a failing S3 server (F9)", () => {
  it("answers 503 while the server is unreachable, and resumes when it is back", async () => {
    const { store, proxy } = fixture;
    const key = await put(store, "film");
    const reader = await store.open(key);
    const writer = await store.piece();
    await writer.write(Buffer.from("x"));
    await proxy.close();
    const began = performance.now();
    await assert.rejects(store.open(key), unavailable);
    await assert.rejects(put(store, "more"), unavailable);
    await assert.rejects(writer.keep(), unavailable);
    await assert.rejects(async () => reader?.read(0, 4), unavailable);
    assert.match((await store.ready())?.reason ?? "", /cannot be reached/);
    assert.equal(await store.sweep(0), 0);
    await writer.close();
    assert.ok(performance.now() - began < 30_000);
    await proxy.open();
    assert.equal(await store.ready(), undefined);
    assert.equal(await text(store, key), "film");
    assert.deepEqual((await reader?.read(0, 4))?.toString(), "film");
    assert.equal(await text(store, await put(store, "more")), "more");
  });

  it("times out on a silent server, and on one that stops in the middle of a body", async () => {
    const { proxy } = fixture;
    const key = await put(fixture.store, "a whole film");
    // One by its deadline, one by the silence.
    for (const limits of [
      { answerMs: 300, silenceMs: 400 },
      { answerMs: 60_000, silenceMs: 200 },
    ]) {
      await using hasty = await s3At(proxy.url, { limits });
      const { store } = hasty;
      const began = performance.now();
      proxy.fault = ({ method }) => (method === "GET" ? "stall" : undefined);
      await assert.rejects(text(store, key), unavailable);
      await assert.rejects(store.local(key), unavailable);
      proxy.fault = () => "silence";
      await assert.rejects(store.open(key), unavailable);
      await assert.rejects(put(store, "more"), unavailable);
      await assert.rejects(keep(store, undefined, "more"), unavailable);
      assert.match((await store.ready())?.reason ?? "", /cannot be reached/);
      proxy.fault = () => undefined;
      // Seven fruitless tries, each with its repetitions, are faster; only the longer limits of the other store reach
      // this.
      assert.ok(performance.now() - began < 60_000);
      assert.equal(await text(fixture.store, key), "a whole film");
    }
  });

  it("retries after an error, and acknowledges nothing when every attempt fails", async () => {
    const { store, proxy } = fixture;
    let fails = 1;
    proxy.fault = ({ method }) => (method === "PUT" && fails-- > 0 ? "error" : undefined);
    const key = await put(store, "film");
    fails = Number.POSITIVE_INFINITY;
    await assert.rejects(put(store, "more"), unavailable);
    await assert.rejects(keep(store, undefined, "more"), unavailable);
    fails = 0;
    assert.deepEqual([await all(store), await fixture.leftovers(), await pieceNames(store)], [[key], [], []]);
  });

  it("fails a writer soon after a lost part, and removes the other parts", async () => {
    const { store, proxy } = fixture;
    const writer = await store.create("test");
    proxy.fault = ({ path }) => (path.includes("partNumber=1") ? "error" : undefined);
    await assert.rejects(async () => {
      for (let n = 0; n < 20; n++) await writer.write(Buffer.alloc(mib));
    }, unavailable);
    await assert.rejects(writer.commit(), unavailable);
    await writer.abort();
    assert.deepEqual([await all(store), await fixture.leftovers()], [[], []]);
  });

  it("keeps nothing written after lost bytes, and continues from the last kept byte", async () => {
    const { store, proxy } = fixture;
    const writer = await store.piece();
    await writer.write(Buffer.from("one"));
    const kept = await writer.keep();
    await writer.write(Buffer.from("two"));
    proxy.fault = () => "error";
    await assert.rejects(writer.keep(), unavailable);
    proxy.fault = () => undefined;
    await assert.rejects(writer.write(Buffer.from("three")), unavailable);
    await assert.rejects(writer.keep(), unavailable);
    await writer.close();
    const pieces = await keep(store, kept.at(-1), "TWO");
    assert.equal(await text(store, (await store.assemble("test", pieces)).key), "oneTWO");
  });

  it("reads again after a broken response, and never returns fewer bytes than stored", async () => {
    const { store, proxy } = fixture;
    const key = await put(store, "a whole film");
    for (const fault of ["cut", "short"] as const) {
      let times = 1;
      proxy.fault = ({ method }) => (method === "GET" && times-- > 0 ? fault : undefined);
      assert.equal(await text(store, key), "a whole film");
      times = Number.POSITIVE_INFINITY;
      await assert.rejects(text(store, key), unavailable);
      await assert.rejects(store.local(key), unavailable);
    }
    proxy.fault = () => undefined;
    await using file = await store.local(key);
    assert.equal(await readFile(file?.path ?? "", "utf8"), "a whole film");
  });

  it("provides no local file with bytes other than the stored ones", async () => {
    const { store, proxy } = fixture;
    const key = await put(store, "film");
    proxy.fault = ({ method }) => (method === "GET" ? "wrong" : undefined);
    await assert.rejects(store.local(key), { code: "kernel.object_damaged" });
    proxy.fault = () => undefined;
    assert.ok(await store.local(key));
  });

  it("answers 503 instead of a missing object when the bucket does not exist", async () => {
    await using other = await s3At(fixture.proxy.url, { name: "nobodys" });
    assert.match((await other.store.ready())?.reason ?? "", /does not exist/);
    await assert.rejects(put(other.store, "x"), unavailable);
    await assert.rejects(other.store.open(`test/${"0".repeat(64)}`), unavailable);
  });
});

describe("a blob store on S3", () => {
  it("uploads large objects in parts and leaves only the object behind", async () => {
    const { store, proxy } = fixture;
    const whole = randomBytes(19 * mib);
    const writer = await store.create("test", { also: ["sha1"] });
    for (let at = 0; at < whole.byteLength; at += 700_000) await writer.write(whole.subarray(at, at + 700_000));
    assert.deepEqual(await all(store), []);
    const stored = await writer.commit();
    await writer.abort();
    const { sha1, sha256 } = digestsOf(whole);
    assert.deepEqual(stored, { key: `test/${sha256}`, sha1, sha256, sizeBytes: whole.byteLength });
    assert.deepEqual([await all(store), await fixture.leftovers()], [[stored.key], []]);
    assert.equal(proxy.passed.filter(({ path }) => path.includes("partNumber=")).length, 3);
    assert.deepEqual(await bytesOf(store, stored.key, 64 * 1_024), whole);
  });

  it("reads ahead for sequential readers, and only the blocks of the requested range otherwise", async () => {
    const { store, proxy } = fixture;
    const writer = await store.create("test");
    const whole = randomBytes(4 * mib);
    await writer.write(whole);
    const { key } = await writer.commit();
    const rangeRequestCount = () => proxy.passed.filter(({ headers }) => headers.range !== undefined).length;
    assert.deepEqual(await bytesOf(store, key, 64 * 1_024), whole);
    assert.equal(rangeRequestCount(), 3);
    const reader = await store.open(key);
    await reader?.read(mib, 100);
    assert.equal(proxy.passed.at(-1)?.headers.range, `bytes=${mib}-${mib + 64 * 1_024 - 1}`);
  });

  it("assembles pieces on the server where it can, and through this process where it cannot", async () => {
    const { store, proxy } = fixture;
    for (const copies of [true, false]) {
      proxy.copiesParts = copies;
      proxy.passed.length = 0;
      const content = [6, 1, 1, 9].map((size) => randomBytes(size * mib));
      const pieces = [];
      for (const bytes of content) pieces.push(...(await keep(store, undefined, bytes)));
      const whole = Buffer.concat(content);
      const { sha256, md5 } = digestsOf(whole);
      const stored = await store.assemble("test", pieces, { knownDigests: { sha256, md5 }, also: ["md5"] });
      assert.deepEqual(stored, { key: `test/${sha256}`, sha256, md5, sizeBytes: whole.byteLength });
      assert.deepEqual(await bytesOf(store, stored.key, 3 * mib), whole);
      const copied = proxy.passed.filter(({ headers }) => headers["x-amz-copy-source"] !== undefined);
      assert.equal(copied.length, 2);
      assert.deepEqual(await fixture.leftovers(), []);
      // The bytes came through here only where they had to.
      const read = proxy.passed.filter(({ method, path }) => method === "GET" && path.includes("/pieces/"));
      assert.ok(copies ? read.length === 3 : read.length > 3, `${read.length} reads`);
    }
  });

  it("copies a large piece in one request", async () => {
    const { store, proxy } = fixture;
    const whole = randomBytes(9 * mib);
    const pieces = await keep(store, undefined, whole);
    proxy.passed.length = 0;
    const { key } = await store.assemble("test", pieces, { knownDigests: digestsOf(whole) });
    assert.deepEqual(
      proxy.passed.map(({ method }) => method),
      ["HEAD", "HEAD", "PUT", "HEAD"],
    );
    assert.deepEqual(await bytesOf(store, key, 3 * mib), whole);
    assert.equal(
      (
        await store.assemble("test", [{ ...first(pieces), sizeBytes: 8.5 * mib }], {
          knownDigests: digestsOf(whole.subarray(0, 8.5 * mib)),
        })
      ).sizeBytes,
      8.5 * mib,
    );
  });

  it("uploads each full block of a piece, and drops blocks that are not kept", async () => {
    const { store } = fixture;
    const writer = await store.piece();
    for (let n = 0; n < 40; n++) await writer.write(Buffer.alloc(mib, n));
    assert.equal((await pieceNames(store)).length, 2);
    const pieces = await writer.keep();
    await writer.write(Buffer.alloc(17 * mib));
    assert.deepEqual([sizeOf(pieces), (await pieceNames(store)).length], [40 * mib, 4]);
    await writer.close();
    assert.deepEqual(await pieceNames(store), pieces.map(({ name }) => name).toSorted());
  });

  it("shares one local file between concurrent borrowers, and removes it after the last one returns it", async () => {
    const { store, proxy } = fixture;
    const key = await put(store, "film");
    const before = proxy.passed.length;
    const [one, other] = await Promise.all([store.local(key), store.local(key)]);
    assert.equal(one?.path, other?.path);
    assert.equal(proxy.passed.length - before, 2);
    await one?.[Symbol.asyncDispose]();
    await one?.[Symbol.asyncDispose]();
    assert.equal(await readFile(other?.path ?? "", "utf8"), "film");
    await other?.[Symbol.asyncDispose]();
    await assert.rejects(readdir(dirname(other?.path ?? "")), { code: "ENOENT" });
    await using again = await store.local(key);
    assert.equal(await readFile(again?.path ?? "", "utf8"), "film");
  });

  it("refuses a local file that would fill the disk (F10)", async () => {
    const key = await put(fixture.store, "film");
    const freeBytes = async () => 64 * mib + 3;
    await using small = await s3At(fixture.server.url, { disk: { ...realDisk, freeBytes } });
    await assert.rejects(small.store.local(key), { http: 507 });
    assert.equal(await text(small.store, key), "film");
    assert.equal(await small.store.sweep(-1), 0);
  });

  it("sweeps the temporary objects of dead writers only after a day", async () => {
    await fixture.bucket.put("tmp/left", Buffer.from("x"));
    assert.equal(await fixture.store.sweep(0), 0);
    await using later = await s3At(fixture.server.url, { now: () => Date.now() + 90_000_000 });
    assert.equal(await later.store.sweep(0), 1);
    assert.deepEqual(await fixture.leftovers(), []);
  });

  it("lists objects, but no foreign files in their space", async () => {
    const { store, bucket } = fixture;
    const key = await put(store, "film");
    await bucket.put("test/readme.txt", Buffer.from("x"));
    await bucket.put("pieces/readme.txt", Buffer.from("x"));
    assert.deepEqual([await all(store), await pieceNames(store)], [[key], []]);
  });
});

describe("direct access to S3", () => {
  it("is not offered unless the URL enables it", async () => {
    const { store } = fixture;
    assert.equal(await store.directPiece(4, 60_000), undefined);
    assert.equal(await store.directRead(await put(store, "x"), { mime: "video/mp4", expiresMs: 60_000 }), undefined);
  });

  it("lets a client upload a piece of a fixed length", async () => {
    await using open = await s3At(fixture.server.url, { more: "&direct=on" });
    const { store } = open;
    const direct = await store.directPiece(4, 60_000);
    assert.ok(direct);
    const { name, request } = direct;
    const query = new URL(request.url).searchParams;
    assert.match(query.get("X-Amz-SignedHeaders") ?? "", /content-length/);
    assert.deepEqual([request.method, query.get("X-Amz-Expires")], ["PUT", "60"]);
    const { status } = await fetch(request.url, { method: request.method, body: "film" });
    assert.deepEqual([status, await store.salvage(name)], [200, 4]);
    const { key } = await store.assemble("test", [{ name, sizeBytes: 4 }]);
    assert.equal(await text(store, key), "film");
    assert.equal(await store.directPiece(6 * 2 ** 30, 60_000), undefined);
  });

  it("lets a client download an object with its type and file name from the configured address", async () => {
    const key = await put(fixture.store, "film");
    await using open = await s3At(fixture.server.url, { more: `&direct=${fixture.proxy.url}` });
    const direct = await open.store.directRead(key, {
      mime: "video/mp4",
      disposition: 'attachment; filename="a film.mp4"',
      expiresMs: 90_000,
    });
    assert.ok(direct?.url.startsWith(fixture.proxy.url));
    const answer = await fetch(direct?.url ?? "");
    assert.deepEqual(
      [answer.headers.get("content-type"), answer.headers.get("content-disposition"), await answer.text()],
      ["video/mp4", 'attachment; filename="a film.mp4"', "film"],
    );
    await assert.rejects(open.store.directRead("test/../x", { mime: "a/b", expiresMs: 1 }), TypeError);
  });
});

let fixture: Awaited<ReturnType<typeof buildFixture>>;
beforeEach(async () => {
  fixture = await buildFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

/** A server, a proxy before it and a store that uses that. */
async function buildFixture() {
  const server = await s3Server();
  const proxy = await new S3Proxy(server.url).open();
  const s3 = await s3At(proxy.url);
  return {
    server,
    proxy,
    store: s3.store,
    bucket: s3.bucket,
    leftovers: () => s3.leftovers(),
    async [Symbol.asyncDispose]() {
      await s3[Symbol.asyncDispose]();
      await proxy.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function bytesOf(store: BlobStore, key: string, chunkBytes: number): Promise<Buffer> {
  const reader = await store.open(key);
  assert.ok(reader);
  const chunks = [];
  for (let at = 0; at < reader.sizeBytes; at += chunkBytes) chunks.push(await reader.read(at, chunkBytes));
  await reader.close();
  return Buffer.concat(chunks);
}

function first<T>([one]: readonly T[]): T {
  assert.ok(one);
  return one;
}
