import { type FileHandle, link, mkdir, open, readdir, rename, rm, stat, statfs, utimes } from "node:fs/promises";
import { dirname } from "node:path";

/** The steps durable storage is made of; a test fails or loses any of them (reliability D1, F5, F10). */
export interface Disk {
  /** Opens a file as `fs.open` does. */
  open(path: string, flags: string, mode?: number): Promise<FileHandle>;
  /** Writes everything, at the end of what was written or from `position`; settles when the operating system has it. */
  write(file: FileHandle, bytes: Uint8Array, position?: number): Promise<void>;
  /** Settles when the file's bytes survive a power cut. */
  sync(file: FileHandle): Promise<void>;
  /** Settles when the names in this folder survive a power cut. */
  syncFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Gives a file a second name. */
  link(from: string, to: string): Promise<void>;
  /** Sets the time of the last change. */
  touch(path: string, changedAtMs: number): Promise<void>;
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  list(path: string): Promise<string[]>;
  /** Length in bytes and time of the last change, or undefined where there is nothing. */
  stat(path: string): Promise<{ sizeBytes: number; changedAtMs: number; isFolder: boolean } | undefined>;
  /** Bytes an ordinary user may still write. */
  freeBytes(path: string): Promise<number>;
}

const missing = (error: unknown): undefined => {
  if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
    return undefined;
  throw error;
};

export const realDisk: Disk = {
  open: (path, flags, mode) => open(path, flags, mode),
  async write(file, bytes, position) {
    for (let done = 0; done < bytes.byteLength; ) {
      const at = position === undefined ? null : position + done;
      done += (await file.write(bytes, done, bytes.byteLength - done, at)).bytesWritten;
    }
  },
  sync: (file) => file.sync(),
  async syncFolder(path) {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  rename,
  link,
  touch: (path, changedAtMs) => utimes(path, changedAtMs / 1_000, changedAtMs / 1_000),
  remove: (path) => rm(path, { recursive: true, force: true }),
  async makeFolder(path) {
    const first = await mkdir(path, { recursive: true, mode: 0o700 });
    if (first === undefined) return;
    // The names of all new folders must survive too, before anything in them is promised.
    for (let folder = path; folder.length >= first.length; folder = dirname(folder))
      await realDisk.syncFolder(dirname(folder));
  },
  list: (path) => readdir(path).catch((error) => missing(error) ?? []),
  async stat(path) {
    const stats = await stat(path).catch(missing);
    return stats && { sizeBytes: stats.size, changedAtMs: stats.mtimeMs, isFolder: stats.isDirectory() };
  },
  async freeBytes(path) {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};
