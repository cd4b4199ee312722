import { ObjectDamaged } from "../../errors.ts";
import { assertKey, type BlobReader, isKey, type Listed, type Quarantine } from "../port.ts";
import type { S3Bucket, Span } from "./bucket.ts";
import { openReader } from "./reader.ts";

interface S3QuarantineParts {
  readonly bucket: S3Bucket;
  readonly copy: (spans: readonly Span[], to: string) => Promise<void>;
}

const folder = "quarantine/";

/** Objects that were set aside, at `quarantine/<space>/<sha256>`. The server copies it; then the object goes. */
export class S3Quarantine implements Quarantine {
  readonly #parts: S3QuarantineParts;

  constructor(parts: S3QuarantineParts) {
    this.#parts = parts;
  }

  async put(key: string): Promise<void> {
    const { bucket } = this.#parts;
    const aside = pathOf(key);
    if (await this.#copy(key, aside)) await bucket.remove(key);
    else if (!(await bucket.head(aside))) await bucket.put(aside, Buffer.alloc(0));
  }

  open(key: string): Promise<BlobReader | undefined> {
    return openReader(this.#parts.bucket, pathOf(key));
  }

  async restore(key: string): Promise<void> {
    const { bucket } = this.#parts;
    const aside = pathOf(key);
    if (await bucket.head(key)) return;
    if (await this.#copy(aside, key)) await bucket.remove(aside);
  }

  async drop(key: string): Promise<void> {
    await this.#parts.bucket.remove(pathOf(key));
  }

  async *list(space: string): AsyncIterable<Listed> {
    for await (const object of this.#parts.bucket.list(`${folder}${space}/`)) {
      const key = object.key.slice(folder.length);
      if (isKey(key)) yield { ...object, key };
    }
  }

  /** @throws ObjectDamaged where the object was set aside */
  async assertNone(key: string): Promise<void> {
    if (await this.#parts.bucket.head(pathOf(key))) throw ObjectDamaged({});
  }

  async #copy(from: string, to: string): Promise<boolean> {
    const head = await this.#parts.bucket.head(from);
    if (head) await this.#parts.copy([{ key: from, from: 0, length: head.sizeBytes }], to);
    return head !== undefined;
  }
}

function pathOf(key: string): string {
  assertKey(key);
  return folder + key;
}
