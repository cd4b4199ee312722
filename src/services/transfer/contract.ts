import { command, service, Duration, event, failure, Id, Instant, page, pageInput, query } from "#kernel";
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
const Space = z.enum(["upload", "media"]);
export const Kind = z.enum(["move", "copy", "verify", "repair"]);
export const Status = z.enum(["queued", "running", "paused", "done", "failed", "cancelled"]);

/** Which objects: of both spaces, of any age, length and person, unless told. */
const which = {
  space: Space.optional(),
  /** Objects this person's files and videos need. */
  userId: Id.optional(),
  /** Stored at least this long ago. */
  olderThanMs: Duration.optional(),
  largerThanBytes: z.int().nonnegative().optional(),
};

/** An object no store has whole. */
export const DamagedObject = z
  .object({
    object: z.string(),
    store: z.string(),
    /** Of what is left of it. */
    sizeBytes: z.int(),
    foundAtMs: Instant,
    /** Whose files and videos need it. */
    userIds: z.array(Id),
  })
  .meta({ id: "DamagedObject" });

/** Work on the objects of a store: how far it is, and what became of it. Counts are of objects. */
export const Transfer = z
  .object({
    id: Id,
    kind: Kind,
    /** Null: from wherever it is. */
    from: z.string().nullable(),
    to: z.string().nullable(),
    space: Space.nullable(),
    userId: Id.nullable(),
    olderThanMs: Duration.nullable(),
    largerThanBytes: z.int().nullable(),
    bytesPerSecond: z.int().nullable(),
    /** Begun by a rule or by a service, and not by a person; one for each day. */
    isAutomatic: z.boolean(),
    /** The regular reading of a whole store, which repairs what it finds damaged. */
    isScrub: z.boolean(),
    status: Status,
    /** Whether it is known how much there is to do. */
    isPlanned: z.boolean(),
    objectsTotal: z.int(),
    bytesTotal: z.int(),
    objectsDone: z.int(),
    /** Bytes of what is done, and of what is under way. */
    bytesDone: z.int(),
    /** Good copies that are in both stores until nobody reads the old ones. */
    objectsWaiting: z.int(),
    objectsSkipped: z.int(),
    /** Found damaged or without their bytes: those that were repaired, and those that no store has whole. */
    objectsDamaged: z.int(),
    objectsRepaired: z.int(),
    objectsFailed: z.int(),
    /** Why it does not go on right now, or why it ended. */
    reason: z.string().nullable(),
    createdAtMs: Instant,
    startedAtMs: Instant.nullable(),
    endedAtMs: Instant.nullable(),
  })
  .meta({ id: "Transfer" });
export type Transfer = z.output<typeof Transfer>;

const admin = { auth: "admin", idempotent: true } as const;
const one = { input: z.object({ id: Id }), output: Transfer } as const;

/** Moves, copies, checks and repairs objects in and between stores, while everything goes on being read. */
export const transfer = service("transfer", 1, {
  start: command({
    auth: "admin",
    idempotent: false,
    http: "POST /api/v1/transfer",
    summary:
      "Begins to move or copy objects from one store to another, or to check or repair those of one. Every copy is read back and compared before the old one is let go.",
    input: z.object({
      kind: Kind,
      from: StoreName,
      to: StoreName.optional(),
      ...which,
      /** At most, also where the instance's own limit is higher. */
      bytesPerSecond: z.int().positive().optional(),
    }),
    output: Transfer,
    errors: [UnknownStore, TwoStores],
  }),
  list: query({
    auth: "admin",
    http: "GET /api/v1/transfer",
    summary: "Transfers under way and those that were, latest first.",
    input: z.object(pageInput),
    output: page(Transfer),
  }),
  stores: query({
    auth: "admin",
    http: "GET /api/v1/transfer/stores",
    summary: "The stores there are, whether they can be written to, and what goes where by itself.",
    input: z.object({}),
    output: z.object({
      items: z.array(
        z
          .object({
            name: z.string(),
            /** Where new content goes that no rule sends elsewhere. */
            isDefault: z.boolean(),
            isReady: z.boolean(),
            reason: z.string().nullable(),
            /** Uploads are moved here by themselves. */
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
      "Objects that are damaged right now and that no store has whole, the first two hundred: nobody is given them, and their bytes are kept.",
    input: z.object({}),
    output: z.object({
      items: z.array(DamagedObject),
    }),
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
    summary: "Lets a transfer rest; nothing that was done is lost.",
    ...one,
    errors: [TransferNotFound, TransferOver],
  }),
  resume: command({
    ...admin,
    http: "POST /api/v1/transfer/:id/resume",
    summary: "Goes on with a transfer that rests or failed; what failed in it is tried again.",
    ...one,
    errors: [TransferNotFound, TransferOver],
  }),
  cancel: command({
    ...admin,
    http: "POST /api/v1/transfer/:id/cancel",
    summary: "Ends a transfer; what was moved stays moved, what was copied stays in both stores.",
    ...one,
    errors: [TransferNotFound, TransferOver],
  }),
  /**
   * Asks for one stored file to be moved, by its hash, from one store or from wherever it is. Asked again it is the same
   * task; `isKnown` says whether there is such content.
   */
  request: command({
    auth: "service",
    idempotent: true,
    input: z.object({ hash: ContentHash, from: StoreName.optional(), to: StoreName }),
    output: z.object({ isKnown: z.boolean() }),
    errors: [UnknownStore, TwoStores],
  }),
});

/** An object is in another store: moved there, where `isCopy` is false. */
export const fileTransferred = event(
  "file.transferred.v1",
  z.object({ hash: z.string(), space: Space, from: z.string(), to: z.string(), isCopy: z.boolean() }),
);
