import { Space } from "#events/transfer";
import { command, service, Duration, failure, Id, Instant, page, pageInput, query } from "#kernel";
import { ContentHash } from "#services/upload/contract";
import { z } from "zod";

export const TransferNotFound = failure("not_found", "transfer.not_found", "no such transfer");
export const UnknownStore = failure(
  "invalid",
  "transfer.unknown_store",
  "there is no store of this name",
  z.object({ name: z.string() }),
);
export const TwoStores = failure(
  "invalid",
  "transfer.two_stores",
  "a move or a copy goes from one store to another one; a check or a repair is of one store",
);
export const TransferOver = failure("conflict", "transfer.over", "this transfer is over");

const StoreName = z
  .string()
  .max(31)
  .regex(/^[a-z][a-z0-9-]{0,30}$/);
export const Kind = z.enum(["move", "copy", "verify", "repair"]);
export const Status = z.enum(["queued", "running", "paused", "done", "failed", "cancelled"]);

/** Selects objects; without a filter, those of both spaces and of any age, size and user. */
const filter = {
  space: Space.optional(),
  /** Objects that this user's files and videos need. */
  userId: Id.optional(),
  /** Stored at least this long ago. */
  olderThanMs: Duration.optional(),
  largerThanBytes: z.int().nonnegative().optional(),
};

/** An object that no store has whole. */
export const DamagedObject = z
  .object({
    object: z.string(),
    store: z.string(),
    /** The size of its remaining bytes. */
    sizeBytes: z.int(),
    foundAtMs: Instant,
    /** The users whose files and videos need it. */
    userIds: z.array(Id),
  })
  .meta({ id: "DamagedObject" });

/** Work on the objects of a store, with its progress and outcome. */
export const Transfer = z
  .object({
    id: Id,
    kind: Kind,
    /** Null for objects of any store. */
    from: z.string().nullable(),
    to: z.string().nullable(),
    space: Space.nullable(),
    userId: Id.nullable(),
    olderThanMs: Duration.nullable(),
    largerThanBytes: z.int().nullable(),
    bytesPerSecond: z.int().nullable(),
    /** Begun by a rule or a service, not by an administrator. */
    isAutomatic: z.boolean(),
    /** A regular scrub of a whole store, which repairs damaged objects. */
    isScrub: z.boolean(),
    status: Status,
    /** True once the totals are known. */
    isPlanned: z.boolean(),
    objectsTotal: z.int(),
    bytesTotal: z.int(),
    objectsDone: z.int(),
    /** Bytes of objects that are done or under way. */
    bytesDone: z.int(),
    /** Objects that were copied and wait for the readers of the old copy. */
    objectsWaiting: z.int(),
    objectsSkipped: z.int(),
    /** Objects found damaged or missing: those repaired, and those that no store has whole. */
    objectsDamaged: z.int(),
    objectsRepaired: z.int(),
    objectsFailed: z.int(),
    /** Why the transfer waits, or why it ended. */
    reason: z.string().nullable(),
    createdAtMs: Instant,
    startedAtMs: Instant.nullable(),
    endedAtMs: Instant.nullable(),
  })
  .meta({ id: "Transfer" });
export type Transfer = z.output<typeof Transfer>;

/** Work that deletes what waits for its grace time. */
export const SpaceRelease = z
  .object({
    id: Id,
    status: z.enum(["running", "done", "failed"]),
    /** Objects and bytes that were deleted so far. */
    objects: z.int(),
    bytes: z.int(),
    /** Why it failed. */
    reason: z.string().nullable(),
    createdAtMs: Instant,
    endedAtMs: Instant.nullable(),
  })
  .meta({ id: "SpaceRelease" });
export type SpaceRelease = z.output<typeof SpaceRelease>;

const admin = { auth: "admin", idempotent: true } as const;
const byId = { input: z.object({ id: Id }), output: Transfer } as const;

