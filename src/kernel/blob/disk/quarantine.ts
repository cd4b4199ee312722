import { dirname, join } from "node:path";
import { ObjectDamaged } from "../../errors.ts";
import { type Medium, unlessMissing } from "./medium.ts";
import { assertKey, type BlobReader, isKey, type Listed, type Quarantine } from "../port.ts";

interface DiskQuarantineParts {
  readonly medium: Medium;
  readonly now: () => number;
  /** The path of an object. */
  readonly pathOf: (key: string) => string;
  readonly read: (path: string) => Promise<BlobReader | undefined>;
}

/** Objects that were set aside, as `<folder>/quarantine/<space>/<sha256>`; the time of a file is when that was done. */
export class DiskQuarantine implements Quarantine {
  readonly #parts: DiskQuarantineParts;

  constructor(parts: DiskQuarantineParts) {
    this.#parts = parts;
  }

  async put(key: string): Promise<void> {
    const { medium, now, pathOf } = this.#parts;
    const { disk } = medium;
    const [from, to] = [pathOf(key), this.#path(key)];
    await medium.guard(() => disk.makeFolder(dirname(to)));
    if (await disk.stat(from)) {
      await medium.guard(() => disk.touch(from, now()));
      await medium.guard(() => disk.rename(from, to).catch(unlessMissing));
      await medium.syncFolder(dirname(to));
      await medium.syncFolder(dirname(from));
    } else if (!(await disk.stat(to))) {
      await using mark = await medium.guard(() => disk.open(to, "w", 0o600));
      await medium.sync(mark);
      await medium.syncFolder(dirname(to));
    }
  }

  open(key: string): Promise<BlobReader | undefined> {
    return this.#parts.read(this.#path(key));
  }

  async restore(key: string): Promise<void> {
    const { medium, pathOf } = this.#parts;
    const { disk } = medium;
    const [from, to] = [this.#path(key), pathOf(key)];
    if (!(await disk.stat(from))) return;
    await medium.guard(() => disk.makeFolder(dirname(to)));
    if (!(await disk.stat(to))) await medium.guard(() => disk.rename(from, to).catch(unlessMissing));
    await medium.syncFolder(dirname(to));
  }

  async drop(key: string): Promise<void> {
    await this.#parts.medium.disk.remove(this.#path(key));
  }

  async *list(space: string): AsyncIterable<Listed> {
    const { disk, folder } = this.#parts.medium;
    for (const sha256 of await disk.list(join(folder, "quarantine", space))) {
      const key = `${space}/${sha256}`;
      const stats = isKey(key) ? await disk.stat(this.#path(key)) : undefined;
      if (stats) yield { key, sizeBytes: stats.sizeBytes, changedAtMs: stats.changedAtMs };
    }
  }

  /** @throws ObjectDamaged where the object was set aside, not before `sinceMs` */
  async assertNone(key: string, sinceMs = Number.NEGATIVE_INFINITY): Promise<void> {
    const stats = await this.#parts.medium.disk.stat(this.#path(key));
    if (stats && stats.changedAtMs >= sinceMs) throw ObjectDamaged({});
  }

  #path(key: string): string {
    assertKey(key);
    return join(this.#parts.medium.folder, "quarantine", key);
  }
}
