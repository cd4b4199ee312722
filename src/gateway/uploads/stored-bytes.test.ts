import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, describe, it } from "node:test";
import { DiskBlobStore } from "#kernel/blob/disk/disk";
import { realDisk } from "#kernel/environment/disk";
import { StorageUnavailable } from "#kernel/errors";
import { noFailpoints } from "#kernel/environment/failpoint";
import { ChunkTooLarge, UploadBusy } from "#services/upload/contract";
import { discardRejected, storeBytes } from "./stored-bytes.ts";

const mebibyte = 2 ** 20;

describe("bytes of an upload", () => {
  after(() => rm(folder, { recursive: true }));

  it("are not read beyond their limit, and leave no pieces when they exceed it", async () => {
    let sent = 0;
    async function* endless() {
      for (;;) {
        sent += 1;
        yield Buffer.alloc(mebibyte);
      }
    }
    await assert.rejects(storeBytes(endless(), blob, options), { code: "upload.chunk_too_large" });
    assert.deepEqual([sent, await pieces()], [4, []]);
  });

  it("leave no pieces when they end too early", async () => {
    async function* broken() {
      yield Buffer.alloc(mebibyte);
      throw new Error("gone");
    }
    await assert.rejects(storeBytes(broken(), blob, options), { code: "upload.interrupted" });
    assert.deepEqual(await pieces(), []);
  });

  it("are removed after a rejection, and kept when a record may refer to them", async () => {
    for (const [error, isLeft] of [
      [ChunkTooLarge({ bytesMax: 1 }), false],
      [UploadBusy({}), false],
      [StorageUnavailable({}), true],
      [new Error("no answer"), true],
    ] as const) {
      const stored = await storeBytes(Readable.from([Buffer.from("x")]), blob, options);
      await discardRejected(blob, stored.pieces, error);
      assert.deepEqual(await pieces(), isLeft ? stored.pieces.map(({ name }) => name) : [], String(error));
      await blob.drop(await pieces());
    }
  });
});

const folder = mkdtempSync(join(tmpdir(), "kinora-stored-bytes-"));
const blob = new DiskBlobStore({ folder, disk: realDisk, failpoints: noFailpoints, now: Date.now });
const options = { bytesMax: 3 * mebibyte, tooLarge: () => ChunkTooLarge({ bytesMax: 3 * mebibyte }) };

const pieces = async () => (await Array.fromAsync(blob.pieces())).map(({ name }) => name);