/** Moves, copies, checks and repairs objects in and between stores, while they are read. */
export const transfer = service(
  "transfer",
  1,
  {
    start: command({
      auth: "admin",
      idempotent: false,
      http: "POST /api/v1/transfer",
      summary:
        "Begins to move or copy objects from one store to another, or to check or repair those of one store. Every copy is read back and compared before the old one is removed.",
      input: z.object({
        kind: Kind,
        from: StoreName,
        to: StoreName.optional(),
        ...filter,
        /** A limit of this transfer, besides that of the instance. */
        bytesPerSecond: z.int().positive().optional(),
      }),
      output: Transfer,
      errors: [UnknownStore, TwoStores],
    }),
    list: query({
      auth: "admin",
      http: "GET /api/v1/transfer",
      summary: "Transfers, the latest first.",
      input: z.object(pageInput),
      output: page(Transfer),
    }),
    stores: query({
      auth: "admin",
      http: "GET /api/v1/transfer/stores",
      summary: "The stores, whether they can be written to, and which are the default and the long-term store.",
      input: z.object({}),
      output: z.object({
        items: z.array(
          z
            .object({
              name: z.string(),
              /** Takes new content that no rule sends elsewhere. */
              isDefault: z.boolean(),
              isReady: z.boolean(),
              reason: z.string().nullable(),
              /** Uploads are moved here automatically. */
              isLongTerm: z.boolean(),
            })
            .meta({ id: "Store" }),
        ),
      }),
    }),
    damaged: query({
      auth: "admin",
      http: "GET /api/v1/transfer/damaged",
      summary:
        "The first two hundred objects that are damaged and that no store has whole. They are not served, and their bytes are kept.",
      input: z.object({}),
      output: z.object({
        items: z.array(DamagedObject),
      }),
    }),
    freeSpace: command({
      ...admin,
      http: "POST /api/v1/admin/storage/free",
      summary:
        "Begins to delete everything that waits for its grace time: bytes of deleted videos and files, replaced renditions, and uploaded content without a file. Returns the release that is under way where there is one.",
      input: z.object({}),
      output: SpaceRelease,
    }),
    freedSpace: query({
      auth: "admin",
      http: "GET /api/v1/admin/storage/free",
      summary: "The latest release of space, with the objects and bytes it has deleted so far.",
      input: z.object({}),
      output: z.object({ latest: SpaceRelease.nullable() }),
    }),
    get: query({
      auth: "admin",
      http: "GET /api/v1/transfer/:id",
      summary: "One transfer with the first hundred objects that failed, and why.",
      input: z.object({ id: Id }),
      output: Transfer.extend({
        failures: z.array(z.object({ object: z.string(), sizeBytes: z.int(), error: z.string(), message: z.string() })),
      }),
      errors: [TransferNotFound],
    }),
    pause: command({
      ...admin,
      http: "POST /api/v1/transfer/:id/pause",
      summary: "Pauses a transfer; nothing that was done is lost.",
      ...byId,
      errors: [TransferNotFound, TransferOver],
    }),
    resume: command({
      ...admin,
      http: "POST /api/v1/transfer/:id/resume",
      summary: "Resumes a transfer that is paused or failed; its failed objects are tried again.",
      ...byId,
      errors: [TransferNotFound, TransferOver],
    }),
    cancel: command({
      ...admin,
      http: "POST /api/v1/transfer/:id/cancel",
      summary: "Cancels a transfer; moved objects stay moved, copied ones stay in both stores.",
      ...byId,
      errors: [TransferNotFound, TransferOver],
    }),
    /**
     * Requests the move of one stored file, by its hash, from one store or from any. A repeated request is the same task;
     * `isKnown` says whether there is such content.
     */
    request: command({
      auth: "service",
      idempotent: true,
      input: z.object({ hash: ContentHash, from: StoreName.optional(), to: StoreName }),
      output: z.object({ isKnown: z.boolean() }),
      errors: [UnknownStore, TwoStores],
    }),
    /** Objects that readers found damaged or missing are examined, set aside and repaired, those of a store and day as one task. */
    reportDamage: command({
      auth: "service",
      idempotent: true,
      input: z.object({
        items: z
          .array(
            z.object({
              object: z
                .string()
                .max(85)
                .regex(/^[a-z]{1,20}\/[0-9a-f]{64}$/),
              store: StoreName,
            }),
          )
          .max(100),
      }),
      output: z.object({}),
    }),
  },
  { scopes: { query: "admin:read", command: "none" } },
);
