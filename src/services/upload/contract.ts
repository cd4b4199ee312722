import { Conflict, FileKind, Purpose } from "#events/upload";
import {
  command,
  service,
  failure,
  Id,
  Instant,
  named,
  OutgoingFailed,
  OutgoingRefused,
  page,
  pageInput,
  query,
} from "#kernel";
import { z } from "zod";

export const UploadTooLarge = failure(
  "invalid",
  "upload.too_large",
  "the file is larger than this instance takes",
  z.object({ bytesMax: z.int() }),
  413,
);
export const ChunkTooLarge = failure(
  "invalid",
  "upload.chunk_too_large",
  "the chunk is larger than this instance takes",
  z.object({ bytesMax: z.int() }),
  413,
);
export const QuotaExceeded = failure(
  "invalid",
  "upload.quota_exceeded",
  "there is not enough space left in this account",
  z.object({ bytesLeft: z.int() }),
  413,
);
export const TooManyUploads = failure(
  "exhausted",
  "upload.too_many_uploads",
  "too many uploads are open, finish or cancel some of them first",
  z.object({ uploadsMax: z.int(), retryAfterMs: z.int() }),
);
export const UploadInterrupted = failure("invalid", "upload.interrupted", "the upload ended before the file did");
export const UploadNotFound = failure("not_found", "upload.not_found", "no such upload");
export const FileNotFound = failure("not_found", "upload.file_not_found", "no such file");
export const UploadEnded = failure("invalid", "upload.gone", "this upload was given up or ran out", undefined, 410);
export const UploadCompleted = failure("conflict", "upload.completed", "this upload is complete already");
export const UploadBusy = failure("conflict", "upload.busy", "somebody else is writing to this upload right now");
export const WrongOffset = failure(
  "conflict",
  "upload.wrong_offset",
  "the upload goes on at another offset",
  z.object({ offset: z.int() }),
);
export const BadIndex = failure("invalid", "upload.bad_index", "there is no chunk of this index in this upload");
export const EmptyChunk = failure("invalid", "upload.empty_chunk", "the chunk is empty");
export const WrongChunkSize = failure(
  "invalid",
  "upload.wrong_chunk_size",
  "every chunk but the last has the size the upload began with",
  z.object({ expectedBytes: z.int() }),
);
export const ChunkMismatch = failure("invalid", "upload.chunk_mismatch", "the chunk is not the one its hash names");
export const HashMismatch = failure(
  "invalid",
  "upload.hash_mismatch",
  "the file is not the one its hash or its size names, upload it again",
);
/** Indexes of chunks, both ends included. */
export const IndexRange = z.object({ first: z.int(), last: z.int() });
export const MissingChunks = failure(
  "invalid",
  "upload.missing_chunks",
  "some of the file has not arrived yet",
  z.object({ missing: z.array(IndexRange) }),
);
export const NotInstant = failure("conflict", "upload.not_instant", "send the file, it cannot be taken by its hash");

export const NotMedia = failure(
  "invalid",
  "upload.not_media",
  "this is not a video, sound or picture we can read",
  undefined,
  415,
);

export const BadUrl = failure(
  "invalid",
  "upload.bad_url",
  "this is not the address of a file, such as https://example.org/film.mp4",
);
export const TooManyImports = failure(
  "exhausted",
  "upload.too_many_imports",
  "too many imports are waiting, let some of them end first",
  z.object({ importsMax: z.int(), retryAfterMs: z.int() }),
);
export const TooManyPictures = failure(
  "exhausted",
  "upload.too_many_pictures",
  "too many pictures were fetched from addresses, wait a while",
  z.object({ retryAfterMs: z.int() }),
);
export const NothingThere = failure("invalid", "upload.nothing_there", "there is no file at this address");
export const EmptyFile = failure("invalid", "upload.empty_file", "the file at this address is empty");
export const ImportCompleted = failure("conflict", "upload.import_completed", "this import is complete already");

