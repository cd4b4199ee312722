import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { DiskBlobStore } from "#kernel/blob/disk/disk";
import type { Piece } from "#kernel/blob/port";
import { realDisk } from "#kernel/environment/disk";
import { noFailpoints } from "#kernel/environment/failpoint";
import { callOf, TestHost } from "#kernel/host/testing";
import { sql } from "kysely";
import { upload } from "../contract.ts";
import { uploadPlugin } from "../plugin.ts";

describe("the writer lease of an upload", () => {
  before(() => host.add(uploadPlugin));
  beforeEach(async () => {
    await host.clear();
    const { session } = await client.open({ endpoint: "tus", name: "a", sizeBytes: 100 }, mira);
    ({ id } = session);
  });
  after(async () => {
    await host[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it("belongs to one writer at a time, which learns that another waits and hands it over", async () => {
    const first = await write("one#boot#1");
    assert.deepEqual([first.isGranted, first.last, first.isTorn, first.isSalvageable], [true, null, false, false]);
    assert.equal((await write("two#boot#1")).isGranted, false);
    assert.equal((await write("one#boot#1")).isGranted, false);
    assert.deepEqual(await advance(first.fence, 10, false), { isWanted: true });
    assert.equal((await write("two#boot#1")).isGranted, false);
    await advance(first.fence, 20, true);
    const second = await write("two#boot#1");
    assert.deepEqual([second.isGranted, second.session.receivedBytes, second.last?.sizeBytes], [true, 20, 20]);
    assert.deepEqual([second.isTorn, second.bytesMax], [false, 80]);
  });

  it("F17: goes to another writer when it expires, and refuses late writes of the first", async () => {
    const paused = await write("one#boot#1");
    await advance(paused.fence, 10, false);
    await leaseRunsOut();
    const next = await write("two#boot#1");
    // The former holder may still write to its piece.
    assert.deepEqual(
      [next.isGranted, next.isTorn, next.isSalvageable, next.session.receivedBytes],
      [true, true, false, 10],
    );
    for (const isLast of [false, true])
      await assert.rejects(advance(paused.fence, 60, isLast), { code: "upload.busy", http: 409 });
    await assert.rejects(advance(paused.fence, 10, true), { code: "upload.busy" });
    await advance(next.fence, 30, true);
    await assert.rejects(advance(paused.fence, 60, false), { code: "upload.busy" });
    assert.deepEqual(await received(), 30);
  });

  it("F17: refuses the release by a writer paused before the completion, and makes the file once", async () => {
    const { session } = await client.open({ endpoint: "tus", name: "b", purpose: "drive", sizeBytes: 5 }, mira);
    ({ id } = session);
    const paused = await write("one#boot#1");
    const piece = await put("hello");
    await client.advance(
      { id, fence: paused.fence, pieces: [{ ...piece, position: 0 }], receivedBytes: 5, isLast: false },
      mira,
    );
    await leaseRunsOut();
    const file = await client.finish({ id }, mira);
    await assert.rejects(advance(paused.fence, 5, true), { code: "upload.busy" });
    assert.equal((await client.finish({ id }, mira)).id, file.id);
    assert.deepEqual((await client.usage({}, mira)).usedBytes, 5);
  });

  it("is granted again to a restarted process, with salvage only of bytes of the same boot", async () => {
    await write("one#boot#1");
    for (const [writer, isSalvageable] of [
      ["one#boot#2", true],
      ["one#other#3", false],
      ["one#other#4#checked", true],
      ["one#other#5", false],
    ] as const) {
      const lease = await write(writer);
      assert.deepEqual([lease.isGranted, lease.isTorn, lease.isSalvageable], [true, false, isSalvageable]);
    }
  });

  it("refuses fewer bytes than counted, more than announced, and other users", async () => {
    const { fence } = await write("one#boot#1");
    await advance(fence, 50, false);
    await assert.rejects(advance(fence, 40, false), { code: "upload.too_large" });
    await assert.rejects(advance(fence, 101, false), { code: "upload.too_large", details: { bytesMax: 100 } });
    await assert.rejects(client.advance({ id, fence, pieces: [], receivedBytes: 60, isLast: false }, callOf(12)), {
      code: "upload.not_found",
    });
    assert.equal(await received(), 50);
  });

  it("reserves arriving bytes of an upload of unknown size, up to the quota (S4.7)", async () => {
    for (let n = 0; n < 4; n++) await client.open({ endpoint: "tus", name: "a", sizeBytes: 180 }, mira);
    ({ id } = (await client.open({ endpoint: "tus", name: "b" }, mira)).session);
    const { fence } = await write("one#boot#1");
    await advance(fence, 150, false);
    assert.equal((await client.usage({}, mira)).reservedBytes, 100 + 4 * 180 + 150);
    await assert.rejects(advance(fence, 181, false), { code: "upload.quota_exceeded", details: { bytesLeft: 30 } });
    await assert.rejects(advance(fence, 201, false), { code: "upload.too_large" });
    assert.equal(await received(), 150);
  });

  it("extends the expiry of an upload that receives bytes, and of no other", async () => {
    const soonMs = Date.now() + 1_000;
    await sql`UPDATE upload.upload_sessions SET expires_at_ms = ${soonMs}`.execute(host.database("upload"));
    const { fence } = await write("one#boot#1");
    await advance(fence, 0, false);
    assert.equal(await expiresAtMs(), soonMs);
    await advance(fence, 10, true);
    assert.ok((await expiresAtMs()) > soonMs + 3_600_000);
  });
});

const folder = mkdtempSync(join(tmpdir(), "kinora-upload-"));
const blob = new DiskBlobStore({ folder, disk: realDisk, failpoints: noFailpoints, now: Date.now });
const host = new TestHost({ settings: { upload: { fileBytesMax: 200, quotaBytes: 1_000 } }, parts: { blob } });
const client = host.client(upload);
const mira = callOf(11);
let id = 0;
const name = "a".repeat(32);

const write = (writer: string) => client.write({ id, endpoint: "tus", writer }, mira);
const advance = (fence: number, receivedBytes: number, isLast: boolean) =>
  client.advance({ id, fence, pieces: [{ position: 0, name, sizeBytes: receivedBytes }], receivedBytes, isLast }, mira);
const received = async () => (await client.status({ id }, mira)).receivedBytes;
const expiresAtMs = async () => (await client.status({ id }, mira)).expiresAtMs;

const leaseRunsOut = () =>
  sql`UPDATE upload.upload_sessions SET writer_until = clock_timestamp() - interval '1 second'`.execute(
    host.database("upload"),
  );

/** Bytes that are durable and belong to nothing yet. */
async function put(text: string): Promise<Piece> {
  const writer = await blob.piece();
  await writer.write(Buffer.from(text));
  const [piece] = await writer.keep();
  await writer.close();
  assert.ok(piece);
  return piece;
}
