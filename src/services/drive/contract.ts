import {
  command,
  service,
  Duration,
  event,
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
  "a name has 1 to 255 characters, no slash, and is not a dot or two",
);
export const NameTaken = failure("conflict", "drive.name_taken", "there is something of this name in the folder");
export const IntoItself = failure("conflict", "drive.into_itself", "a folder cannot be put into itself");
export const TooDeep = failure(
  "invalid",
  "drive.too_deep",
  "folders cannot be nested any deeper",
  z.object({ depthMax: z.int() }),
);
export const TooMany = failure(
  "conflict",
  "drive.too_many",
  "that is more files and folders than can be kept or handled at once",
  z.object({ entriesMax: z.int() }),
);
export const NotTrashed = failure("conflict", "drive.not_trashed", "this is not in the trash");
export const NotAFile = failure("invalid", "drive.not_a_file", "this is a folder");
export const ShareNotFound = failure("not_found", "drive.share_not_found", "there is nothing at this link");
export const PasswordNeeded = failure("denied", "drive.password_needed", "this link needs its password");
export const WrongPassword = failure("denied", "drive.wrong_password", "this is not the password of this link");
export const TooManyTries = failure(
  "exhausted",
  "drive.too_many_tries",
  "too many wrong passwords, wait a little",
  z.object({ retryAfterMs: z.int().nonnegative() }),
);
export const UsedUp = failure(
  "invalid",
  "drive.used_up",
  "this link has been used as often as it may be",
  undefined,
  410,
);

/** Folders lie at most this deep, the root's own being 1. */
export const depthMax = 64;
/** What one person may have in all, the trash included, and what one copy or one archive may hold. */
export const entriesMax = 1_000_000;
export const entriesAtOnceMax = 100_000;

const Kind = z.enum(["folder", "video", "audio", "image", "other"]);
/** Where the name is taken: keep both under two names, the old one goes to the trash, leave it, or refuse. */
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

/** A file or folder as somebody sees it who was given a link to it. */
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

/** A file with the hashes older clients know content by; null where they are not computed yet. */
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

/** A link somebody made, as they see it. What opens it is told once, when it is made. */
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

/** What may be done with one's own files by who knows them by their content; see `execute`. */
export const Action = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("find"), hash: ContentHash }),
  z.object({ kind: z.literal("list"), limit: z.int().min(0).max(100), offset: z.int().min(0).max(100_000) }),
  z.object({ kind: z.literal("rename"), hash: ContentHash, name: z.string().min(1).max(1_000) }),
  z.object({ kind: z.literal("trash"), hash: ContentHash }),
]);
export type Action = z.output<typeof Action>;

/** What became of one of several. */
export const Outcome = z
  .object({
    id: Id,
    ok: z.boolean(),
    /** As it is now; null where it failed or is gone. */
    entry: Entry.nullable(),
    /** The work that goes on in the background, where it takes longer. */
    taskId: Id.nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: "DriveOutcome" });
export type Outcome = z.output<typeof Outcome>;

/** Bytes somebody may have, and how they are to be handed out; for the gateway. */
export const Content = z.object({
  key: z.string(),
  sizeBytes: z.int(),
  mime: z.string(),
  name: z.string(),
  changedAtMs: Instant,
});

/** Refused where it is no name; cleaned of what is not to be seen, by the service. */
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
  /** An empty one takes it away. It comes in a body and is never told again. */
  password: z.string().max(128).optional(),
  /** From now; 0: for ever. */
  expiresInMs: Duration.optional(),
  /** 0: any number. */
  downloadsMax: z.int().min(0).max(1_000_000).optional(),
};
const own = { auth: "user", rate: "write", idempotent: true } as const;

