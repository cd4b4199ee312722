import { StorageUnavailable } from "../../errors.ts";
import { blockBytes } from "../block-checksums.ts";
import type { BlobReader } from "../port.ts";
import type { S3Bucket } from "./bucket.ts";

/** The most one request brings, and so what a reader keeps in memory. */
const requestBytesMax = 8 * 2 ** 20;
/** How much one request asks for when a client reads sequentially. */
const aheadBytes = 2 * 2 ** 20;

/** An object open for reading; undefined where there is none. Never yields less than the store said the object has. */
export async function openReader(bucket: S3Bucket, key: string): Promise<BlobReader | undefined> {
  const head = await bucket.head(key);
  if (!head) return undefined;
  const { sizeBytes, changedAtMs } = head;
  /** The last request, and where it ends: the next bytes of a sequential reader. */
  let ahead: { from: number; bytes: Buffer } = { from: 0, bytes: Buffer.alloc(0) };
  let nextAt: number | undefined;

  const fetchRange = async (from: number, length: number): Promise<Buffer> => {
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length; done += requestBytesMax) {
      const part = Math.min(requestBytesMax, length - done);
      if (!(await bucket.read({ key, from: from + done, length: part }, bytes.subarray(done))))
        throw StorageUnavailable({}, new Error("an object was removed while it was read"));
    }
    return bytes;
  };
  return {
    sizeBytes,
    changedAtMs,
    async read(position, length) {
      const readable = Math.max(0, Math.min(length, sizeBytes - position));
      if (readable === 0) return Buffer.alloc(0);
      // A read that was widened to blocks begins in the last block of the one before.
      const isNext = nextAt !== undefined && position <= nextAt && position > nextAt - blockBytes;
      nextAt = position + readable;
      const offset = position - ahead.from;
      if (offset >= 0 && offset + readable <= ahead.bytes.byteLength)
        return ahead.bytes.subarray(offset, offset + readable);
      if (!isNext || readable >= aheadBytes) return fetchRange(position, readable);
      ahead = { from: position, bytes: await fetchRange(position, Math.min(aheadBytes, sizeBytes - position)) };
      return ahead.bytes.subarray(0, readable);
    },
    async close() {
      ahead = { from: 0, bytes: Buffer.alloc(0) };
    },
  };
}
