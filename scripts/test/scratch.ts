import { rmSync } from "node:fs";
import { chmod, mkdtemp, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The folder of Linux for files in memory. */
const memory = "/dev/shm";
/** Twice what the databases of the largest suite take. */
const memoryBytesMin = 16 * 2 ** 30;

/** A folder for all a suite writes, which goes with it: tests that are ended leave what they made. */
export class Scratch implements Disposable {
  readonly folder: string;
  /** Removes the folder, and returns false if it cannot: a process that a test left running may still write there. */
  readonly #remove = (): boolean => {
    try {
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
      return true;
    } catch {
      return false;
    }
  };

  private constructor(folder: string) {
    this.folder = folder;
    process.once("exit", this.#remove);
  }

  /** In memory where there is plenty of it and nobody chose a place: throw-away databases wait for a disk for nothing. */
  static async make({ inMemory = false }: { readonly inMemory?: boolean | undefined }): Promise<Scratch> {
    const isChosen = process.env["TMPDIR"] !== undefined;
    const place = inMemory && !isChosen && (await isRoomy()) ? memory : tmpdir();
    const folder = await mkdtemp(join(place, "kinora-run-"));
    // As every folder for temporary files: some tests run a server as another user.
    await chmod(folder, 0o1777);
    return new Scratch(folder);
  }

  [Symbol.dispose](): void {
    // A folder that cannot be removed now is tried again at the end.
    if (this.#remove()) process.off("exit", this.#remove);
  }
}

async function isRoomy(): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(memory);
    return Math.min(process.availableMemory(), bavail * bsize) >= memoryBytesMin;
  } catch {
    return false;
  }
}