/** Folders and files of a user in one tree, the trash, and the links by which others get at them. */
export const drive = service(
  "drive",
  1,
  {
    list: query({
      http: "GET /api/v1/drive",
      auth: "user",
      summary: "What is in a folder, or in the root: folders first, then files.",
      input: z.object({ folderId, ...sorting, ...pageInput }),
      output: page(Entry),
      errors: [FolderNotFound],
    }),
    get: query({
      http: "GET /api/v1/drive/:id",
      auth: "user",
      summary: "One file or folder, in the trash or not.",
      input: z.object({ id: Id }),
      output: Entry,
      errors: [EntryNotFound],
    }),
    path: query({
      http: "GET /api/v1/drive/:id/path",
      auth: "user",
      summary: "The folders from the root to this one, itself the last.",
      input: z.object({ id: Id }),
      output: z.object({ items: z.array(Entry) }),
      errors: [EntryNotFound],
    }),
    search: query({
      http: "GET /api/v1/drive/search",
      auth: "user",
      summary: "Files and folders whose name contains this, the best first.",
      input: z.object({ q: z.string().trim().min(1).max(255), limit: z.int().min(1).max(100).default(50) }),
      output: z.object({ items: z.array(Entry) }),
    }),
    recent: query({
      http: "GET /api/v1/drive/recent",
      auth: "user",
      summary: "Files, the latest upload first.",
      input: z.object(pageInput),
      output: page(Entry),
    }),
    usage: query({
      http: "GET /api/v1/drive/usage",
      auth: "user",
      summary: "How much there is of what, and how much space is left.",
      input: z.object({}),
      output: z.object({
        folders: z.int(),
        kinds: z.array(z.object({ kind: Kind, files: z.int(), sizeBytes: named("size", z.int()) })),
        trash: z.object({ files: z.int(), sizeBytes: named("size", z.int()) }),
        /** Of the account, whatever it is used for. */
        usedBytes: z.int(),
        reservedBytes: z.int(),
        quotaBytes: z.int(),
        trashKeptMs: Duration,
      }),
    }),
    createFolder: command({
      ...own,
      idempotent: false,
      http: "POST /api/v1/drive/folders",
      summary: "Makes a folder.",
      input: z.object({ name, folderId, conflict: z.enum(["rename", "fail"]).default("fail") }),
      output: Entry,
      errors: [BadName, NameTaken, FolderNotFound, TooDeep, TooMany],
    }),
    makePath: command({
      ...own,
      http: "POST /api/v1/drive/paths",
      summary: "Makes a folder and those above it that are not there, such as `a/b/c`; yields the last.",
      input: z.object({ path: z.string().min(1).max(16_000), folderId }),
      output: Entry,
      errors: [BadName, NameTaken, FolderNotFound, TooDeep, TooMany],
    }),
    rename: command({
      ...own,
      http: "PUT /api/v1/drive/:id",
      summary: "Gives a file or folder another name.",
      input: z.object({ id: Id, name, conflict: OnConflict.default("fail") }),
      output: Entry,
      errors: [EntryNotFound, BadName, NameTaken],
    }),
    move: command({
      ...own,
      http: "POST /api/v1/drive/move",
      summary: "Puts files and folders into another folder; each by itself, all or nothing.",
      input: z.object({ ids, folderId, conflict: OnConflict.default("rename") }),
      output: outcomes,
      errors: [FolderNotFound],
    }),
    copy: command({
      ...own,
      idempotent: false,
      rate: "costly",
      http: "POST /api/v1/drive/copy",
      summary:
        "Copies files and folders into a folder without moving a byte; what is in a folder follows in the background.",
      input: z.object({ ids, folderId, conflict: OnConflict.default("rename") }),
      output: outcomes,
      errors: [FolderNotFound],
    }),
    task: query({
      http: "GET /api/v1/drive/tasks/:id",
      auth: "user",
      summary: "How far the copying of a folder is.",
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
      ...own,
      http: "POST /api/v1/drive/trash",
      summary: "Puts files and folders into the trash.",
      input: z.object({ ids }),
      output: outcomes,
    }),
    trashed: query({
      http: "GET /api/v1/drive/trash",
      auth: "user",
      summary: "What is in the trash, the latest first.",
      input: z.object(pageInput),
      output: page(Entry),
    }),
    restore: command({
      ...own,
      http: "POST /api/v1/drive/restore",
      summary:
        "Puts back what is in the trash: where it was, or into the root where that is gone; renamed where the name is taken.",
      input: z.object({ ids }),
      output: outcomes,
    }),
    remove: command({
      ...own,
      http: "POST /api/v1/drive/remove",
      summary: "Deletes files and folders for good, in the trash or not.",
      input: z.object({ ids }),
      output: outcomes,
    }),
    emptyTrash: command({
      ...own,
      http: "DELETE /api/v1/drive/trash",
      summary: "Deletes for good all that is in the trash.",
      input: z.object({}),
      output: z.object({}),
    }),
    link: command({
      ...own,
      http: "POST /api/v1/drive/:id/link",
      summary:
        "An address of a file's bytes that needs nothing else; it is over when its time is, or the file is trashed.",
      input: z.object({ id: Id, expiresInMs: Duration.optional(), inline: z.boolean().default(false) }),
      output: link,
      errors: [EntryNotFound, NotAFile],
    }),
    zip: command({
      ...own,
      rate: "costly",
      http: "POST /api/v1/drive/zip",
      summary: "An address where these files and folders come as one archive.",
      input: z.object({ ids: z.array(Id).max(1_000) }),
      output: link,
      errors: [EntryNotFound, TooMany],
    }),
    publish: command({
      ...own,
      idempotent: false,
      http: "POST /api/v1/drive/:id/publish",
      summary: "Makes a media object of a video, sound or picture without moving a byte, to be published as any other.",
      input: z.object({ id: Id, title: z.string().trim().max(200).optional() }),
      output: z.object({ mediaId: Id, title: z.string() }),
      errors: [EntryNotFound, NotAFile, UnsupportedMedia, UnreadablePicture, QuotaExceeded],
    }),
    fromMedia: command({
      ...own,
      idempotent: false,
      http: "POST /api/v1/drive/from-media",
      summary: "Makes a file of the original of one's own media object without moving a byte.",
      input: z.object({ mediaId: Id, folderId }),
      output: Entry,
      errors: [MediaNotFound, FolderNotFound, QuotaExceeded, TooMany],
    }),

    share: command({
      ...own,
      idempotent: false,
      http: "POST /api/v1/drive/:id/shares",
      summary: "Makes a link to a file or folder. Its token is told here and never again.",
      input: z.object({ id: Id, ...terms }),
      output: z.object({ share: Share, token: z.string() }),
      errors: [EntryNotFound, TooMany],
    }),
    shares: query({
      http: "GET /api/v1/drive/shares",
      auth: "user",
      summary: "One's own links, the latest first; of one file or folder where it is named.",
      input: z.object({ entryId: Id.optional(), ...pageInput }),
      output: page(Share),
    }),
    updateShare: command({
      ...own,
      http: "PUT /api/v1/drive/shares/:id",
      summary:
        "Changes the terms of a link; what is not named stays. With another password everybody has to open it anew.",
      input: z.object({ id: Id, ...terms }),
      output: Share,
      errors: [ShareNotFound],
    }),
    renewShare: command({
      ...own,
      idempotent: false,
      http: "POST /api/v1/drive/shares/:id/renew",
      summary: "Gives a link a new token; the old one and all visits by it are over.",
      input: z.object({ id: Id }),
      output: z.object({ share: Share, token: z.string() }),
      errors: [ShareNotFound],
    }),
    unshare: command({
      ...own,
      http: "DELETE /api/v1/drive/shares/:id",
      summary: "Takes a link back, at once.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [ShareNotFound],
    }),
    openShare: command({
      http: "POST /api/v1/shares/open",
      auth: "public",
      rate: "login",
      summary: "Opens a link: the ticket it gives is good for an hour, unless the link is taken back.",
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
      summary: "What is in a folder that a link leads to.",
      input: z.object({ ticket, folderId, ...sorting, ...pageInput }),
      output: page(SharedEntry),
      errors: [ShareNotFound],
    }),
    zipShared: command({
      http: "POST /api/v1/shares/zip",
      auth: "public",
      rate: "costly",
      summary: "An address where what a link leads to, or these parts of it, comes as one archive.",
      input: z.object({ ticket, ids: z.array(Id).max(1_000).default([]) }),
      output: link,
      errors: [ShareNotFound, EntryNotFound, UsedUp, TooMany],
    }),

    /**
     * Puts an uploaded file where its destination says: into the root where the folder is gone or not the owner's. Repeated
     * it answers the same. For our own services, as all that follows.
     */
    place: command({
      ...own,
      auth: "service",
      input: z.object({ fileId: Id }),
      output: Entry,
      errors: [EntryNotFound, TooMany],
    }),
    /**
     * Keeps a file of the caller's under a name in the root; where its content is there already that entry gets the name,
     * and the new file is let go of.
     */
    keep: command({
      ...own,
      auth: "service",
      input: z.object({ fileId: Id, name }),
      output: KeptFile,
      errors: [EntryNotFound, TooMany],
    }),
    /** The caller's latest file with this content. */
    byHash: query({
      auth: "service",
      input: z.object({ hash: ContentHash }),
      output: KeptFile,
      errors: [EntryNotFound],
    }),
    renameByHash: command({
      ...own,
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
     * Several of these in order. `isOne`: in one transaction, and the first that fails undoes all and is what fails; else
     * each by itself, and `stopsAtFailure` leaves out those behind one that failed.
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
     * The bytes of a file for its owner, or for who has a ticket. `isDownload`: they are going to be sent, which counts
     * where downloads of a link are counted: once for each visit and file.
     */
    content: command({
      auth: "public",
      idempotent: true,
      input: z.object({ id: Id, ticket: ticket.optional(), isDownload: z.boolean() }),
      output: Content,
      errors: [EntryNotFound, UsedUp],
    }),
    /** What an archive is made of, folders before what is in them. Paths are unique, and have no empty or dotted part. */
    zipEntries: stream({
      auth: "public",
      input: z.object({ ticket, isDownload: z.boolean() }),
      output: z.object({
        /** Of the archive. */
        name: z.string(),
        entries: z.array(
          z.object({ path: z.string(), key: z.string().nullable(), sizeBytes: z.int(), changedAtMs: z.int() }),
        ),
      }),
      errors: [EntryNotFound, UsedUp],
    }),
  },
  { holdsUserData: true },
);

/** A file is not in its owner's tree any more, nor in the trash: whoever keeps it lets it go. */
export const fileReleased = event("file.released.v1", z.object({ fileId: Id, userId: Id }));
