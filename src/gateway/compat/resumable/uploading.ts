import { type Call, type Client, type Contract, type Id, KinoraError, type Rate } from "#kernel";
import { drive, type KeptFile } from "#services/drive/contract";
import {
  type ContentHash,
  QuotaExceeded,
  type Session,
  UploadCompleted,
  UploadGone,
  UploadNotFound,
  upload,
} from "#services/upload/contract";
import { z } from "zod";
import type { Kept } from "../../uploads/kept.ts";
import { RateLimited } from "../../identity/rate-limits.ts";

interface Parts {
  readonly client: <C extends Contract>(c: C) => Client<C>;
  /** Counts a request in a class beside that of its route. @throws RateLimited */
  readonly count: (rate: Rate, call: Call) => Promise<void>;
}

/** How far the upload of a content is. `url` is empty until it is finished. */
export interface Progress {
  readonly status: "uploading" | "finished";
  readonly finished_chunks: readonly string[];
  readonly url: string;
  readonly upload_id?: string;
}

/** What an upload was begun with that its file does not have. */
const Remembered = z.object({ width: z.int().optional(), height: z.int().optional() });
type Size = z.output<typeof Remembered>;
interface Begun extends Size {
  readonly hash: ContentHash;
  readonly name: string;
  readonly sizeBytes?: number | undefined;
}

/** A chunk whose bytes are durable. */
export type ReceivedPiece = { readonly name: string; readonly sizeBytes: number } & Kept["known"];

const door = "resumable";
const hereFor = { door, purpose: "drive" } as const;

/** Where the bytes of a content in the caller's library are: the same address whoever asks and however often. */
export const addressOf = ({ sha256 }: Pick<KeptFile, "sha256">): string => `/upload/files/${sha256}`;
const finished = (kept: KeptFile): Progress => ({ status: "finished", finished_chunks: [], url: addressOf(kept) });

/** Whether it says that there is no such thing. */
export const isNotFound = (error: unknown): boolean => error instanceof KinoraError && error.kind === "not_found";
async function orNone<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
}

/** The sessions of the upload service as this API speaks of them: found by the hash of their content, not by an id. */
export function uploading({ client, count }: Parts) {
  const uploads = client(upload);
  const files = client(drive);

  const latest = (hash: ContentHash, call: Call, isBrief = true) =>
    orNone(uploads.session({ door, hash, isBrief }, call));
  const library = (hash: ContentHash, call: Call) => orNone(files.byHash({ hash }, call));
  const keep = (fileId: Id, name: string, call: Call) => files.keep({ fileId, name }, call);

  /** A file of content that is stored and verified already; whoever asks too often sends the bytes instead. */
  async function instant({ hash, name, sizeBytes }: Begun, spared: Session | undefined, call: Call) {
    try {
      await count("costly", call);
    } catch (error) {
      if (error instanceof KinoraError && error.code === RateLimited.code) return undefined;
      throw error;
    }
    const asked = { hash, name, purpose: "drive" as const, ...(sizeBytes !== undefined && { sizeBytes }) };
    const taken = uploads.instant({ ...asked, ...(spared && { uploadId: spared.id }) }, call);
    try {
      const { file } = await taken;
      return file ? await keep(file.id, name, call) : undefined;
    } catch (error) {
      // Who has it needs no more space for it.
      const isFull = error instanceof KinoraError && error.code === QuotaExceeded.code;
      const own = isFull ? await library(hash, call) : undefined;
      if (!own) throw error;
      return own;
    }
  }

  return {
    library,

    async init(begun: Begun, call: Call): Promise<Progress> {
      const before = await latest(begun.hash, call);
      const open = before?.session.status === "uploading" ? before.session : undefined;
      const kept = await instant(begun, open, call);
      if (kept) return finished(kept);
      const { hash, name, sizeBytes, width, height } = begun;
      const metadata = JSON.stringify({ width, height } satisfies Size);
      const opening = { ...hereFor, hash, name, metadata, ...(sizeBytes !== undefined && { sizeBytes }) };
      const { session } = await uploads.open(opening, call);
      const { indexes } = await uploads.session({ id: session.id, door }, call);
      return { status: "uploading", finished_chunks: indexes.map(String), url: "", upload_id: String(session.id) };
    },

    /** Without any effect. @throws UploadNotFound, UploadGone */
    async status(hash: ContentHash, call: Call): Promise<Progress> {
      const found = await latest(hash, call, false);
      if (found?.session.status === "uploading") {
        const { session, indexes } = found;
        return { status: "uploading", finished_chunks: indexes.map(String), url: "", upload_id: String(session.id) };
      }
      const kept = await library(hash, call);
      if (kept) return finished(kept);
      throw found && found.session.status !== "completed" ? UploadGone({}) : UploadNotFound({});
    },

    /** The upload a chunk belongs to, and nothing about whether it still takes any. */
    async idOf(hash: ContentHash, call: Call): Promise<Id> {
      const found = await latest(hash, call);
      if (found) return found.session.id;
      // Its content was there when it was begun: it was over before the first chunk.
      throw (await library(hash, call)) ? UploadCompleted({}) : UploadNotFound({});
    },

    chunk: (uploadId: Id, index: number, piece: ReceivedPiece, call: Call) =>
      uploads.chunk({ uploadId, index, piece }, call),

    async merge(hash: ContentHash, name: string, chunkCount: number, call: Call): Promise<KeptFile> {
      const found = await latest(hash, call);
      const kept = found ? undefined : await library(hash, call);
      if (kept) return kept;
      if (!found) throw UploadNotFound({});
      const given = { id: found.session.id, chunkCount, hash, name, onMismatch: "retry" as const };
      const file = await uploads.finish(given, call);
      return keep(file.id, name, call);
    },

    async cancel(hash: ContentHash, call: Call): Promise<void> {
      await uploads.cancel({ id: await this.idOf(hash, call) }, call);
    },

    /** The size of the picture, as far as the client said it when it began. */
    async sizeOf(hash: ContentHash, call: Call): Promise<Size> {
      const found = await latest(hash, call);
      const text = found?.session.metadata ?? null;
      return text === null ? {} : (Remembered.safeParse(JSON.parse(text)).data ?? {});
    },
  };
}
export type Uploading = ReturnType<typeof uploading>;
