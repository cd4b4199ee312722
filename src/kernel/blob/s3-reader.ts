import { StorageUnavailable } from "../errors.ts";
import type { BlobReader } from "./port.ts";
import type { S3Bucket } from "./s3-bucket.ts";

/** The most one request brings, and so what a reader keeps in memory. */
const requestBytesMax = 8 * 2 ** 20;
/** How much one request asks for when a client reads sequentially. */
const aheadBytes = 2 * 2 ** 20;

/** An object open for reading; undefined where there is none. Never yields less than the store said the object has. */
export async function readerOf(bucket: S3Bucket, key: string): Promise<BlobReader | undefined> {
  const found = await bucket.head(key);
  if (!found) return undefined;
  const { sizeBytes, changedAtMs } = found;
  /** The last request, and where it ends: the next bytes of a sequential reader. */
  let ahead: { from: number; bytes: Buffer } = { from: 0, bytes: Buffer.alloc(0) };
  let nextAt: number | undefined;

  const fetched = async (from: number, length: number): Promise<Buffer> => {
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
      const wanted = Math.max(0, Math.min(length, sizeBytes - position));
      if (wanted === 0) return Buffer.alloc(0);
      const isNext = position === nextAt;
      nextAt = position + wanted;
      const offset = position - ahead.from;
      if (offset >= 0 && offset + wanted <= ahead.bytes.byteLength)
        return ahead.bytes.subarray(offset, offset + wanted);
      if (!isNext || wanted >= aheadBytes) return fetched(position, wanted);
      ahead = { from: position, bytes: await fetched(position, Math.min(aheadBytes, sizeBytes - position)) };
      return ahead.bytes.subarray(0, wanted);
    },
    async close() {
      ahead = { from: 0, bytes: Buffer.alloc(0) };
    },
  };
}
