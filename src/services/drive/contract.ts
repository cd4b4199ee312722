import { EntryState, Kind } from "#events/drive";
import {
  command,
  service,
  Duration,
  failure,
  Id,
  Instant,
  named,
  page,
  pageInput,
  PublicPath,
  query,
  stream,
} from "#kernel";
import { MediaNotFound, UnreadablePicture, UnsupportedMedia } from "#services/media/contract";
import { ContentHash, QuotaExceeded } from "#services/upload/contract";
import { z } from "zod";

export const EntryNotFound = failure("not_found", "drive.not_found", "no such file or folder");
export const FolderNotFound = failure("not_found", "drive.folder_not_found", "no such folder");
export const BadName = failure(
  "invalid",
  "drive.bad_name",
  "a name has 1 to 255 characters, no slash, and is neither . nor ..",
);
export const NameTaken = failure("conflict", "drive.name_taken", "the folder already has an entry of this name");
export const IntoItself = failure("conflict", "drive.into_itself", "a folder cannot be moved into itself");
export const TooDeep = failure(
  "invalid",
  "drive.too_deep",
  "folders cannot be nested any deeper",
  z.object({ depthMax: z.int() }),
);
export const TooMany = failure(
  "conflict",
  "drive.too_many",
  "too many files and folders",
  z.object({ entriesMax: z.int() }),
);
export const NotTrashed = failure("conflict", "drive.not_trashed", "this is not in the trash");
export const NotAFile = failure("invalid", "drive.not_a_file", "this is a folder");
export const ShareNotFound = failure("not_found", "drive.share_not_found", "this link does not exist or has expired");
export const PasswordNeeded = failure("denied", "drive.password_needed", "this link requires a password");
export const WrongPassword = failure("denied", "drive.wrong_password", "wrong password");
export const TooManyTries = failure(
  "exhausted",
  "drive.too_many_tries",
  "too many wrong passwords, try again later",
  z.object({ retryAfterMs: z.int().nonnegative() }),
);
export const UsedUp = failure("invalid", "drive.used_up", "the download limit of this link is reached", undefined, 410);

/** The maximum depth of folders; those in the root have depth 1. */
export const depthMax = 64;
/** The entries of one user, the trash included, and those of one copy or one archive. */
export const entriesMax = 1_000_000;
export const entriesAtOnceMax = 100_000;

/** The reaction to a taken name: rename the new entry, put the old one into the trash, skip the new one, or fail. */
export const OnConflict = z.enum(["rename", "replace", "skip", "fail"]);
export type OnConflict = z.output<typeof OnConflict>;

/** A file or folder as its owner sees it. */
export const Entry = z
  .object({
    id: Id,
    /** Null in the root. */
    folderId: Id.nullable(),
    name: z.string(),
    kind: Kind,
    /** Empty for a folder. */
    mime: z.string(),
    sizeBytes: named("size", z.int()),
    isShared: z.boolean(),
    createdAtMs: Instant,
    changedAtMs: Instant,
    trashedAtMs: Instant.nullable(),
  })
  .meta({ id: "DriveEntry" });
export type Entry = z.output<typeof Entry>;

/** An entry with the folders above it, from the root down. */
export const PlacedEntry = Entry.extend({ folders: z.array(z.object({ id: Id, name: z.string() })) });

/** A file or folder as visitors of a share see it. */
export const SharedEntry = Entry.pick({
  id: true,
  name: true,
  kind: true,
  mime: true,
  sizeBytes: true,
  changedAtMs: true,
}).meta({
  id: "SharedEntry",
});

/** A file with the hashes by which older clients identify content; null where they are not computed yet. */
export const KeptFile = z
  .object({
    id: Id,
    fileId: Id,
    name: z.string(),
    sizeBytes: z.int(),
    mime: z.string(),
    sha256: z.string(),
    md5: z.string().nullable(),
    sha1: z.string().nullable(),
    uploadedAtMs: Instant,
    changedAtMs: Instant,
  })
  .meta({ id: "KeptFile" });
