import { type Id, job, on, plugin, type Tx, callerOf } from "#kernel";
import { removeOld } from "#kernel/blob/orphans";
import { damageOf, forgotten } from "#kernel/blob/verify";
import { erase, userErased } from "#policy/deleted-users";
import { fileReleased } from "#services/drive/contract";
import { mediaDeleted } from "#services/media/contract";
import { chunkBytesFor, missingOf, rangesOf } from "./sessions/chunks.ts";
import { digestsOf } from "./completion/digests.ts";
import { directly } from "./sessions/direct.ts";
import { FileNotFound, fileDeleted, fileUploaded, QuotaExceeded, UploadNotFound, upload } from "./contract.ts";
import { finishing } from "./completion/completion.ts";
import { holding } from "./storage/references.ts";
import { importing } from "./imports/imports.ts";
import { instantly } from "./instant/instant.ts";
import { migrations } from "./migrations.ts";
import { cleanName } from "./sessions/file-name.ts";
import { sweepPieces, sweepUploads } from "./storage/orphans.ts";
import { bytesLeft } from "./sessions/quota.ts";
import { chunksOf, sessionsOf } from "./sessions/sessions.ts";
import { Settings, type UploadHost } from "./settings.ts";
import { finished, sessionOf, shown } from "./sessions/presenter.ts";
import * as contentStore from "./instant/content-store.ts";
import * as importStore from "./imports/import-store.ts";
import * as pieceStore from "./sessions/piece-store.ts";
import * as sessionStore from "./sessions/session-store.ts";
import * as store from "./store.ts";
import { writing } from "./sessions/writer-lease.ts";

const dayMs = 24 * 3_600_000;
/** Long enough for any repeated request to find what the first one did, and for late chunks to hear that it is over. */
const sessionsKeptMs = 7 * dayMs;
const importsKeptMs = 30 * dayMs;

