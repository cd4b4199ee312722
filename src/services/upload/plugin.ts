import { type Call, type Host, type Id, job, on, plugin, type Tx } from "#kernel";
import { removeOld } from "#kernel/blob/orphans";
import { damageOf, forgotten } from "#kernel/blob/verify";
import { SignInFirst } from "#kernel/errors";
import { userDeleted } from "#services/auth/contract";
import { mediaDeleted } from "#services/media/contract";
import { z } from "zod";
import {
  FileNotFound,
  fileDeleted,
  fileUploaded,
  QuotaExceeded,
  UploadInterrupted,
  UploadNotFound,
  UploadTooLarge,
  upload,
} from "./contract.ts";
import { migrations } from "./migrations.ts";
import { cleanName } from "./names.ts";
import { sweepUploads } from "./orphans.ts";
import { bytesLeft, reservation } from "./quota.ts";
import * as store from "./store.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const Settings = z.object({
  fileBytesMax: z
    .int()
    .positive()
    .default(20 * 2 ** 30),
  quotaBytes: z
    .int()
    .nonnegative()
    .default(20 * 2 ** 30),
  /** How long the bytes of what was deleted, and objects nobody refers to, are kept. */
  graceMs: z.int().nonnegative().default(dayMs),
});

/** An upload that was not completed gives its space back after this long. */
const sessionLifeMs = dayMs;
/** Long enough for any repeated request to find what the first one did. */
const sessionsKeptMs = 7 * dayMs;

export const uploadPlugin = plugin({
  contract: upload,
  needs: [],
  migrations,
  events: [fileUploaded, fileDeleted],
  settings: Settings,
  start({
    db,
    emit,
    nextId,
    now,
    blob,
    jobs,
    settings,
    log,
    environment,
    counter,
  }: Host<store.Tables, z.output<typeof Settings>>) {
    const { fileBytesMax, quotaBytes, graceMs } = settings;
    const uploaded = counter("upload_bytes_total", "bytes of files that were uploaded whole");

    /** Hides files at once and lets their bytes go after the grace time. */
    async function hide(tx: Tx<store.Tables>, by: { readonly id: Id } | { readonly userId: Id }): Promise<void> {
      for (const { id } of await store.hide(tx, by, now()))
        await jobs.add(tx, "purge", { payload: { fileId: id }, uniqueKey: String(id), delayMs: graceMs });
    }

    return {
      handlers: {
        async begin({ name, sizeBytes }, asked) {
          const userId = callerOf(asked);
          return db.tx(async (tx) => {
            const space = await store.lockSpace(tx, userId);
            if (!space) throw QuotaExceeded({ bytesLeft: 0 });
            const bytesMax = reservation(space, settings, sizeBytes);
            if (bytesMax === "too_large") throw UploadTooLarge({ bytesMax: fileBytesMax });
            if (bytesMax === "no_space") throw QuotaExceeded({ bytesLeft: bytesLeft(space, settings) });
            const id = nextId();
            await store.open(tx, {
              id,
              user_id: userId,
              name: cleanName(name),
              reserved_bytes: bytesMax,
              created_at_ms: now(),
            });
            return { id, bytesMax };
          });
        },

        async complete({ id, key, sha256, sizeBytes, mime, kind }, asked) {
          const userId = callerOf(asked);
          const { file, isNew } = await db.tx(async (tx) => {
            const space = await store.lockSpace(tx, userId);
            const session = await store.lockSession(tx, id, userId);
            if (!session || !space || key !== `upload/${sha256}`) throw UploadNotFound({});
            if (session.state === "completed") {
              const made = session.fileId === null ? undefined : await store.file(tx, session.fileId);
              if (!made) throw UploadNotFound({});
              return { file: made, isNew: false };
            }
            const wasOpen = session.state === "open";
            if (sizeBytes > fileBytesMax || (wasOpen && sizeBytes > session.reservedBytes))
              throw UploadTooLarge({ bytesMax: wasOpen ? session.reservedBytes : fileBytesMax });
            // What was released has nothing reserved any more.
            if (!wasOpen && sizeBytes > bytesLeft(space, settings))
              throw QuotaExceeded({ bytesLeft: bytesLeft(space, settings) });
            await store.lockKey(tx, key);
            const object = await blob.open(key);
            await object?.close();
            // The last file with these bytes was removed between their arrival and now: they have to come again.
            if (object?.sizeBytes !== sizeBytes) throw UploadInterrupted({});
            const fileId = nextId();
            const made = await store.settle(tx, id, {
              id: fileId,
              user_id: userId,
              key,
              sha256,
              size_bytes: sizeBytes,
              name: session.name,
              mime,
              kind,
              created_at_ms: now(),
            });
            await emit(tx, fileUploaded, fileId, {
              fileId,
              userId,
              hash: sha256,
              sizeBytes,
              kind,
              mime,
              location: key,
            });
            return { file: made, isNew: true };
          });
          if (isNew) uploaded.add(sizeBytes);
          return file;
        },

        async abandon({ id }, asked) {
          const userId = callerOf(asked);
          await db.tx((tx) => store.release(tx, id, userId));
          return {};
        },

        async file({ id }) {
          const found = await store.file(db, id);
          if (!found) throw FileNotFound({});
          return found;
        },

        async usage(_, asked) {
          return { ...(await store.spaceOf(db, callerOf(asked))), quotaBytes, fileBytesMax };
        },
      },

      subscriptions: [
        on(mediaDeleted, (tx: Tx<store.Tables>, { fileId }) => hide(tx, { id: fileId })),
        on(userDeleted, async (tx: Tx<store.Tables>, { userId }) => {
          await store.closeSpace(tx, userId);
          await hide(tx, { userId });
        }),
      ],

      jobs: [
        job<{ fileId: Id }>({
          kind: "purge",
          concurrency: 2,
          attemptsMax: 8,
          leaseMs: 30_000,
          run: (running) =>
            running.finish<store.Tables>(async (tx) => {
              const { fileId } = running.payload;
              const found = await store.hidden(tx, fileId);
              if (!found) return;
              const { key, sha256 } = found;
              await store.lockKey(tx, key);
              await store.forget(tx, fileId);
              // Before the commit: if this fails or the process dies, the row is still there and the job comes again.
              if (!(await store.referred(tx, [key])).has(key)) await removeOld(blob, key, now() - graceMs);
              await environment.failpoints.hit("purge.bytes_removed");
              await emit(tx, fileDeleted, fileId, { fileId, hash: sha256 });
            }),
        }),
      ],

      async *verify(scrutiny) {
        for (const { id, ...file } of await store.objects(db)) {
          const damage = await damageOf(blob, file, scrutiny);
          if (damage !== undefined) yield `file ${id}: ${damage}`;
        }
        yield* forgotten(blob, "upload", { nowMs: now(), graceMs }, (keys) => store.referred(db, keys));
      },

      schedules: [
        {
          name: "upload.sessions",
          pattern: "11 * * * *",
          run: () =>
            db.tx(async (tx) => {
              await store.releaseOld(tx, now() - sessionLifeMs);
              await store.forgetSessions(tx, now() - sessionsKeptMs);
            }),
        },
        {
          name: "upload.orphans",
          pattern: "29 * * * *",
          async run(signal) {
            const removed = await sweepUploads({ db, blob, signal, writtenBeforeMs: now() - graceMs });
            if (removed > 0) log.info("stored bytes that belonged to nothing were removed", { removed });
          },
        },
      ],
    };
  },
});

function callerOf({ userId }: Call): Id {
  if (userId === undefined) throw SignInFirst({});
  return userId;
}
