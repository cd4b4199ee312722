import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
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
import { until } from "#test/until";
import { sql } from "kysely";
import { upload } from "../contract.ts";
import { digestsOf } from "./digests.ts";
import { sweepPieces } from "../storage/orphans.ts";
import { uploadPlugin } from "../plugin.ts";
import type * as store from "../store.ts";

/** A store that delays an object for as long as the test wants. */
class SlowStore extends DiskBlobStore {
  gate: Promise<void> = Promise.resolve();

  override async assemble(...given: Parameters<DiskBlobStore["assemble"]>) {
    await this.gate;
    return super.assemble(...given);
  }

  /** As a store does that clients can reach. */
  async directPiece() {
    return { name: directName, request: { method: "PUT" as const, url: "https://store.example.org/", headers: {} } };
  }
}

describe("the file of an upload", () => {
  before(async () => {
    await host.add(uploadPlugin);
    await ownHost.add(uploadPlugin);
  });
  beforeEach(() => host.clear());
  after(async () => {
    await host[Symbol.asyncDispose]();
    await ownHost[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  describe("the completion of an upload", () => {
    it("F17: is refused to a paused process after another has taken the upload over", async () => {
      const id = await arrived("hello");
      const gate = Promise.withResolvers<void>();
      blob.gate = gate.promise;
      const paused = client.finish({ id }, mira);
      paused.catch(() => undefined);
      await until(async () => (await session(id)).isHeld);
      const { fence } = await until(async () => {
        // A last beat of who is paused may come between the two.
        await sql`UPDATE upload.upload_sessions SET writer_until = now() - interval '1 second'`.execute(database());
        const lease = await client.write({ id, endpoint: "tus", writer: "two#boot#1" }, mira);
        return lease.isGranted ? lease : undefined;
      });
      gate.resolve();
      await assert.rejects(paused, { code: "upload.busy" });
      assert.equal((await client.usage({}, mira)).usedBytes, 0);
      await client.advance({ id, fence, pieces: [], receivedBytes: 5, isLast: true }, mira);
      assert.equal((await client.finish({ id }, mira)).sizeBytes, 5);
    });

    it("keeps its lease while it takes longer than the lease", async () => {
      const id = await arrived("hello");
      const gate = Promise.withResolvers<void>();
      blob.gate = gate.promise;
      const slow = client.finish({ id }, mira);
      const began = performance.now();
      await until(async () => (await session(id)).isHeld);
      await until(async () => {
        const { isGranted } = await client.write({ id, endpoint: "tus", writer: "two#boot#1" }, mira);
        assert.equal(isGranted, false);
        return performance.now() - began > 2 * leaseMs;
      });
      gate.resolve();
      assert.equal((await slow).sizeBytes, 5);
    });

    it("waits for the current writer, and does not take over the upload", async () => {
      const id = await arrived("hello");
      const { fence } = await client.write({ id, endpoint: "tus", writer: "two#boot#1" }, mira);
      await sql`UPDATE upload.upload_sessions SET writer_until = now() + interval '1 minute'`.execute(database());
      const began = performance.now();
      const finishing = client.finish({ id }, mira);
      finishing.catch(() => undefined);
      await until(() => performance.now() - began > 150);
      await client.advance({ id, fence, pieces: [], receivedBytes: 5, isLast: true }, mira);
      assert.equal((await finishing).sizeBytes, 5);
    });

    it("refuses a file with another size than the received bytes", async () => {
      const input = { endpoint: "form" as const, name: "a", purpose: "drive" as const };
      const { id } = (await client.open(input, mira)).session;
      const pieces = [await put("hello")];
      await assert.rejects(client.finish({ id, pieces, sizeBytes: 6 }, mira), { code: "upload.hash_mismatch" });
      assert.equal((await client.usage({}, mira)).usedBytes, 0);
    });

    it("drops content that does not match its hash, and keeps the objects of files (D6)", async () => {
      const theirs = await client.finish({ id: await arrived("theirs", noor) }, noor);
      for (const [text, isKept] of [
        ["theirs", true],
        ["nobody's", false],
      ] as const) {
        const id = await arrived(text);
        const hash = { kind: "sha256" as const, hex: sha256("something else") };
        await assert.rejects(client.finish({ id, hash }, mira), { code: "upload.hash_mismatch" });
        assert.equal(await isThere(`upload/${sha256(text)}`), isKept, text);
      }
      assert.equal((await client.file({ id: theirs.id }, noor)).key, theirs.key);
    });

    it("makes no instant file of content with a missing object", async () => {
      const file = await client.finish({ id: await arrived("gone") }, mira);
      await blob.remove(file.key);
      const query = { hash: { kind: "sha256" as const, hex: file.sha256 }, name: "again", purpose: "drive" as const };
      assert.deepEqual(await client.instant(query, noor), { file: null });
      assert.equal((await client.usage({}, noor)).usedBytes, 0);
    });

    it("checks the size of a piece that was sent directly to the store", async () => {
      const input = { name: "a", sizeBytes: 6, purpose: "drive" as const, direct: true };
      const { upload: begun } = await client.init(input, mira);
      const piece = await put("hello");
      directName = piece.name;
      const { upload: other } = await client.init({ ...input, sizeBytes: 5 }, mira);
      await assert.rejects(client.complete({ id: begun.id }, mira), { code: "upload.missing_chunks" });
      assert.equal((await client.complete({ id: other.id }, mira)).sha256, sha256("hello"));
    });

    it("computes the MD5 and SHA-1 of an object over all its bytes", async () => {
      const bytes = randomBytes(3_000_000);
      const writer = await blob.create("upload");
      await writer.write(bytes);
      const { key } = await writer.commit();
      const [md5, sha1] = ["md5", "sha1"].map((kind) => createHash(kind).update(bytes).digest("hex"));
      assert.deepEqual(await digestsOf(blob, key, new AbortController().signal), { md5, sha1 });
      assert.equal(await digestsOf(blob, `upload/${"0".repeat(64)}`, new AbortController().signal), undefined);
    });

    it("sweeps orphaned pieces, except recent ones and those of uploads", async () => {
      const id = await arrived("counted");
      const lost = await put("lost");
      const db = host.database<store.Tables>("upload");
      const sweep = (writtenBeforeMs: number) =>
        sweepPieces({ db, blob, writtenBeforeMs, signal: new AbortController().signal });
      assert.equal(await sweep(Date.now() - 3_600_000), 0);
      assert.equal(await blob.salvage(lost.name), 4);
      assert.ok((await sweep(Date.now() + 60_000)) >= 1);
      assert.equal(await blob.salvage(lost.name), undefined);
      assert.equal((await client.finish({ id }, mira)).sha256, sha256("counted"));
    });
  });

  describe("stored content", () => {
    it("is found by its exact hash and size, and not by a hash of two contents (S4.6)", async () => {
      const [one, two] = [await client.finish({ id: await arrived("one") }, mira), await arrived("two")];
      const second = await client.finish({ id: two }, mira);
      await sql`UPDATE upload.contents SET md5 = ${"a".repeat(32)} WHERE key = ${one.key}`.execute(database());
      const query = { hash: { kind: "md5" as const, hex: "a".repeat(32) }, name: "n", purpose: "drive" as const };
      assert.equal((await client.instant({ ...query, sizeBytes: 4 }, noor)).file, null);
      assert.equal((await client.instant({ ...query, sizeBytes: 3 }, noor)).file?.sha256, one.sha256);
      await sql`UPDATE upload.contents SET md5 = ${"a".repeat(32)} WHERE key = ${second.key}`.execute(database());
      assert.equal((await client.instant({ ...query, sizeBytes: 3 }, noor)).file, null);
    });

    it("is refused after the challenge has expired, and counts against the quota", async () => {
      const bytes = "proved";
      await client.finish({ id: await arrived(bytes) }, mira);
      const input = { name: "p", sizeBytes: bytes.length, sha256: sha256(bytes), purpose: "drive" as const };
      const { upload: late, challenge } = await client.init(input, noor);
      await sql`UPDATE upload.upload_challenges SET expires_at_ms = ${Date.now() - 1}`.execute(database());
      const digests = [
        createHash("sha256")
          .update(Buffer.from(challenge?.nonce ?? "", "hex"))
          .update(bytes)
          .digest("hex"),
      ];
      await assert.rejects(client.prove({ id: late.id, digests }, noor), { code: "upload.not_instant" });
      const before = await client.usage({}, noor);
      const query = { hash: { kind: "sha256" as const, hex: sha256(bytes) }, name: "n", purpose: "drive" as const };
      await client.instant({ ...query, uploadId: late.id }, noor);
      const { usedBytes, reservedBytes } = await client.usage({}, noor);
      assert.deepEqual([usedBytes - before.usedBytes, before.reservedBytes - reservedBytes], [6, 6]);
      for (;;) {
        const taken = await client.instant(query, noor).catch((error: unknown) => error);
        if (!(taken instanceof Error)) continue;
        assert.equal((taken as unknown as { code: string }).code, "upload.quota_exceeded"); // Every failure of a contract has a code.
        break;
      }
      assert.ok((await client.usage({}, noor)).usedBytes <= quotaBytes);
    });

    it("is found among the user's own files alone when so configured", async () => {
      const own = ownHost.client(upload);
      const input = { endpoint: "form" as const, name: "a", purpose: "drive" as const };
      const { session: opened } = await own.open(input, mira);
      const { sha256: hex } = await own.finish({ id: opened.id, pieces: [await put("own")] }, mira);
      const query = { hash: { kind: "sha256" as const, hex }, name: "n", purpose: "drive" as const };
      assert.equal((await own.instant(query, noor)).file, null);
      assert.equal((await own.instant(query, mira)).file?.sha256, hex);
    });
  });
});

const leaseMs = 2_000;
const quotaBytes = 100;
const [mira, noor] = [callOf(11), callOf(12)];
let directName = "0".repeat(32);
const folder = mkdtempSync(join(tmpdir(), "kinora-upload-"));
const blob = new SlowStore({ folder, disk: realDisk, failpoints: noFailpoints, now: Date.now });
const host = new TestHost({ settings: { upload: { leaseMs, quotaBytes, instant: "anyone" } }, parts: { blob } });
const ownHost = new TestHost({ settings: { upload: { instant: "own" } }, parts: { blob } });
const client = host.client(upload);
const database = () => host.database("upload");

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const session = async (id: number) => (await client.session({ id }, mira)).session;

/** Bytes that are durable and belong to nothing yet. */
async function put(text: string): Promise<Piece> {
  const writer = await blob.piece();
  await writer.write(Buffer.from(text));
  const [piece] = await writer.keep();
  await writer.close();
  assert.ok(piece);
  return piece;
}

/** An upload by offset that has all its bytes and is no file yet. */
async function arrived(text: string, call = mira): Promise<number> {
  const input = { endpoint: "tus" as const, name: "a", purpose: "drive" as const, sizeBytes: text.length };
  const { id } = (await client.open(input, call)).session;
  const { fence } = await client.write({ id, endpoint: "tus", writer: "one#boot#1" }, call);
  const pieces = [{ ...(await put(text)), position: 0 }];
  await client.advance({ id, fence, pieces, receivedBytes: text.length, isLast: true }, call);
  return id;
}

async function isThere(key: string): Promise<boolean> {
  const object = await blob.open(key);
  await object?.close();
  return object !== undefined;
}
