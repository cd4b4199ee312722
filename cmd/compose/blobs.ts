import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DiskBlobStore } from "../../src/kernel/blob/disk/disk.ts";
import { defaultStore } from "../../src/kernel/blob/stores/places.ts";
import { s3Place } from "../../src/kernel/blob/s3/place.ts";
import { BlobStores, type MemberStore } from "../../src/kernel/blob/stores/stores.ts";
import { ConfigError } from "../../src/kernel/config-error.ts";
import type { Config } from "../../src/kernel/config/load.ts";
import type { Environment } from "../../src/kernel/environment/environment.ts";

/** The stores for files that the configuration names, as one. @throws ConfigError for two of them at one place */
export async function createBlobStores(config: Config, environment: Environment): Promise<BlobStores> {
  const { url, stores: more, places } = config.blob;
  const stores = new Map<string, MemberStore>();
  const nameByPlace = new Map<string, string>();
  for (const [name, at] of [[defaultStore, url] as const, ...Object.entries(more)]) {
    const { place, store } = await storeAt(at, config, environment);
    const other = nameByPlace.get(place);
    // An object that is moved between two names of one place would be removed after it was copied onto itself.
    if (other !== undefined)
      throw new ConfigError([{ where: "KINORA_BLOB_STORES", says: `${name} is at the same place as ${other}` }]);
    nameByPlace.set(place, name);
    stores.set(name, store);
  }
  return new BlobStores({ stores, places });
}

async function storeAt(
  url: string | undefined,
  { data, blob }: Config,
  { disk, failpoints, now }: Environment,
): Promise<{ place: string; store: MemberStore }> {
  if (!url?.startsWith("s3:")) {
    const folder = url === undefined ? join(data, "blobs") : fileURLToPath(url);
    return { place: folder, store: new DiskBlobStore({ folder, disk, failpoints, now }) };
  }
  const place = s3Place(url);
  if (typeof place === "string") throw new ConfigError([{ where: "KINORA_BLOB_URL", says: place }]);
  const { s3AccessKey: accessKeyId, s3SecretKey: secretAccessKey } = blob;
  const credentials = accessKeyId !== undefined && secretAccessKey !== undefined && { accessKeyId, secretAccessKey };
  const nearby = new DiskBlobStore({ folder: join(data, "nearby"), disk, failpoints, now });
  const { S3BlobStore } = await import("../../src/kernel/blob/s3/s3.ts");
  return {
    place: [place.endpoint, place.bucket, place.prefix].join(" "),
    store: new S3BlobStore({ place: { ...(credentials && { credentials }), ...place }, nearby, disk, failpoints, now }),
  };
}