export type KeptFile = z.output<typeof KeptFile>;

/** A share as its owner sees it. Its token is returned once, when it is created. */
export const Share = z
  .object({
    id: Id,
    entryId: Id,
    entryName: z.string(),
    entryKind: Kind,
    /** It asks for a password. */
    isProtected: z.boolean(),
    expiresAtMs: Instant.nullable(),
    downloadsMax: z.int().nullable(),
    downloads: z.int(),
    /** How often it was opened. */
    visits: z.int(),
    createdAtMs: Instant,
  })
  .meta({ id: "DriveShare" });
export type Share = z.output<typeof Share>;

/** An action on a file of the caller, by its content; see `execute`. */
export const Action = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("find"), hash: ContentHash }),
  z.object({ kind: z.literal("list"), limit: z.int().min(0).max(100), offset: z.int().min(0).max(100_000) }),
  z.object({ kind: z.literal("rename"), hash: ContentHash, name: z.string().min(1).max(1_000) }),
  z.object({ kind: z.literal("trash"), hash: ContentHash }),
]);
export type Action = z.output<typeof Action>;

/** The outcome for one of several entries. */
export const Outcome = z
  .object({
    id: Id,
    ok: z.boolean(),
    /** As it is now; null where the action failed or deleted it. */
    entry: Entry.nullable(),
    /** The task that continues in the background, where there is one. */
    taskId: Id.nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: "DriveOutcome" });
export type Outcome = z.output<typeof Outcome>;

/** The bytes of a file and how they are served; for the gateway. */
export const Content = z.object({
  key: z.string(),
  sizeBytes: z.int(),
  mime: z.string(),
  name: z.string(),
  changedAtMs: Instant,
});

/** The service removes invisible characters, and refuses what is left where it is no name. */
const name = z.string().min(1).max(1_000);
const folderId = Id.optional();
const ids = z.array(Id).max(500);
const sorting = {
  sort: z.enum(["name", "date", "size"]).default("name"),
  order: z.enum(["asc", "desc"]).default("asc"),
};
const ticket = z.string().max(500);
const outcomes = z.object({ items: z.array(Outcome) });
const link = z.object({ url: PublicPath, expiresAtMs: Instant });
const terms = {
  /** An empty one removes it. It is sent in a body and never returned. */
  password: z.string().max(128).optional(),
  /** From now; 0: never. */
  expiresInMs: Duration.optional(),
  /** 0: any number. */
  downloadsMax: z.int().min(0).max(1_000_000).optional(),
};
const userWrite = { auth: "user", rate: "write", idempotent: true } as const;

