import { randomUUID } from "node:crypto";
import type { BlobStore, Id } from "#kernel";
import { z } from "zod";
import type { StreamedFile } from "../delivery/archives/zip-stream.ts";
import { type Planned, planOf } from "../delivery/archives/zip.ts";

/** The space of exports in the blob store. Its objects have no record: they end by their age. */
const space = "export";
/** How long an export can be downloaded; the service `upload` deletes its objects some time later. */
export const snapshotLifeMs = 24 * 3_600_000;
/** All entries are in memory while an export is downloaded. */
const filesMax = 100_000;
/** The first line of a manifest, which no file of an export begins with. */
const magic = "kinora export 1\n";
const manifestBytesMax = 64 * 1_024 * 1_024;

const Manifest = z.object({
  userId: z.int(),
  username: z.string(),
  madeAtMs: z.int(),
  /** Makes the name of the manifest one that nobody can guess. */
  nonce: z.string(),
  entries: z.array(
    z.object({ path: z.string(), key: z.string(), sizeBytes: z.int().nonnegative(), changedAtMs: z.int() }),
  ),
});

/** An export whose files are fixed, so that a download of it can be resumed. */
export interface Snapshot {
  readonly userId: Id;
  readonly username: string;
  readonly madeAtMs: number;
  readonly plan: Planned;
}

interface SnapshotParts {
  readonly userId: Id;
  readonly username: string;
  readonly madeAtMs: number;
  readonly files: AsyncIterable<StreamedFile>;
  /** Called before each file with the number of those that are done. */
  readonly report: (done: number) => void;
}

/** Stores what is made while it is sent, and the places of the files that are stored already; yields its name and size. */
export async function storeSnapshot(
  blob: BlobStore,
  { userId, username, madeAtMs, files, report }: SnapshotParts,
): Promise<{ readonly id: string; readonly sizeBytes: number }> {
  const entries: z.output<typeof Manifest>["entries"] = [];
  for await (const file of files) {
    if (entries.length === filesMax) throw new Error("an export has more files than one that can be resumed takes");
    report(entries.length);
    entries.push(await placeOf(blob, file));
  }
  const manifest: z.output<typeof Manifest> = { userId, username, madeAtMs, nonce: randomUUID(), entries };
  const { sha256 } = await storeText(blob, [magic, JSON.stringify(manifest)]);
  return { id: sha256, sizeBytes: planOf(entries).sizeBytes };
}

/** The export of this name and account; undefined where there is none, or its time is over. */
export async function openSnapshot(
  blob: BlobStore,
  id: string,
  userId: Id,
  nowMs: number,
): Promise<Snapshot | undefined> {
  if (!/^[0-9a-f]{64}$/.test(id)) return undefined;
  const object = await blob.open(`${space}/${id}`);
  if (!object) return undefined;
  try {
    if (object.sizeBytes > manifestBytesMax) return undefined;
    const parts: Buffer[] = [];
    for (let at = 0; at < object.sizeBytes; ) {
      const bytes = await object.read(at, object.sizeBytes - at);
      parts.push(bytes);
      at += bytes.byteLength;
    }
    const text = Buffer.concat(parts).toString();
    // Files of exports lie in this space too.
    if (!text.startsWith(magic)) return undefined;
    const { entries, ...facts } = Manifest.parse(JSON.parse(text.slice(magic.length)));
    const isOver = facts.userId !== userId || facts.madeAtMs + snapshotLifeMs < nowMs;
    return isOver ? undefined : { ...facts, plan: planOf(entries) };
  } finally {
    await object.close();
  }
}

async function placeOf(blob: BlobStore, file: StreamedFile) {
  const { path } = file;
  // A disk counts in fractions.
  const changedAtMs = Math.floor(file.changedAtMs);
  if ("text" in file) {
    const { key, sizeBytes } = await storeText(blob, file.text);
    return { path, changedAtMs, key, sizeBytes };
  }
  const { object, key = "" } = file;
  await object.close();
  return { path, changedAtMs, key, sizeBytes: object.sizeBytes };
}

async function storeText(blob: BlobStore, texts: AsyncIterable<string> | Iterable<string>) {
  const writer = await blob.create(space);
  try {
    for await (const text of texts) await writer.write(Buffer.from(text));
    return await writer.commit();
  } finally {
    await writer.abort();
  }
}
