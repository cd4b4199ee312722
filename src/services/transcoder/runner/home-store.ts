import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { BlobStore, BlobWriter, StoredBlob } from "#kernel";
import type { BlobReader, LocalFile } from "#kernel/blob/port";
import type { Disk } from "#kernel/environment/disk";
import type { WorkStore } from "../attempt/outputs.ts";
import { type Holding, type Home, HomeAway, type OutputFile } from "./home.ts";
import { whileAway } from "./retry.ts";

interface HomeStoreParts {
  readonly home: Home;
  readonly holding: Holding;
  /** Folders on the local disk. */
  readonly nearby: Pick<BlobStore, "scratch">;
  readonly disk: Disk;
  /** Aborts when the job ends or is lost. */
  readonly signal: AbortSignal;
}

/** A transfer is tried again for this long while the home is away; the lease has ended before. */
const transferMsMax = 5 * 60_000;

/** The files of one job, which are read from its home and sent to it. */
export class HomeStore implements WorkStore {
  readonly #parts: HomeStoreParts;
  /** Files that are here now, and how many use each. */
  readonly #files = new Map<string, { users: number; readonly file: Promise<LocalFile> }>();

  constructor(parts: HomeStoreParts) {
    this.#parts = parts;
  }

  async local(key: string): Promise<LocalFile> {
    const shared = this.#files.get(key) ?? { users: 0, file: this.#download(key) };
    this.#files.set(key, shared);
    shared.users += 1;
    const release = async () => {
      shared.users -= 1;
      if (shared.users > 0) return;
      this.#files.delete(key);
      await (await shared.file)[Symbol.asyncDispose]();
    };
    const { path } = await shared.file.catch((error: unknown) => {
      this.#files.delete(key);
      throw error;
    });
    return { path, [Symbol.asyncDispose]: release };
  }

  async open(key: string): Promise<BlobReader> {
    const local = await this.local(key);
    const file = await this.#parts.disk.open(local.path, "r");
    const { size, mtimeMs } = await file.stat();
    return {
      sizeBytes: size,
      changedAtMs: mtimeMs,
      async read(position, length) {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
        return buffer.subarray(0, bytesRead);
      },
      async close() {
        await file.close();
        await local[Symbol.asyncDispose]();
      },
    };
  }

  scratch(name: string): Promise<LocalFile> {
    return this.#parts.nearby.scratch(name);
  }

  async adopt(space: string, path: string): Promise<StoredBlob> {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    const { size: sizeBytes } = await stat(path);
    const stored = await this.#send(space, {
      sha256: hash.digest("hex"),
      sizeBytes,
      bytes: () => createReadStream(path),
    });
    await rm(path);
    return stored;
  }

  /** For small files: their bytes wait in memory. */
  async create(space: string): Promise<BlobWriter> {
    const chunks: Buffer[] = [];
    return {
      write: async (bytes) => void chunks.push(Buffer.from(bytes)),
      commit: () => {
        const whole = Buffer.concat(chunks);
        const sha256 = createHash("sha256").update(whole).digest("hex");
        return this.#send(space, { sha256, sizeBytes: whole.byteLength, bytes: () => Readable.from([whole]) });
      },
      abort: async () => void chunks.splice(0),
    };
  }

  async #send(space: string, file: OutputFile): Promise<StoredBlob> {
    const { home, holding, signal } = this.#parts;
    await whileAway(() => home.send(holding, file, signal), transferMsMax, signal);
    return { key: `${space}/${file.sha256}`, sha256: file.sha256, sizeBytes: file.sizeBytes };
  }

  /** A download that breaks off goes on where it was. */
  async #download(key: string): Promise<LocalFile> {
    const { disk, holding, home, nearby, signal } = this.#parts;
    const folder = await nearby.scratch(`home-${holding.jobId}-${key.slice(-12)}`);
    const path = join(folder.path, "object");
    const file = await disk.open(path, "wx");
    try {
      const hash = createHash("sha256");
      let offset = 0;
      const take = async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          await disk.write(file, chunk, offset);
          hash.update(chunk);
          offset += chunk.byteLength;
        }
      };
      const goOn = async () => {
        const bytes = await home.read(holding, key, offset, signal);
        await pipeline(bytes, take, { signal }).catch((error: unknown) => {
          signal.throwIfAborted();
          throw new HomeAway("the connection broke off", { cause: error });
        });
      };
      await whileAway(goOn, transferMsMax, signal);
      if (!key.endsWith(`/${hash.digest("hex")}`)) throw new HomeAway("the bytes of a file are not those of its key");
      return { path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
    } catch (error) {
      await folder[Symbol.asyncDispose]();
      throw error;
    } finally {
      await file.close();
    }
  }
}