export const uploadPlugin = plugin({
  contract: upload,
  needs: [],
  migrations,
  events: [userErased, fileUploaded, fileDeleted],
  settings: Settings,
  start(host: UploadHost) {
    const { db, emit, now, blob, jobs, settings, log, environment } = host;
    const { fileBytesMax, quotaBytes, graceMs, chunkBytesMax } = settings;
    const sessions = sessionsOf(host);
    const ends = finishing(host);
    const known = instantly(host, ends);
    const direct = directly(host);
    const imports = importing(host, { sessions, ends });

    /** Hides files at once and lets their bytes go after the grace time. */
    async function hide(tx: Tx<store.Tables>, by: { readonly id: Id } | { readonly userId: Id }): Promise<void> {
      for (const { id } of await store.hide(tx, by, now()))
        await jobs.add(tx, "purge", { payload: { fileId: id }, uniqueKey: String(id), delayMs: graceMs });
    }

    async function mine(id: Id, userId: Id): Promise<sessionStore.SessionRow> {
      const row = await sessionStore.session(db, id, userId);
      if (!row) throw UploadNotFound({});
      return row;
    }

    return {
      handlers: {
        async send({ fileId }, asked) {
          const file = await store.file(db, fileId);
          if (file?.userId !== callerOf(asked)) throw UploadNotFound({});
          return finished(fileId, file);
        },

        async init({ sha256, direct: isDirect, ...given }, asked) {
          const chunkBytes = chunkBytesFor(given.sizeBytes, chunkBytesMax);
          const hash = sha256 === undefined ? undefined : { kind: "sha256" as const, hex: sha256 };
          const address = isDirect ? await direct.address(given.sizeBytes) : undefined;
          const { row } = await sessions.open(
            {
              ...given,
              ...(hash && { hash }),
              door: "native",
              isPartial: false,
              chunkBytes: address ? Math.max(1, given.sizeBytes) : chunkBytes,
              ...(address && { metadata: address.metadata }),
            },
            asked,
          );
          const challenge = await known.challenge(row);
          return { upload: shown(row), challenge, direct: address?.request ?? null };
        },

        async complete({ id, sha256 }, asked) {
          const row = await mine(id, callerOf(asked));
          if (row.door !== "native") throw UploadNotFound({});
          await direct.arrived(row);
          const chunkCount = chunksOf(row);
          const hash = sha256 === undefined ? undefined : { kind: "sha256" as const, hex: sha256 };
          const file = await ends.finish(
            { id, onMismatch: "retry", ...(chunkCount && { chunkCount }), ...(hash && { hash }) },
            asked,
          );
          return finished(id, file);
        },

        async chunk(given, asked) {
          await sessions.chunk(given, asked);
          return { index: given.index, size: given.piece.sizeBytes };
        },

        status: async ({ id }, asked) => shown(await mine(id, callerOf(asked))),

        async chunks({ id }, asked) {
          const row = await mine(id, callerOf(asked));
          const indexes = (await pieceStore.pieces(db, row.id)).map(({ position }) => position);
          const count = chunksOf(row) ?? (indexes.at(-1) ?? -1) + 1;
          return { received: rangesOf(indexes), missing: missingOf(indexes, count) };
        },

        async list(page, asked) {
          const { items, ...rest } = await sessionStore.unfinished(db, callerOf(asked), page);
          return { items: items.map(shown), ...rest };
        },

        async cancel({ id }, asked) {
          await sessions.cancel(id, asked);
          return {};
        },

        prove: known.prove,
        instant: known.instant,

        async open(given, asked) {
          const { row, bytesMax } = await sessions.open(given, asked);
          return { session: sessionOf(row), bytesMax };
        },

        async session({ id, door, hash, isBrief }, asked) {
          const userId = callerOf(asked);
          const row =
            id !== undefined
              ? await sessionStore.session(db, id, userId)
              : door && hash && (await sessionStore.sessionByHash(db, userId, door, hash));
          if (!row || (door && row.door !== door)) throw UploadNotFound({});
          const pieces = isBrief ? [] : await pieceStore.pieces(db, row.id);
          return { session: sessionOf(row), indexes: pieces.map(({ position }) => position) };
        },

        async announce(given, asked) {
          await sessions.announce(given, asked);
          return {};
        },

        ...writing(host, sessions),
        ...holding(host),
        ...imports.handlers,

        finish: (given, asked) => ends.finish(given, asked),

        async abandon({ id }, asked) {
          const userId = callerOf(asked);
          await db.tx((tx) => sessionStore.release(tx, id, userId));
          return {};
        },

        async file({ id }) {
          const found = await store.file(db, id);
          if (!found) throw FileNotFound({});
          return found;
        },

        digests: async ({ ids }) => ({ items: await contentStore.digests(db, ids) }),

        async copy({ fileId, name, purpose, folderId, conflict }, asked) {
          const userId = callerOf(asked);
          return db.tx(async (tx) => {
            const space = await store.lockSpace(tx, userId);
            const file = await store.file(tx, fileId);
            if (!space || file?.userId !== userId) throw FileNotFound({});
            const left = bytesLeft(space, settings);
            if (file.sizeBytes > left) throw QuotaExceeded({ bytesLeft: left });
            const { key, sha256, sizeBytes, mime, kind } = file;
            const [content] = await contentStore.contentsOf(tx, { kind: "sha256", hex: sha256 });
            return ends.make(tx, {
              userId,
              name: name === undefined ? file.name : cleanName(name),
              purpose,
              folderId: folderId ?? null,
              conflict,
              mime,
              kind,
              stored: {
                key,
                sha256,
                sizeBytes,
                ...(content?.md5 && { md5: content.md5 }),
                ...(content?.sha1 && { sha1: content.sha1 }),
              },
            });
          });
        },

        async usage(_, asked) {
          return { ...(await store.spaceOf(db, callerOf(asked))), quotaBytes, fileBytesMax };
        },
      },

      subscriptions: [
        on(mediaDeleted, (tx: Tx<store.Tables>, { fileId }) => hide(tx, { id: fileId })),
        on(fileReleased, (tx: Tx<store.Tables>, { fileId }) => hide(tx, { id: fileId })),
        erase("upload", emit, async (tx: Tx<store.Tables>, { userId }) => {
          await store.closeSpace(tx, userId);
          await hide(tx, { userId });
          await store.forgetNames(tx, userId);
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
              await contentStore.lockKey(tx, key);
              await store.forget(tx, fileId);
              // Before the commit: if this fails or the process dies, the row is still there and the job comes again.
              if (!(await contentStore.referred(tx, [key])).has(key)) {
                await contentStore.forgetContent(tx, key);
                await removeOld(blob, key, now() - graceMs);
              }
              await environment.failpoints.hit("purge.bytes_removed");
              await emit(tx, fileDeleted, fileId, { fileId, hash: sha256 });
            }),
        }),
        imports.job,
        job<{ key: string }>({
          kind: "digest",
          concurrency: 1,
          attemptsMax: 5,
          leaseMs: 60_000,
          async run(running) {
            const { key } = running.payload;
            const found = await digestsOf(blob, key, running.signal);
            await running.finish<store.Tables>(async (tx) => {
              if (found) await contentStore.setDigests(tx, key, found.md5, found.sha1);
            });
          },
        }),
      ],

      async *verify(scrutiny) {
        for (const { id, ...file } of await contentStore.objects(db)) {
          const damage = await damageOf(blob, file, scrutiny);
          if (damage !== undefined) yield `file ${id}: ${damage}`;
        }
        for (const { sessionId, name, sizeBytes } of await pieceStore.allPieces(db)) {
          const found = await blob.salvage(name);
          if (found === undefined || found < sizeBytes)
            yield `upload ${sessionId}: a piece of it has ${found ?? 0} bytes instead of ${sizeBytes}`;
        }
        yield* forgotten(blob, "upload", { nowMs: now(), graceMs }, (keys) => contentStore.referred(db, keys));
      },

      schedules: [
        {
          name: "upload.sessions",
          pattern: "11 * * * *",
          async run() {
            const dropped = await db.tx(async (tx) => {
              const over = await sessionStore.overdue(tx, now());
              const names = [];
              for (const { id, state } of over)
                if (state === "expired") names.push(...(await pieceStore.dropPieces(tx, id)));
              await sessionStore.forgetSessions(tx, now() - sessionsKeptMs);
              await importStore.forgetImports(tx, now() - importsKeptMs);
              return names;
            });
            await blob.drop(dropped);
          },
        },
        {
          name: "upload.orphans",
          pattern: "29 * * * *",
          async run(signal) {
            const parts = { db, blob, signal, writtenBeforeMs: now() - graceMs };
            const removed = (await sweepUploads(parts)) + (await sweepPieces(parts));
            if (removed > 0) log.info("stored bytes that belonged to nothing were removed", { removed });
          },
        },
      ],
    };
  },
});
