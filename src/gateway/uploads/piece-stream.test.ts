import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it, mock } from "node:test";
import { StorageFull } from "#kernel/errors";
import type { PieceWriter } from "#kernel/blob/port";
import { UploadBusy } from "#services/upload/contract";
import { type CheckedBody, PieceStream, type Report, type UploadEnd } from "./piece-stream.ts";

describe("a piece stream", () => {
  it("reports all bytes of a whole body with the release of the lease", async () => {
    const { stream, reports, hash } = streamOf(bodyOf("abc", "de"));
    assert.deepEqual(await stream.write(), { offset: 5, isStored: true, failure: undefined });
    assert.deepEqual(reports, [{ pieces: [{ name: "p", sizeBytes: 5, position: 0 }], receivedBytes: 5, isLast: true }]);
    assert.equal(hash.digest("hex"), createHash("sha256").update("abcde").digest("hex"));
  });

  it("counts from the end of the upload, with the piece that it continues", async () => {
    const last = { name: "p", sizeBytes: 4 };
    const { stream, reports } = streamOf(bodyOf("ab"), { end: { at: 10, last, position: 3, bytesMax: 50 } });
    assert.equal((await stream.write()).offset, 12);
    assert.deepEqual(reports, [{ pieces: [{ ...last, sizeBytes: 6, position: 3 }], receivedBytes: 12, isLast: true }]);
  });

  it("stores received bytes where the client disconnects or its request is interrupted", async () => {
    const disconnected = streamOf(brokenAfter("abc", new Error("ECONNRESET")));
    assert.equal((await disconnected.stream.write()).failure?.code, "upload.interrupted");
    assert.equal(disconnected.reports.at(-1)?.receivedBytes, 3);

    const interrupted = streamOf(endlessAfter("abc", () => interrupted.stream.interrupt()));
    assert.equal((await interrupted.stream.write()).failure?.code, "upload.interrupted");
    assert.equal(interrupted.reports.at(-1)?.receivedBytes, 3);
  });

  it("stores none of the bytes of a body that does not match its checksum", async () => {
    const checksum = { update: () => undefined, verify: () => assert.fail("another sum") };
    const { stream, reports } = streamOf(bodyOf("abc"), { checksum });
    assert.equal((await stream.write()).isStored, false);
    assert.deepEqual(reports, [{ pieces: [], receivedBytes: 0, isLast: true }]);
  });

  it("refuses bytes beyond the size of the upload, and stores those before", async () => {
    const { stream, reports } = streamOf(bodyOf("abc", "def"), { end: { ...start, bytesMax: 4 } });
    assert.equal((await stream.write()).failure?.code, "upload.too_large");
    assert.equal(reports.at(-1)?.receivedBytes, 3);
  });

  it("releases the lease without bytes where the store is full, and fails with its error", async () => {
    const { stream, reports } = streamOf(bodyOf("abc"), { keep: () => Promise.reject(StorageFull({})) });
    await assert.rejects(stream.write(), { code: "kernel.storage_full" });
    assert.deepEqual(reports, [{ pieces: [], receivedBytes: 0, isLast: true }]);
  });

  for (const [title, report, passedMs] of [
    ["the lease is lost", () => Promise.reject(UploadBusy({})), 1_000],
    ["another process waits for the lease", async () => ({ isWanted: true }), 1_000],
    ["the client sends nothing for a minute", async () => ({ isWanted: false }), 61_000],
  ] as const)
    it(`interrupts the body where ${title}`, async (t) => {
      t.mock.timers.enable({ apis: ["setInterval"] });
      const startMs = performance.now();
      let nowMs = startMs;
      t.mock.method(performance, "now", () => nowMs);
      const isReading = Promise.withResolvers<void>();
      const { stream, closed } = streamOf(endlessAfter("abc", isReading.resolve), { report });
      const written = stream.write().catch((error: unknown) => ({ failure: error }));
      await isReading.promise;
      nowMs = startMs + passedMs;
      t.mock.timers.tick(1_000);
      const { failure } = await written;
      assert.ok(failure instanceof Error && "code" in failure);
      assert.equal(failure.code, title === "the lease is lost" ? "upload.busy" : "upload.interrupted");
      assert.equal(closed.mock.callCount(), 1);
    });
});

const start: UploadEnd = { at: 0, last: undefined, position: 0, bytesMax: 100 };

interface Options {
  readonly end?: UploadEnd;
  readonly checksum?: CheckedBody["checksum"];
  readonly keep?: PieceWriter["keep"];
  readonly report?: () => Promise<{ readonly isWanted: boolean }>;
}

/** A stream into a piece in memory, with the reports that it made. */
function streamOf(
  bytes: AsyncIterable<Buffer>,
  { end = start, checksum, keep, report = async () => ({ isWanted: false }) }: Options = {},
) {
  const reports: Report[] = [];
  const hash = createHash("sha256");
  const closed = mock.fn();
  let sizeBytes = end.last?.sizeBytes ?? 0;
  const writer: PieceWriter = {
    isGrowing: true,
    write: async (chunk) => void (sizeBytes += chunk.byteLength),
    keep: keep ?? (async () => [{ name: "p", sizeBytes }]),
    close: async () => closed(),
  };
  const stream = new PieceStream(
    {
      open: async () => writer,
      report: (made) => {
        reports.push(made);
        return report();
      },
    },
    end,
    { bytes, release: () => undefined, check: undefined, checksum, hash },
  );
  return { stream, reports, hash, closed };
}

async function* bodyOf(...chunks: readonly string[]) {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function* brokenAfter(chunk: string, error: Error) {
  yield Buffer.from(chunk);
  throw error;
}

/** A body that sends nothing behind its first bytes; `onSilence` is called when they were written. */
async function* endlessAfter(chunk: string, onSilence: () => void) {
  yield Buffer.from(chunk);
  onSilence();
  await new Promise(() => undefined);
}
