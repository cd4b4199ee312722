import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Disk, realDisk } from "../environment/disk.ts";
import { noFailpoints } from "../environment/failpoint.ts";
import { DiskBlobStore } from "./disk/disk.ts";
import { placeOf } from "./disk/objects.ts";
import type { Places } from "./stores/places.ts";
import type { BlobStore, Piece } from "./port.ts";
import { BlobStores, type MemberStore } from "./stores/stores.ts";

/** A store to test, empty; removed with all its objects when disposed. */
export interface Made<S extends BlobStore = BlobStore> extends AsyncDisposable {
  readonly store: S;
  /** The same store as another process has it, which remembers nothing; its disposal removes nothing of the store. */
  reopened(): Promise<Made<S>>;
  /** The stored bytes of an object or of its checksums, which a test may change. */
  at(what: "object" | "checksums", key: string): StoredBytes;
  /** Files beside objects and pieces: none while nothing is written. */
  leftovers(): Promise<string[]>;
}

export interface StoredBytes {
  read(): Promise<Buffer | undefined>;
  /** Nothing is left of it where `bytes` is undefined. */
  write(bytes: Buffer | undefined): Promise<void>;
}

/** Every adapter, to be run through the suites of what a blob store promises. */
export const adapters: readonly { readonly name: string; readonly make: () => Promise<Made> }[] = [
  { name: "the disk", make: () => onDisk() },
  { name: "S3", make: async () => (await import("./s3/testing.ts")).onS3() },
  // Pieces are begun in the first and become objects of the second.
  { name: "two disks", make: async () => onTwo(await onDisk(), await onDisk()) },
  { name: "a disk and S3", make: async () => onTwo(await onDisk(), await (await import("./s3/testing.ts")).onS3()) },
];

/** A store in a new folder. */
export async function onDisk(disk: Disk = realDisk): Promise<Made<DiskBlobStore> & { folder: string }> {
  return diskAt(await mkdtemp(join(tmpdir(), "kinora-blob-")), disk);
}

function diskAt(folder: string, disk: Disk): Made<DiskBlobStore> & { folder: string } {
  return {
    store: new DiskBlobStore({ folder, disk, failpoints: noFailpoints, now: Date.now }),
    folder,
    reopened: async () => ({ ...diskAt(folder, disk), [Symbol.asyncDispose]: async () => undefined }),
    at: (what, key) => fileAt(join(folder, ...(what === "object" ? [] : ["checksums"]), ...placeOf(key))),
    leftovers: () => readdir(join(folder, "tmp")).catch(() => []),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function fileAt(path: string): StoredBytes {
  return {
    read: () => readFile(path).catch(() => undefined),
    write: (bytes) => (bytes ? writeFile(path, bytes) : rm(path, { force: true })),
  };
}

/** Two stores, `near` before `far`, to which `places` send objects; removed when disposed. */
export async function onTwo(
  near: Made<MemberStore>,
  far: Made<MemberStore>,
  places: Places = { test: "far" },
): Promise<Made<BlobStores>> {
  const stores = new Map([
    ["near", near.store],
    ["far", far.store],
  ]);
  return {
    store: new BlobStores({ stores, places }),
    at: (...of) => far.at(...of),
    reopened: async () => onTwo(await near.reopened(), await far.reopened(), places),
    leftovers: async () => [...(await near.leftovers()), ...(await far.leftovers())],
    async [Symbol.asyncDispose]() {
      await near[Symbol.asyncDispose]();
      await far[Symbol.asyncDispose]();
    },
  };
}

export async function put(store: BlobStore, content: string): Promise<string> {
  const writer = await store.create("test");
  await writer.write(Buffer.from(content));
  return (await writer.commit()).key;
}

/** The text of an object, up to a thousand bytes. */
export async function text(store: BlobStore, key: string): Promise<string> {
  const reader = await store.open(key);
  assert.ok(reader, `${key} is not there`);
  try {
    return (await reader.read(0, 1_000)).toString();
  } finally {
    await reader.close();
  }
}

export async function changedAt(store: BlobStore, key: string): Promise<number> {
  const reader = await store.open(key);
  assert.ok(reader, `${key} is not there`);
  await reader.close();
  return reader.changedAtMs;
}

export const all = async (store: BlobStore): Promise<string[]> =>
  (await Array.fromAsync(store.list("test"))).map(({ key }) => key);

/** Names of all pieces, sorted. */
export const pieceNames = async (store: BlobStore): Promise<string[]> =>
  (await Array.fromAsync(store.pieces())).map(({ name }) => name).toSorted();

/** Writes chunks and keeps them, behind the bytes of the piece `after`. */
export async function keep(store: BlobStore, after: Piece | undefined, ...chunks: (string | Uint8Array)[]) {
  const writer = await store.piece(after);
  try {
    for (const chunk of chunks) await writer.write(Buffer.from(chunk));
    return await writer.keep();
  } finally {
    await writer.close();
  }
}

export const sizeOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

export function digestsOf(content: string | Uint8Array) {
  const of = (hash: string) => createHash(hash).update(content).digest("hex");
  return { md5: of("md5"), sha1: of("sha1"), sha256: of("sha256") };
}
