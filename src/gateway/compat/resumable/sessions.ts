import { type Call, type Client, type Id, KinoraError, type Rate } from "#kernel";
import { drive, type KeptFile } from "#services/drive/contract";
import {
  type ContentHash,
  QuotaExceeded,
  type Session,
  UploadCompleted,
  UploadEnded,
  UploadNotFound,
  upload,
} from "#services/upload/contract";
import { z } from "zod";
import type { ClientOf } from "../../client-of.ts";
import { RateLimited } from "../../identity/rate-limits.ts";
import { instantFile } from "../../uploads/instant-file.ts";
import type { StoredBytes } from "../../uploads/stored-bytes.ts";

interface SessionParts {
  readonly client: ClientOf;
  /** Counts a request in a class besides the class of its route. @throws RateLimited */
  readonly count: (rate: Rate, call: Call) => Promise<void>;
}

/** How far the upload of a content is. `url` is empty until it is finished. */
interface Progress {
  readonly status: "uploading" | "finished";
  readonly finished_chunks: readonly string[];
  readonly url: string;
  readonly upload_id?: string;
}

/** The size of the picture, which the client announces and the file does not record. */
const PictureSize = z.object({ width: z.int().optional(), height: z.int().optional() });
type PictureSize = z.output<typeof PictureSize>;
interface Announced extends PictureSize {
  readonly hash: ContentHash;
  readonly name: string;
  readonly sizeBytes?: number | undefined;
}

/** A chunk whose bytes are durable. */
export type ReceivedPiece = { readonly name: string; readonly sizeBytes: number } & StoredBytes["digests"];

const endpoint = "resumable";
const purpose = "drive";

/** The address of a content in the caller's library: the same for every caller and request. */
export const addressOf = ({ sha256 }: Pick<KeptFile, "sha256">): string => `/upload/files/${sha256}`;

export const isNotFound = (error: unknown): boolean => error instanceof KinoraError && error.kind === "not_found";

/** The sessions of the upload service as this API names them: by the hash of their content, not by an id. */
export class ResumableSessions {
  readonly #client: ClientOf;
  readonly #uploads: Client<typeof upload>;
  readonly #count: SessionParts["count"];

  constructor({ client, count }: SessionParts) {
    this.#client = client;
    this.#uploads = client(upload);
    this.#count = count;
  }

  /** The file of this content in the caller's library. */
  library(hash: ContentHash, call: Call): Promise<KeptFile | undefined> {
    return unlessNotFound(this.#client(drive).byHash({ hash }, call));
  }

  async init(announced: Announced, call: Call): Promise<Progress> {
    const latest = await this.#latest(announced.hash, call);
    const open = latest?.session.status === "uploading" ? latest.session : undefined;
    const file = await this.#instant(announced, open, call);
    if (file) return finishedProgress(file);
    const { hash, name, sizeBytes, width, height } = announced;
    const metadata = JSON.stringify({ width, height } satisfies PictureSize);
    const size = sizeBytes !== undefined && { sizeBytes };
    const { session } = await this.#uploads.open({ endpoint, purpose, hash, name, metadata, ...size }, call);
    const { indexes } = await this.#uploads.session({ id: session.id, endpoint }, call);
    return uploadProgress(session, indexes);
  }

  /** Without any effect. @throws UploadNotFound, UploadGone */
  async status(hash: ContentHash, call: Call): Promise<Progress> {
    const latest = await this.#latest(hash, call, false);
    if (latest?.session.status === "uploading") return uploadProgress(latest.session, latest.indexes);
    const file = await this.library(hash, call);
    if (file) return finishedProgress(file);
    throw latest && latest.session.status !== "completed" ? UploadEnded({}) : UploadNotFound({});
  }

  /** The upload a chunk belongs to, whether or not it still accepts chunks. */
  async idOf(hash: ContentHash, call: Call): Promise<Id> {
    const latest = await this.#latest(hash, call);
    if (latest) return latest.session.id;
    // The content was stored already: its upload was completed before the first chunk.
    throw (await this.library(hash, call)) ? UploadCompleted({}) : UploadNotFound({});
  }

  chunk(uploadId: Id, index: number, piece: ReceivedPiece, call: Call) {
    return this.#uploads.chunk({ uploadId, index, piece }, call);
  }

  async merge(hash: ContentHash, name: string, chunkCount: number, call: Call): Promise<KeptFile> {
    const latest = await this.#latest(hash, call);
    const existing = latest ? undefined : await this.library(hash, call);
    if (existing) return existing;
    if (!latest) throw UploadNotFound({});
    const { id } = latest.session;
    const file = await this.#uploads.finish({ id, chunkCount, hash, name, onMismatch: "retry" }, call);
    return this.#addToLibrary(file.id, name, call);
  }

  async cancel(hash: ContentHash, call: Call): Promise<void> {
    await this.#uploads.cancel({ id: await this.idOf(hash, call) }, call);
  }

  /** The size of the picture, as far as the client announced it. */
  async sizeOf(hash: ContentHash, call: Call): Promise<PictureSize> {
    const latest = await this.#latest(hash, call);
    const text = latest?.session.metadata ?? null;
    return text === null ? {} : (PictureSize.safeParse(JSON.parse(text)).data ?? {});
  }

  #latest(hash: ContentHash, call: Call, isBrief = true) {
    return unlessNotFound(this.#uploads.session({ endpoint, hash, isBrief }, call));
  }

  #addToLibrary(fileId: Id, name: string, call: Call): Promise<KeptFile> {
    return this.#client(drive).keep({ fileId, name }, call);
  }

  /** A file of content that is stored and verified already. A caller that asks too often sends the bytes instead. */
  async #instant(
    { hash, name, sizeBytes }: Announced,
    open: Session | undefined,
    call: Call,
  ): Promise<KeptFile | undefined> {
    try {
      await this.#count("costly", call);
    } catch (error) {
      if (error instanceof KinoraError && error.code === RateLimited.code) return undefined;
      throw error;
    }
    const size = sizeBytes !== undefined && { sizeBytes };
    const replaced = open && { uploadId: open.id };
    try {
      const file = await instantFile(this.#client, { hash, name, purpose, ...size, ...replaced }, call);
      return file ? await this.#addToLibrary(file.id, name, call) : undefined;
    } catch (error) {
      // A file that is in the library already needs no further space.
      const isFull = error instanceof KinoraError && error.code === QuotaExceeded.code;
      const existing = isFull ? await this.library(hash, call) : undefined;
      if (!existing) throw error;
      return existing;
    }
  }
}

const finishedProgress = (file: KeptFile): Progress => ({
  status: "finished",
  finished_chunks: [],
  url: addressOf(file),
});
const uploadProgress = ({ id }: Session, indexes: readonly number[]): Progress => ({
  status: "uploading",
  finished_chunks: indexes.map(String),
  url: "",
  upload_id: String(id),
});

async function unlessNotFound<T>(query: Promise<T>): Promise<T | undefined> {
  return query.catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
}
