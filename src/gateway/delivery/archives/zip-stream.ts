import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import type { BlobReader } from "#kernel";
import { ArchiveNames } from "./archive-names.ts";
import {
  centralHeader,
  chunkBytes,
  descriptor,
  ending,
  Gathered,
  localHeader,
  max32,
  namesOf,
  type Placed,
  planFromPlaced,
} from "./zip.ts";

/** A file of an archive: a stored object that is open, or text whose length is only known at its end. */
export type StreamedFile = { readonly path: string; readonly changedAtMs: number } & (
  | { readonly object: BlobReader; readonly key?: string }
  | { readonly text: AsyncIterable<string> | Iterable<string> }
);

/**
 * The bytes of an archive whose files are made while it is sent: of files that were sent, only the names stay in
 * memory. An object is closed after its turn, also when the reader stops.
 * @throws Error where a text is longer than 4 GiB
 */
export async function* streamZip(files: AsyncIterable<StreamedFile>): AsyncGenerator<Buffer> {
  const gathered = new Gathered();
  const names = new ArchiveNames();
  const sent: { readonly entry: Placed; readonly sum: number }[] = [];
  let at = 0;
  const add = (part: Buffer) => {
    at += part.byteLength;
    gathered.add(part);
  };
  for await (const file of files) {
    const begun = begin(file, at, names);
    add(localHeader(begun));
    let sum = 0;
    let sizeBytes = 0;
    for await (const bytes of bytesOf(file)) {
      sum = crc32(bytes, sum);
      sizeBytes += bytes.byteLength;
      add(bytes);
      if (gathered.isFull) yield gathered.take();
    }
    assert.ok("object" in file || sizeBytes < max32, "a text is longer than an archive takes");
    const entry = { ...begun, sizeBytes };
    add(descriptor(entry, sum));
    sent.push({ entry, sum });
  }
  const plan = planFromPlaced(
    sent.map(({ entry }) => entry),
    at,
  );
  for (const { entry, sum } of sent) {
    gathered.add(centralHeader(entry, sum));
    if (gathered.isFull) yield gathered.take();
  }
  gathered.add(ending(plan));
  yield gathered.take();
}

function begin(file: StreamedFile, offset: number, names: ArchiveNames): Placed {
  const { path, changedAtMs } = file;
  const sizeBytes = "object" in file ? file.object.sizeBytes : 0;
  return {
    path,
    changedAtMs,
    key: path,
    sizeBytes,
    ...namesOf({ path, key: path }, names),
    offset,
    isLarge: sizeBytes >= max32,
    hasDescriptor: true,
  };
}

async function* bytesOf(file: StreamedFile): AsyncGenerator<Buffer> {
  if ("text" in file) {
    for await (const text of file.text) yield Buffer.from(text);
    return;
  }
  const { object } = file;
  try {
    for (let at = 0; at < object.sizeBytes; ) {
      const bytes = await object.read(at, Math.min(chunkBytes, object.sizeBytes - at));
      assert.ok(bytes.byteLength > 0, "an object is shorter than was said");
      at += bytes.byteLength;
      yield bytes;
    }
  } finally {
    await object.close();
  }
}