/** Folders and files of a user in one tree, the trash, and shares of them. */
export const drive = service(
  "drive",
  1,
  {
    list: query({
      http: "GET /api/v1/drive",
      auth: "user",
      summary: "Lists a folder, or the root: folders first, then files.",
      input: z.object({ folderId, ...sorting, ...pageInput }),
      output: page(Entry),
      errors: [FolderNotFound],
    }),
    get: query({
      http: "GET /api/v1/drive/:id",
      auth: "user",
      summary: "Returns a file or folder, in the trash or not.",
      input: z.object({ id: Id }),
      output: Entry,
      errors: [EntryNotFound],
    }),
    path: query({
      http: "GET /api/v1/drive/:id/path",
      auth: "user",
      summary: "Lists the folders from the root to an entry, the entry last.",
      input: z.object({ id: Id }),
      output: z.object({ items: z.array(Entry) }),
      errors: [EntryNotFound],
    }),
    search: query({
      http: "GET /api/v1/drive/search",
      auth: "user",
      summary: "Searches files and folders by name, best match first.",
      input: z.object({ q: z.string().trim().min(1).max(255), limit: z.int().min(1).max(100).default(50) }),
      output: z.object({ items: z.array(Entry) }),
    }),
    recent: query({
      http: "GET /api/v1/drive/recent",
      auth: "user",
      summary: "Lists files, latest upload first.",
      input: z.object(pageInput),
      output: page(Entry),
    }),
    usage: query({
      http: "GET /api/v1/drive/usage",
      auth: "user",
      summary: "Returns the number and size of files by kind, and the space that is left.",
      input: z.object({}),
      output: z.object({
        folders: z.int(),
        kinds: z.array(z.object({ kind: Kind, files: z.int(), sizeBytes: named("size", z.int()) })),
        trash: z.object({ files: z.int(), sizeBytes: named("size", z.int()) }),
        /** The used bytes of the account, for all purposes. */
        usedBytes: z.int(),
        reservedBytes: z.int(),
        quotaBytes: z.int(),
        trashKeptMs: Duration,
      }),
    }),
    createFolder: command({
      ...userWrite,
      idempotent: false,
      http: "POST /api/v1/drive/folders",
      summary: "Creates a folder.",
      input: z.object({ name, folderId, conflict: z.enum(["rename", "fail"]).default("fail") }),
      output: Entry,
      errors: [BadName, NameTaken, FolderNotFound, TooDeep, TooMany],
    }),
    makePath: command({
      ...userWrite,
      http: "POST /api/v1/drive/paths",
      summary: "Creates a folder with its missing parents, such as `a/b/c`; returns the last.",
      input: z.object({ path: z.string().min(1).max(16_000), folderId }),
      output: Entry,
      errors: [BadName, NameTaken, FolderNotFound, TooDeep, TooMany],
    }),
    rename: command({
      ...userWrite,
      http: "PUT /api/v1/drive/:id",
      summary: "Renames a file or folder.",
      input: z.object({ id: Id, name, conflict: OnConflict.default("fail") }),
      output: Entry,
      errors: [EntryNotFound, BadName, NameTaken],
    }),
    move: command({
      ...userWrite,
      http: "POST /api/v1/drive/move",
      summary: "Moves files and folders into another folder, each by itself.",
      input: z.object({ ids, folderId, conflict: OnConflict.default("rename") }),
      output: outcomes,
      errors: [FolderNotFound],
    }),
    copy: command({
      ...userWrite,
      idempotent: false,
      rate: "costly",
      http: "POST /api/v1/drive/copy",
      summary:
        "Copies files and folders into a folder without moving a byte; a folder's entries follow in the background.",
      input: z.object({ ids, folderId, conflict: OnConflict.default("rename") }),
      output: outcomes,
      errors: [FolderNotFound],
    }),
    task: query({
      http: "GET /api/v1/drive/tasks/:id",
      auth: "user",
      summary: "Returns the progress of a folder's copy.",
      input: z.object({ id: Id }),
      output: z.object({
        id: Id,
        status: z.enum(["queued", "running", "done", "failed"]),
        /** 0–100. */
        progress: z.int(),
        error: z.object({ code: z.string(), message: z.string() }).nullable(),
      }),
      errors: [EntryNotFound],
    }),
    trash: command({
      ...userWrite,
      http: "POST /api/v1/drive/trash",
      summary: "Moves files and folders to the trash.",
      input: z.object({ ids }),
      output: outcomes,
    }),
    trashed: query({
      http: "GET /api/v1/drive/trash",
      auth: "user",
      summary: "Lists the trash, latest first.",
      input: z.object(pageInput),
      output: page(Entry),
    }),
    restore: command({
      ...userWrite,
      http: "POST /api/v1/drive/restore",
      summary:
        "Restores entries of the trash to their folder, or to the root where it no longer exists; renamed where the name is taken.",
      input: z.object({ ids }),
      output: outcomes,
    }),
    remove: command({
      ...userWrite,
      http: "POST /api/v1/drive/remove",
      summary: "Deletes files and folders permanently, in the trash or not.",
      input: z.object({ ids }),
      output: outcomes,
    }),
    emptyTrash: command({
      ...userWrite,
      http: "DELETE /api/v1/drive/trash",
      summary: "Empties the trash: deletes its entries permanently.",
      input: z.object({}),
      output: z.object({}),
    }),
    link: command({
      ...userWrite,
      http: "POST /api/v1/drive/:id/link",
      summary:
        "Creates an address of a file's bytes that needs no token; it ends when it expires or the file is trashed.",
      input: z.object({ id: Id, expiresInMs: Duration.optional(), inline: z.boolean().default(false) }),
      output: link,
      errors: [EntryNotFound, NotAFile],
    }),
    zip: command({
      ...userWrite,
      rate: "costly",
      http: "POST /api/v1/drive/zip",
      summary: "Creates an address where files and folders are downloaded as one archive.",
      input: z.object({ ids: z.array(Id).max(1_000) }),
      output: link,
      errors: [EntryNotFound, TooMany],
    }),
    publish: command({
      ...userWrite,
      idempotent: false,
      http: "POST /api/v1/drive/:id/publish",
      summary:
        "Creates a media object of a video, sound or picture without moving a byte, to be published as any other.",
      input: z.object({ id: Id, title: z.string().trim().max(200).optional() }),
      output: z.object({ mediaId: Id, title: z.string() }),
      errors: [EntryNotFound, NotAFile, UnsupportedMedia, UnreadablePicture, QuotaExceeded],
    }),
    fromMedia: command({
      ...userWrite,
      idempotent: false,
      http: "POST /api/v1/drive/from-media",
      summary: "Creates a file of the original of the caller's media object without moving a byte.",
      input: z.object({ mediaId: Id, folderId }),
      output: Entry,
      errors: [MediaNotFound, FolderNotFound, QuotaExceeded, TooMany],
    }),

    share: command({
      ...userWrite,
      idempotent: false,
      http: "POST /api/v1/drive/:id/shares",
      summary: "Shares a file or folder by a link. Its token is returned here and never again.",
      input: z.object({ id: Id, ...terms }),
      output: z.object({ share: Share, token: z.string() }),
      errors: [EntryNotFound, TooMany],
    }),
    shares: query({
      http: "GET /api/v1/drive/shares",
      auth: "user",
      summary: "Lists the caller's shares, latest first; those of one file or folder where it is named.",
      input: z.object({ entryId: Id.optional(), ...pageInput }),
      output: page(Share),
    }),
    updateShare: command({
      ...userWrite,
      http: "PUT /api/v1/drive/shares/:id",
      summary: "Changes the terms of a share; terms that are not named stay. A new password ends all visits.",
      input: z.object({ id: Id, ...terms }),
      output: Share,
      errors: [ShareNotFound],
    }),
    renewShare: command({
      ...userWrite,
      idempotent: false,
      http: "POST /api/v1/drive/shares/:id/renew",
      summary: "Gives a share a new token; the old one and its visits end.",
      input: z.object({ id: Id }),
      output: z.object({ share: Share, token: z.string() }),
      errors: [ShareNotFound],
    }),
    unshare: command({
      ...userWrite,
      http: "DELETE /api/v1/drive/shares/:id",
      summary: "Revokes a share, immediately.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [ShareNotFound],
    }),
    openShare: command({
      http: "POST /api/v1/shares/open",
      auth: "public",
      rate: "login",
      summary: "Opens a share: the ticket is valid for an hour, unless the share is revoked.",
      input: z.object({ token: z.string().max(100), password: z.string().max(128).optional() }),
      output: z.object({
        ticket: z.string(),
        expiresAtMs: Instant,
        entry: SharedEntry,
        downloadsLeft: z.int().nullable(),
      }),
      errors: [ShareNotFound, PasswordNeeded, WrongPassword, TooManyTries, UsedUp],
    }),
    sharedEntries: query({
      http: "GET /api/v1/shares/entries",
      auth: "public",
      summary: "Lists a shared folder.",
      input: z.object({ ticket, folderId, ...sorting, ...pageInput }),
      output: page(SharedEntry),
      errors: [ShareNotFound],
    }),
    zipShared: command({
      http: "POST /api/v1/shares/zip",
      auth: "public",
      rate: "costly",
      summary: "Creates an address where a shared entry, or parts of it, is downloaded as one archive.",
      input: z.object({ ticket, ids: z.array(Id).max(1_000).default([]) }),
      output: link,
      errors: [ShareNotFound, EntryNotFound, UsedUp, TooMany],
    }),

    /**
     * Places an uploaded file in its destination folder: in the root where that is deleted or not the owner's. Repeated, it
     * answers the same. For services only, like all methods that follow.
     */
    place: command({
      ...userWrite,
      auth: "service",
      input: z.object({ fileId: Id }),
      output: Entry,
      errors: [EntryNotFound, TooMany],
    }),
    /**
     * Keeps a file of the caller under a name in the root; where its content is there already, that entry gets the name,
     * and the new file is released.
     */
    keep: command({
      ...userWrite,
      auth: "service",
      input: z.object({ fileId: Id, name }),
      output: KeptFile,
      errors: [EntryNotFound, TooMany],
    }),
    /** The caller's entries that are neither in the trash nor below a trashed one. */
    placed: query({
      auth: "service",
      input: z.object({ ids: z.array(Id).max(200) }),
      output: z.object({ items: z.array(PlacedEntry) }),
    }),
    /** Entries of all users, the trash included, in batches after an id. For projections of them. */
    batch: query({
      auth: "service",
      input: z.object({ after: z.int().nonnegative().default(0), limit: z.int().min(1).max(500).default(200) }),
      output: z.object({ items: z.array(EntryState.extend({ userId: Id })) }),
    }),
    /** The caller's latest file with this content. */
    byHash: query({
      auth: "service",
      input: z.object({ hash: ContentHash }),
      output: KeptFile,
      errors: [EntryNotFound],
    }),
    renameByHash: command({
      ...userWrite,
      auth: "service",
      input: z.object({ hash: ContentHash, name }),
      output: KeptFile,
      errors: [EntryNotFound, BadName],
    }),
    /** The caller's files, one for each content, the latest upload first. */
    library: query({
      auth: "service",
      input: z.object({ limit: z.int().min(0).max(100), offset: z.int().min(0).max(100_000) }),
      output: z.object({ items: z.array(KeptFile) }),
    }),
    /**
     * Several actions in order. `isOne`: in one transaction, which the first failure rolls back; else each by itself, and
     * `stopsAtFailure` skips those after a failure.
     */
    execute: command({
      auth: "service",
      input: z.object({
        isOne: z.boolean(),
        stopsAtFailure: z.boolean(),
        actions: z.array(Action).max(100),
      }),
      output: z.object({
        items: z.array(
          z.object({
            files: z.array(KeptFile),
            error: z.object({ code: z.string(), message: z.string() }).nullable(),
          }),
        ),
      }),
      errors: [EntryNotFound, BadName, NameTaken],
    }),
    /**
     * The bytes of a file for its owner, or for the holder of a ticket. `isDownload`: they are going to be sent, which
     * counts where downloads of a share are limited: once for each visit and file.
     */
    content: command({
      auth: "public",
      idempotent: true,
      input: z.object({ id: Id, ticket: ticket.optional(), isDownload: z.boolean() }),
      output: Content,
      errors: [EntryNotFound, UsedUp],
    }),
    /** The entries of an archive, folders before their entries. Paths are unique, and have no empty or dotted part. */
    zipEntries: stream({
      auth: "public",
      input: z.object({ ticket, isDownload: z.boolean() }),
      output: z.object({
        /** The name of the archive. */
        name: z.string(),
        entries: z.array(
          z.object({ path: z.string(), key: z.string().nullable(), sizeBytes: z.int(), changedAtMs: z.int() }),
        ),
      }),
      errors: [EntryNotFound, UsedUp],
    }),
  },
  { holdsUserData: true, scopes: { query: "drive:read", command: "drive:write" } },
);
