import { createHash } from "node:crypto";
import { fileUploaded } from "#events/upload";
import { contract, type Host, type Id, KinoraError, plugin } from "#kernel";
import { media, MediaNotFound } from "#services/media/contract";
import { FileNotFound, QuotaExceeded, type StoredFile, upload } from "#services/upload/contract";

interface FakeFile {
  readonly file: StoredFile;
  md5: string | null;
  sha1: string | null;
}
interface FakeFileOptions {
  readonly name?: string;
  readonly bytes?: string;
  readonly purpose?: StoredFile["purpose"];
  readonly folderId?: Id;
  readonly conflict?: StoredFile["conflict"];
  readonly kind?: StoredFile["kind"];
}

/**
 * The upload service with its files in memory, copied without their bytes.
 */
export class FakeUpload {
  readonly files = new Map<Id, FakeFile>();
  bytesLeft = Number.MAX_SAFE_INTEGER;
  #host: Host | undefined;
  #last = 1_000;

  readonly plugin = plugin({
    contract: contract("upload", 1, {
      file: upload.methods.file,
      digests: upload.methods.digests,
      copy: upload.methods.copy,
      usage: upload.methods.usage,
    }),
    needs: [],
    migrations: [],
    events: [fileUploaded],
    start: (host) => {
      this.#host = host;
      return {
        handlers: {
          file: async ({ id }) => this.#of(id).file,
          digests: async ({ ids }) => ({
            items: ids.flatMap((id) => {
              const files = this.files.get(id);
              return files ? [{ id, md5: files.md5, sha1: files.sha1 }] : [];
            }),
          }),
          copy: async ({ fileId, name, folderId = null, purpose, conflict }, call) => {
            const { file, ...digests } = this.#of(fileId);
            if (file.userId !== call.userId) throw FileNotFound({});
            if (file.sizeBytes > this.bytesLeft) throw QuotaExceeded({ bytesLeft: this.bytesLeft });
            const id = (this.#last += 1);
            const copy = { ...file, name: name ?? file.name, purpose, conflict, folderId, id };
            this.files.set(id, { file: copy, ...digests });
            await this.publishUploaded(id);
            return copy;
          },
          usage: async (_, { userId }) => {
            const own = [...this.files.values()].filter(({ file }) => file.userId === userId);
            const usedBytes = own.reduce((sum, { file }) => sum + file.sizeBytes, 0);
            return { usedBytes, reservedBytes: 0, quotaBytes: 1_000_000, fileBytesMax: 1_000_000 };
          },
        },
      };
    },
  });

  /** Adds a complete file; its event is not published yet. */
  put(userId: Id, options: FakeFileOptions = {}): Id {
    const id = (this.#last += 1);
    const {
      name = "a.txt",
      bytes = `bytes of ${id}`,
      purpose = "drive",
      conflict = "rename",
      kind = "other",
    } = options;
    const hash = (algorithm: string) => createHash(algorithm).update(bytes).digest("hex");
    const sha256 = hash("sha256");
    const file: StoredFile = {
      id,
      userId,
      key: `upload/${sha256}`,
      sha256,
      sizeBytes: Buffer.byteLength(bytes),
      name,
      mime: kind === "other" ? "application/octet-stream" : `${kind}/mp4`,
      kind,
      purpose,
      folderId: options.folderId ?? null,
      conflict,
      createdAtMs: 1,
    };
    this.files.set(id, { file, md5: hash("md5"), sha1: hash("sha1") });
    return id;
  }

  async publishUploaded(id: Id): Promise<void> {
    const host = this.#host;
    if (!host) throw new Error("the fake upload service is not started");
    const { sha256: hash, key: location, id: fileId, createdAtMs: _, ...file } = this.#of(id).file;
    await host.db.tx((tx) => host.emit(tx, fileUploaded, fileId, { ...file, fileId, hash, location }));
  }

  #of(id: Id): FakeFile {
    const files = this.files.get(id);
    if (!files) throw FileNotFound({});
    return files;
  }
}

/** The media service: every file of a user becomes an object with the id of its file. */
export const fakeMedia = (files: FakeUpload) => {
  const own = (id: Id, userId: Id | undefined): StoredFile => {
    const file = files.files.get(id)?.file;
    if (!file || file.userId !== userId) throw MediaNotFound({});
    return file;
  };
  return plugin({
    contract: contract("media", 1, { upload: media.methods.upload, original: media.methods.original }),
    needs: [],
    migrations: [],
    start: () => ({
      handlers: {
        async upload({ fileId }, { userId }) {
          const file = own(fileId, userId);
          if (file.purpose !== "media" || file.kind === "other")
            throw new KinoraError({ kind: "internal", code: "x.x", message: "not media" });
          const { sizeBytes, sha256, mime, kind, createdAtMs } = file;
          const fields = { sizeBytes, sha256, mime, kind, createdAtMs, userId: file.userId };
          const none = { width: 0, height: 0, durationMs: 0, statusReason: null, notices: [], renditions: [] };
          return {
            ...fields,
            ...none,
            id: fileId,
            purpose: "video" as const,
            hasCover: false,
            status: "processing" as const,
          };
        },
        original: async ({ id }, { userId }) => ({ fileId: own(id, userId).id }),
      },
    }),
  });
};
