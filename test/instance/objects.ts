import assert from "node:assert/strict";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { DiskBlobStore } from "#kernel/blob/disk/disk";
import { s3Place } from "#kernel/blob/s3/place";
import { S3BlobStore } from "#kernel/blob/s3/s3";
import { BlobStores, type MemberStore } from "#kernel/blob/stores/stores";
import { realEnvironment } from "#kernel/environment/environment";

/** Moves the objects of a data folder to the S3 store of a URL, where a server with this setting looks for them. */
export async function moveObjects(data: string, url: string): Promise<void> {
  const place = s3Place(url);
  if (typeof place === "string") throw new TypeError(place);
  const folder = join(data, "blobs");
  const disk = new DiskBlobStore({ ...realEnvironment(), folder });
  const s3 = new S3BlobStore({ ...realEnvironment(), place, nearby: disk });
  const members = new Map<string, MemberStore>([
    ["s3", s3],
    ["disk", disk],
  ]);
  const stores = new BlobStores({ stores: members, places: {} });
  // Folders that are no space, such as that of pieces, have no objects.
  for (const space of await readdir(folder).catch(() => []))
    for await (const { key } of disk.list(space)) assert.ok(await stores.copyTo("s3", key, "disk"), key);
  await rm(folder, { recursive: true, force: true });
}