/** How clients name content. MD5 and SHA-1 are for those of older systems. */
export const ContentHash = z.object({
  kind: z.enum(["sha256", "sha1", "md5"]),
  hex: z
    .string()
    .toLowerCase()
    .regex(/^[0-9a-f]{32,64}$/),
});
export type ContentHash = z.output<typeof ContentHash>;

const sha256 = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f]{64}$/);
const name = z.string().max(1_000);
const size = named("size", z.int().nonnegative());
/** The destination of a finished file. */
const destination = {
  purpose: Purpose.default("media"),
  /** Folder of the drive; its root where there is none. */
  folderId: Id.optional(),
  conflict: Conflict.default("rename"),
};

/** A stored file of a user. `key` names its bytes in the blob store. */
export const StoredFile = z.object({
  id: Id,
  userId: Id,
  key: z.string(),
  sha256: z.string(),
  sizeBytes: z.int(),
  name: z.string(),
  mime: z.string(),
  kind: FileKind,
  purpose: Purpose,
  folderId: Id.nullable(),
  conflict: Conflict,
  createdAtMs: Instant,
});
export type StoredFile = z.infer<typeof StoredFile>;

/** An upload as its owner sees it. */
export const Upload = z
  .object({
    id: Id,
    name: z.string(),
    status: z.enum(["uploading", "completed", "cancelled", "expired"]),
    /** Null while the client has not said. */
    sizeBytes: named("size", z.int().nullable()),
    /** Durable bytes. */
    receivedBytes: named("received", z.int()),
    /** Size of every chunk but the last; null where chunks may have any. */
    chunkBytes: named("chunk_size", z.int().nullable()),
    chunkCount: z.int().nullable(),
    fileId: Id.nullable(),
    ...destination,
    folderId: Id.nullable(),
    createdAtMs: Instant,
    expiresAtMs: Instant,
  })
  .meta({ id: "Upload" });
export type Upload = z.output<typeof Upload>;

/** A finished upload and the object made of it. The edge adds the place of the file. */
export const Finished = z
  .object({
    uploadId: Id,
    fileId: Id,
    name: z.string(),
    size: z.int(),
    sha256: z.string(),
    mime: z.string(),
    kind: FileKind,
    purpose: Purpose,
  })
  .meta({ id: "FinishedFile" });

/** Bytes of the file, to be hashed after the nonce. Only a client that has them can do so. */
export const Challenge = z
  .object({
    /** Hexadecimal; good once. */
    nonce: z.string(),
    ranges: z.array(z.object({ offset: z.int(), length: z.int() })),
    expiresAtMs: Instant,
  })
  .meta({ id: "UploadChallenge" });

/** A file that is fetched from an address, as its owner sees it. */
export const Import = z
  .object({
    id: Id,
    url: z.string(),
    name: z.string(),
    status: z.enum(["queued", "running", "completed", "failed", "cancelled"]),
    /** Null until the other server has said. */
    sizeBytes: named("size", z.int().nullable()),
    /** Durable bytes. */
    receivedBytes: named("received", z.int()),
    fileId: Id.nullable(),
    /** Why it failed, or why it waits. */
    reason: z.object({ error: z.string(), message: z.string() }).nullable(),
    ...destination,
    folderId: Id.nullable(),
    createdAtMs: Instant,
  })
  .meta({ id: "Import" });
export type Import = z.output<typeof Import>;

/** The API that an upload came through: each API finds its own sessions only. */
export const Endpoint = z.enum(["form", "native", "tus", "resumable", "cloudfiles", "import", "live"]);

/** An upload with the state of its upload API; for the gateway. */
export const Session = Upload.extend({
  endpoint: Endpoint,
  hash: ContentHash.nullable(),
  /** As the client sent it. */
  metadata: z.string().nullable(),
  isPartial: z.boolean(),
  /** A writer holds the lease, or died with it. */
  isHeld: z.boolean(),
});
export type Session = z.output<typeof Session>;

