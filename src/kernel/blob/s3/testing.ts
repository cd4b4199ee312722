import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";
import { type Disk, realDisk } from "../../environment/disk.ts";
import { noFailpoints } from "../../environment/failpoint.ts";
import { DiskBlobStore } from "../disk/disk.ts";
import { S3BlobStore } from "./s3.ts";
import { S3Bucket, type S3Limits } from "./bucket.ts";
import { type S3Place, s3Place } from "./place.ts";
import type { Made, StoredBytes } from "../testing.ts";

/** An S3 server on loopback with an empty bucket; removed with all its objects when disposed. */
export async function s3Server(): Promise<AsyncDisposable & { readonly url: string }> {
  const directory = await mkdtemp(join(tmpdir(), "kinora-s3-"));
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: "films" }],
  });
  const { port } = await server.run();
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function placeAt(endpoint: string, more: string, bucket: string): S3Place {
  const place = s3Place(`s3://S3RVER:S3RVER@${bucket}/some/where?endpoint=${endpoint}${more}`);
  if (typeof place === "string") throw new TypeError(place);
  return place;
}

interface OnS3 extends Made<S3BlobStore> {
  readonly bucket: S3Bucket;
}

/** Limits for cases that are about none: a busy machine is no server that is away. */
const patient = { connectMs: 10_000, answerMs: 60_000 };

/** A store in a bucket of the server at `endpoint`, with `more` options in its URL. */
export async function s3At(
  endpoint: string,
  {
    more = "",
    now = Date.now,
    name = "films",
    limits = {},
    disk = realDisk,
  }: { more?: string; now?: () => number; name?: string; limits?: Partial<S3Limits>; disk?: Disk } = {},
): Promise<OnS3> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-near-"));
  const place = placeAt(endpoint, more, name);
  const nearby = new DiskBlobStore({ folder, disk, failpoints: noFailpoints, now });
  const bucket = new S3Bucket(place);
  return {
    store: new S3BlobStore({ place, nearby, disk, failpoints: noFailpoints, now, limits: { ...patient, ...limits } }),
    bucket,
    reopened: () => s3At(endpoint, { more, now, name, limits, disk }),
    at: (what, key) => objectAt(bucket, what === "object" ? key : `checksums/${key}`),
    leftovers: async () => (await Array.fromAsync(bucket.list("tmp/"))).map(({ key }) => key),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function objectAt(bucket: S3Bucket, key: string): StoredBytes {
  return {
    async read() {
      const length = (await bucket.head(key))?.sizeBytes;
      if (length === undefined) return undefined;
      const bytes = Buffer.alloc(length);
      if (length > 0) await bucket.read({ key, from: 0, length }, bytes);
      return bytes;
    },
    write: (bytes) => (bytes ? bucket.put(key, bytes) : bucket.remove(key)),
  };
}

/** A store in the bucket of a server of its own. */
export async function onS3(): Promise<Made<S3BlobStore>> {
  const server = await s3Server();
  const backend = await s3At(server.url);
  return {
    store: backend.store,
    at: (...of) => backend.at(...of),
    reopened: () => backend.reopened(),
    leftovers: () => backend.leftovers(),
    async [Symbol.asyncDispose]() {
      await backend[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
