import assert from "node:assert/strict";
import { type Call, type Id, KinoraError } from "#kernel";
import { cutOf } from "#media/live/recording/recording-cut";
import { UploadCompleted, upload } from "#services/upload/contract";
import { readHeader } from "../recording/header.ts";
import { openFile } from "../recording/recording-file.ts";
import type { StoredSegment } from "../recording/recording-store.ts";
import type { LiveHost } from "../../settings.ts";
import { type Clip, segmentsOf, setUpload } from "../recording/clip-store.ts";

/** Bytes that are written and synced together. */
const chunkBytes = 8 * 2 ** 20;

/**
 * Copies the segments of a clip out of the pieces of the recording into an upload of its own, as a file that ends. An
 * interrupted copy continues where it stopped; a finished one stays as it is.
 */
export async function writeClip(host: LiveHost, clip: Clip, call: (parts?: Partial<Call>) => Call) {
  const { id, ownerId, header, title } = clip;
  const stored = segmentsOf(clip);
  const init = readHeader(header ?? "");
  const { sizeBytes, segments, ...ends } = cutOf(init, stored);
  const name = `${title}.mp4`;
  const { session } = await host
    .client(upload)
    .open({ endpoint: "live", name, sizeBytes, purpose: "media" }, call({ idempotencyKey: `live-clip-${id}` }));
  const { id: uploadId } = session;
  await host.db.tx((tx) => setUpload(tx, id, uploadId));
  const sha256 = await copy(host, { ownerId, name, uploadId }, [
    async () => ends.header,
    ...stored.map((segment) => () => bytesOf(host, segment)),
    async () => ends.trailer,
  ]);
  return { uploadId, sha256, init, segments };
}

interface Target {
  readonly ownerId: Id;
  readonly name: string;
  readonly uploadId: Id;
}

/** Yields the SHA-256 of the file where all its bytes passed here. */
async function copy(
  host: LiveHost,
  target: Target,
  sources: readonly (() => Promise<Buffer>)[],
): Promise<string | undefined> {
  const file = await openFile(host, target).catch((error: unknown) => {
    if (error instanceof KinoraError && error.code === UploadCompleted.code) return undefined;
    throw error;
  });
  if (!file) return undefined;
  let skip = file.sizeBytes;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  try {
    for (const source of sources) {
      const bytes = await source();
      const unwritten = bytes.subarray(Math.min(skip, bytes.length));
      skip -= bytes.length - unwritten.length;
      waiting.push(unwritten);
      waitingBytes += unwritten.length;
      if (waitingBytes < chunkBytes) continue;
      await file.append(waiting);
      [waiting, waitingBytes] = [[], 0];
    }
    if (waitingBytes > 0) await file.append(waiting);
  } catch (error) {
    await file.close();
    throw error;
  }
  return file.close();
}

async function bytesOf({ blob }: LiveHost, { ranges, spans = [] }: StoredSegment): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (const { piece, from, length } of spans) pieces.push(await blob.pieceRange(piece, from, length));
  const bytes = Buffer.concat(pieces);
  assert.equal(
    bytes.length,
    ranges.reduce((sum, { size }) => sum + size, 0),
    "a segment is stored whole",
  );
  return bytes;
}