/** Durable bytes of the store that are no object yet. */
const Piece = z.object({ name: z.string().regex(/^[0-9a-f]{32}$/), sizeBytes: z.int().nonnegative() });
/** A piece of an upload that grows at its end, and where among its pieces it stands. */
const Placed = Piece.extend({ position: z.int().nonnegative() });
/** The digests that were computed while exactly these bytes passed. */
const Known = z.object({ sha256, md5: z.string().max(32).optional(), sha1: z.string().max(40).optional() });
/** The piece that the bytes of a request became, with the digests that were computed while they passed. */
export const ReceivedPiece = Piece.extend({ ...Known.shape });
/** A process that writes: who it is, and which life of it on which run of its machine. */
const Writer = z.string().max(300);

const Key = z
  .string()
  .max(100)
  .regex(/^[a-z]{1,20}\/[0-9a-f]{64}$/);
/**
 * Methods of every service with objects of its own in the store, so that objects can be moved without it. They say
 * which objects it needs, and are the one way to remove the rest.
 */
export const objectMethods = {
  /** The given objects that a record refers to, hidden ones included. */
  held: query({
    auth: "service",
    input: z.object({ keys: z.array(Key).max(500) }),
    output: z.object({ keys: z.array(Key) }),
  }),
  /** Objects that records refer to, one person's or all, by their keys; the next page begins after the last one. */
  objectsOf: query({
    auth: "service",
    input: z.object({
      userId: Id.optional(),
      after: z.string().max(100).default(""),
      limit: z.int().min(1).max(500).default(500),
    }),
    output: z.object({ keys: z.array(Key) }),
  }),
  /**
   * Removes an object wherever it is, unless a record refers to it or it was stored again since; nobody can begin to refer
   * to it meanwhile.
   */
  prune: command({
    auth: "service",
    idempotent: true,
    input: z.object({ key: Key, writtenBeforeMs: z.int().nonnegative() }),
    output: z.object({ isHeld: z.boolean() }),
  }),
  /**
   * Removes objects that wait for their grace time alone, of up to `limit` records after one in the order of their ids.
   * Yields how many objects and bytes they were, and the last record; `next` is null at the end.
   */
  release: command({
    auth: "service",
    idempotent: true,
    input: z.object({ after: z.int().nonnegative().default(0), limit: z.int().min(1).max(100).default(10) }),
    output: z.object({ objects: z.int(), sizeBytes: z.int(), next: Id.nullable() }),
  }),
  /** The owners of records that refer to these objects, hidden ones included. */
  ownersOf: query({
    auth: "service",
    input: z.object({ keys: z.array(Key).max(100) }),
    output: z.object({ items: z.array(z.object({ key: Key, userId: Id })) }),
  }),
  /**
   * Puts an object of one store where nobody reads it, unless it was stored again since; nobody can begin to refer to it
   * meanwhile.
   */
  setAside: command({
    auth: "service",
    idempotent: true,
    input: z.object({ key: Key, store: z.string().max(31), writtenBeforeMs: z.int().nonnegative() }),
    output: z.object({ isAside: z.boolean() }),
  }),
};

/** Why a picture at an address cannot be stored. */
export const pictureFailures = [
  BadUrl,
  TooManyPictures,
  NothingThere,
  EmptyFile,
  NotMedia,
  UploadTooLarge,
  QuotaExceeded,
  OutgoingRefused,
  OutgoingFailed,
] as const;

const userUpload = { auth: "user", rate: "upload", idempotent: true } as const;
const internal = { auth: "service", rate: "upload", idempotent: true } as const;
const ending = [UploadNotFound, UploadEnded, UploadCompleted, UploadBusy] as const;

/**
 * The bookkeeping of uploads: sessions, the pieces they have, who may write, and completion. The bytes stream from the
 * gateway to the blob store beside it, hashed on the way; an upload API (`endpoint`) is a protocol for them.
 */
