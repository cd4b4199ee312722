import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, describe, it } from "node:test";
import { DiskBlobStore } from "#kernel/blob/disk";
import { realDisk } from "#kernel/environment/disk";
import { StorageUnavailable } from "#kernel/errors";
import { noFailpoints } from "#kernel/environment/failpoint";
import { ChunkTooLarge, UploadBusy } from "#services/upload/contract";
import { dropRefused, kept } from "./kept.ts";

const mebibyte = 2 ** 20;

describe("bytes that come in", () => {
  after(() => rm(folder, { recursive: true }));

  it("are not read beyond what may come, and nothing is left of them then", async () => {
    let sent = 0;
    async function* endless() {
      for (;;) {
        sent += 1;
        yield Buffer.alloc(mebibyte);
      }
    }
    await assert.rejects(kept(endless(), blob, wanted), { code: "upload.chunk_too_large" });
    assert.deepEqual([sent, await pieces()], [4, []]);
  });

  it("leave nothing when they end too early", async () => {
    async function* broken() {
      yield Buffer.alloc(mebibyte);
      throw new Error("gone");
    }
    await assert.rejects(kept(broken(), blob, wanted), { code: "upload.interrupted" });
    assert.deepEqual(await pieces(), []);
  });

  it("are dropped when they were refused for good, and not when a record may have them", async () => {
    for (const [error, isLeft] of [
      [ChunkTooLarge({ bytesMax: 1 }), false],
      [UploadBusy({}), false],
      [StorageUnavailable({}), true],
      [new Error("no answer"), true],
    ] as const) {
      const { pieces: names } = await kept(Readable.from([Buffer.from("x")]), blob, wanted);
      await dropRefused(
        blob,
        names.map(({ name }) => name),
        error,
      );
      assert.deepEqual(await pieces(), isLeft ? names.map(({ name }) => name) : [], String(error));
      await blob.drop(await pieces());
    }
  });
});

const folder = mkdtempSync(join(tmpdir(), "kinora-kept-"));
const blob = new DiskBlobStore({ folder, disk: realDisk, failpoints: noFailpoints, now: Date.now });
const wanted = { bytesMax: 3 * mebibyte, tooLarge: () => ChunkTooLarge({ bytesMax: 3 * mebibyte }) };

const pieces = async () => (await Array.fromAsync(blob.pieces())).map(({ name }) => name);