export const upload = service(
  "upload",
  1,
  {
    /** The bytes of stored content by kind, each content once, and of what was stored since an instant. */
    contentUsage: query({
      auth: "service",
      input: z.object({ sinceMs: Instant }),
      output: z.object({
        items: z.array(z.object({ kind: z.enum(["video", "audio", "image", "other"]), bytes: z.int() })),
        recentBytes: z.int(),
      }),
    }),
    send: command({
      ...userUpload,
      http: "POST /api/v1/upload",
      upload: { field: "file", gives: "fileId" },
      idempotent: true,
      summary:
        "Takes a whole file: as a multipart form with the file in `file`, or as the bytes alone with `name` in the query.",
      input: z.object({ fileId: Id, ...destination }),
      output: Finished,
      errors: [UploadTooLarge, QuotaExceeded, TooManyUploads, UploadInterrupted, UploadNotFound, NotMedia],
    }),
    init: command({
      ...userUpload,
      http: "POST /api/v1/upload/init",
      idempotent: false,
      summary:
        "Begins an upload in chunks, or finds the one of the same content and place that was not finished. With a hash it may be spared by answering the challenge.",
      input: z.object({
        name,
        sizeBytes: size,
        sha256: sha256.optional(),
        ...destination,
        /** Asks to send the bytes to the store itself, where it can be reached. */
        direct: z.boolean().default(false),
      }),
      output: z.object({
        upload: Upload,
        challenge: Challenge.nullable(),
        direct: z
          .object({
            method: z.string(),
            url: z.string(),
            headers: z.array(z.object({ name: z.string(), value: z.string() })),
          })
          .nullable(),
      }),
      errors: [UploadTooLarge, QuotaExceeded, TooManyUploads],
    }),
    prove: command({
      ...userUpload,
      http: "POST /api/v1/upload/:id/proof",
      rate: "costly",
      summary:
        "Answers the challenge: for each range the SHA-256 of the nonce's bytes followed by the range's. Right, and the file is there; otherwise send it.",
      input: z.object({ id: Id, digests: z.array(sha256).max(4) }),
      output: Finished,
      errors: [UploadNotFound, UploadEnded, NotInstant, QuotaExceeded],
    }),
    chunk: command({
      ...userUpload,
      rate: "part",
      http: "POST /api/v1/upload/chunk",
      upload: { field: "chunk", gives: "piece" },
      summary:
        "Takes one chunk, in any order: as a form with the bytes in `chunk`, or as the bytes alone with the fields in the query.",
      input: z.object({
        uploadId: Id,
        /** From 0. */
        index: z.int().nonnegative().max(99_999),
        /** The hash of the chunk; a chunk with another one is refused. */
        sha256: sha256.optional(),
        piece: ReceivedPiece,
      }),
      output: z.object({ index: z.int(), size: z.int() }),
      errors: [
        ...ending,
        BadIndex,
        EmptyChunk,
        WrongChunkSize,
        ChunkMismatch,
        ChunkTooLarge,
        UploadTooLarge,
        QuotaExceeded,
      ],
    }),
    complete: command({
      ...userUpload,
      http: "POST /api/v1/upload/:id/complete",
      patienceMs: 12 * 3_600_000,
      summary: "Makes the file once all chunks are there; repeated, it answers the same.",
      input: z.object({ id: Id, sha256: sha256.optional() }),
      output: Finished,
      errors: [...ending, MissingChunks, HashMismatch, NotMedia],
    }),
    status: query({
      auth: "user",
      http: "GET /api/v1/upload/:id/status",
      summary: "How far an upload of one's own is.",
      input: z.object({ id: Id }),
      output: Upload,
      errors: [UploadNotFound],
    }),
    chunks: query({
      auth: "user",
      http: "GET /api/v1/upload/:id/chunks",
      summary: "Which chunks are there, and which are not; ranges of indexes.",
      input: z.object({ id: Id }),
      output: z.object({ received: z.array(IndexRange), missing: z.array(IndexRange) }),
      errors: [UploadNotFound],
    }),
    list: query({
      auth: "user",
      http: "GET /api/v1/upload/list",
      summary: "One's own uploads that are not finished, latest first.",
      input: z.object(pageInput),
      output: page(Upload),
    }),
    cancel: command({
      ...userUpload,
      http: "DELETE /api/v1/upload/:id",
      summary: "Gives an upload up; what arrived of it is dropped.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [UploadNotFound, UploadCompleted],
    }),
    importUrl: command({
      auth: "user",
      rate: "costly",
      http: "POST /api/v1/upload/import",
      summary: "Fetches a file from an address; it goes on by itself, also after a restart.",
      input: z.object({ url: z.string().max(4_096), name: name.optional(), ...destination }),
      output: Import,
      errors: [BadUrl, TooManyImports, QuotaExceeded],
    }),
    imports: query({
      auth: "user",
      http: "GET /api/v1/upload/import",
      summary: "One's own imports, latest first.",
      input: z.object(pageInput),
      output: page(Import),
    }),
    importStatus: query({
      auth: "user",
      http: "GET /api/v1/upload/import/:id",
      summary: "How far an import of one's own is.",
      input: z.object({ id: Id }),
      output: Import,
      errors: [UploadNotFound],
    }),
    cancelImport: command({
      ...userUpload,
      rate: "write",
      http: "DELETE /api/v1/upload/import/:id",
      summary: "Gives an import up; what arrived of it is dropped.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [UploadNotFound, ImportCompleted],
    }),
    usage: query({
      http: "GET /api/v1/upload/usage",
      auth: "user",
      summary: "How much of one's space is in use.",
      input: z.object({}),
      output: z.object({ usedBytes: z.int(), reservedBytes: z.int(), quotaBytes: z.int(), fileBytesMax: z.int() }),
    }),

    /**
     * Opens a session for the calling user and reserves its space. With an announced size that is reserved. Without
     * one, a whole form reserves as much as one file may take of the free space; other upload APIs reserve bytes as
     * they arrive. A repeated call finds the open session of the same upload API, hash, size and destination. The
     * resumable API finds it with any size and takes the last one. This method and the following ones are for our own
     * services, because their callers could name bytes of other users.
     */
    open: command({
      ...internal,
      idempotent: false,
      input: z.object({
        endpoint: Endpoint,
        name,
        sizeBytes: z.int().nonnegative().optional(),
        chunkBytes: z.int().positive().optional(),
        hash: ContentHash.optional(),
        metadata: z.string().max(8_192).optional(),
        isPartial: z.boolean().default(false),
        ...destination,
      }),
      output: z.object({ session: Session, bytesMax: z.int() }),
      errors: [UploadTooLarge, QuotaExceeded, TooManyUploads],
    }),
    /** The caller's session by its id, or the latest of an upload API by the client's hash, in any state. */
    session: query({
      ...internal,
      input: z.object({
        id: Id.optional(),
        endpoint: Endpoint.optional(),
        hash: ContentHash.optional(),
        /** Without the indexes, which may be many: for who asks at every chunk. */
        isBrief: z.boolean().default(false),
      }),
      output: z.object({ session: Session, indexes: z.array(z.int()) }),
      errors: [UploadNotFound],
    }),
    /** Says how large an upload is that began without a size. */
    announce: command({
      ...internal,
      input: z.object({ id: Id, sizeBytes: z.int().nonnegative() }),
      output: z.object({}),
      errors: [...ending, UploadTooLarge, QuotaExceeded],
    }),
    /**
     * Asks to write at the end of what has arrived. Granted, nobody else writes until `advance` ends it, the lease runs
     * out, or another writer asks: `advance` reports that to the writer, who releases it. `isTorn`: the last writer ended
     * without a word, so its piece is left alone. `isSalvageable`: it ended with its process, on a machine that has been
     * running since, so its piece may hold more than is counted.
     */
    write: command({
      ...internal,
      idempotent: false,
      input: z.object({ id: Id, endpoint: Endpoint, writer: Writer }),
      output: z.object({
        isGranted: z.boolean(),
        session: Session,
        fence: z.int(),
        /** The piece the bytes end in. */
        last: Placed.nullable(),
        /** How many more may come. */
        bytesMax: z.int(),
        isTorn: z.boolean(),
        isSalvageable: z.boolean(),
      }),
      errors: [UploadNotFound, UploadEnded, UploadCompleted],
    }),
    /** Records durable pieces, and renews or ends the lease; `isWanted`: another writer waits. */
    advance: command({
      ...internal,
      input: z.object({
        id: Id,
        fence: z.int(),
        pieces: z.array(Placed).max(1_000),
        /** The received bytes of the whole upload, these pieces included. */
        receivedBytes: z.int().nonnegative(),
        isLast: z.boolean(),
      }),
      output: z.object({ isWanted: z.boolean() }),
      errors: [UploadNotFound, UploadBusy, UploadTooLarge, QuotaExceeded],
    }),
    /**
     * Makes the file of a session: of the pieces it has, of those given, or of the whole partial uploads named, once;
     * verifies size and hash first. A session whose content is wrong has no pieces any more (`retry`) or is over (`end`).
     */
    finish: command({
      ...internal,
      patienceMs: 12 * 3_600_000,
      input: z.object({
        id: Id,
        pieces: z.array(Piece).max(20_000).optional(),
        partials: z.array(Id).max(1_000).optional(),
        known: Known.optional(),
        /** Exactly the chunks 0 to this many. */
        chunkCount: z.int().positive().max(100_000).optional(),
        hash: ContentHash.optional(),
        sizeBytes: z.int().nonnegative().optional(),
        name: name.optional(),
        /** For a whole form, whose fields may come behind its file. */
        purpose: Purpose.optional(),
        folderId: Id.optional(),
        conflict: Conflict.optional(),
        onMismatch: z.enum(["retry", "end"]).default("retry"),
      }),
      output: StoredFile,
      errors: [...ending, MissingChunks, HashMismatch, NotMedia, UploadInterrupted, UploadTooLarge, QuotaExceeded],
    }),
    /** Gives the reservation of a whole form back; the caller drops the bytes it received. */
    abandon: command({ ...internal, input: z.object({ id: Id }), output: z.object({}) }),
    /**
     * A file of content that is stored already, for a client that knows its exact hash and size and nothing else: the
     * compatible APIs alone. Null where it has to be sent. `others`: files of other accounts with this content; if one
     * of them is public, the content may be requested again with that one as `publicFileId`.
     */
    instant: command({
      ...internal,
      idempotent: false,
      input: z.object({
        hash: ContentHash,
        sizeBytes: z.int().nonnegative().optional(),
        name,
        ...destination,
        /** The caller's session that is spared by it: it is complete then. */
        uploadId: Id.optional(),
        /** A file that everybody may see here, as the gateway has checked. */
        publicFileId: Id.optional(),
      }),
      output: z.object({ file: StoredFile.nullable(), others: z.array(Id).optional() }),
      errors: [QuotaExceeded],
    }),
    /** Fetches a picture of at most 10 MiB from an address now, and stores it as a file of the caller. */
    fetchPicture: command({
      ...internal,
      input: z.object({ url: z.string().max(4_096) }),
      output: StoredFile,
      errors: [...pictureFailures],
    }),
    /** A file by its id, for the services that work on it. */
    file: query({
      auth: "service",
      input: z.object({ id: Id }),
      output: StoredFile,
      errors: [FileNotFound],
    }),
    /** The other hashes of files' contents, as far as they are known. Unknown ids are left out. */
    digests: query({
      auth: "service",
      input: z.object({ ids: z.array(Id).max(200) }),
      output: z.object({
        items: z.array(z.object({ id: Id, md5: z.string().nullable(), sha1: z.string().nullable() })),
      }),
    }),
    ...objectMethods,
    /** The stored content of a hash, for those who know it by that: null where there is none, or two of one MD5 or SHA-1. */
    content: query({
      auth: "service",
      input: z.object({ hash: ContentHash }),
      output: z.object({ key: Key.nullable() }),
    }),
    /** Another file of the caller with the same bytes, which are not moved: each is deleted by itself. */
    copy: command({
      auth: "service",
      input: z.object({ fileId: Id, name: name.optional(), ...destination }),
      output: StoredFile,
      errors: [FileNotFound, QuotaExceeded],
    }),
  },
  { holdsUserData: true, scopes: { query: ["videos:read", "drive:read"], command: ["videos:write", "drive:write"] } },
);
