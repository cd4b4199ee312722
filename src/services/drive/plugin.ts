import {
  audited,
  type Call,
  callerOf,
  type Client,
  type Host,
  type Id,
  KinoraError,
  on,
  plugin,
  type Tx,
} from "#kernel";
import { countsOf } from "#kernel/db/counts";
import { userDeleted, userErased } from "#policy/deleted-users";
import { media, UnsupportedMedia } from "#services/media/contract";
import { fileUploaded, type StoredFile, upload } from "#services/upload/contract";
import { z } from "zod";
import { drive, EntryNotFound, fileReleased, NotAFile, SharedEntry } from "./contract.ts";
import { copiesOf } from "./tree/copies.ts";
import { copying } from "./tree/copy-job.ts";
import { digesting } from "./files/digests.ts";
import { downloadsOf } from "./files/downloads.ts";
import { executingOf } from "./tree/batch.ts";
import { filesOf, kept } from "./files/files.ts";
import { migrations } from "./migrations.ts";
import { gramsWanted, nameKey } from "./tree/names.ts";
import { sharesOf, shownShare, visitMs } from "./shares/shares.ts";
import * as checkStore from "./check-store.ts";
import * as contentStore from "./files/content-store.ts";
import * as listingStore from "./tree/listing-store.ts";
import * as shareStore from "./shares/share-store.ts";
import * as trashStore from "./trash/trash-store.ts";
import * as treeStore from "./tree/tree-store.ts";
import * as store from "./store.ts";
import { each } from "./tree/outcomes.ts";
import { trashOf } from "./trash/trash.ts";
import { ticketsOf } from "./files/tickets.ts";
import { checkedName, shown, treeOf } from "./tree/tree.ts";

const dayMs = 86_400_000;
const Settings = z.object({
  /** What is in the trash for longer is deleted for good. */
  trashMs: z
    .int()
    .positive()
    .default(30 * dayMs),
});
/** As long as news of a file may be late. */
const releasedMs = 7 * dayMs;

export const drivePlugin = plugin({
  contract: drive,
  needs: [upload, media],
  migrations,
  events: [audited, userErased, fileReleased],
  settings: Settings,
  async start(host: Host<store.Tables, z.output<typeof Settings>>) {
    const { db, emit, nextId, now, random, cache, jobs, settings, client, call, secret } = host;
    const tickets = ticketsOf(await secret("tickets"), now);
    const tree = treeOf({
      nextId,
      now,
      settleSoon: (tx, userId, id) => jobs.add(tx, "settle", { payload: { userId, id } }),
    });
    const files = filesOf({ tree, nextId, now, emit });
    const execute = executingOf({ db, tree, files });
    const shares = sharesOf({ db, emit, nextId, now, random, cache, tickets });
    const downloads = downloadsOf({ db, nextId, now, shares, tickets });
    const uploads: Client<typeof upload> = client(upload);
    const digests = digesting(db, uploads, now);

    const within = ({ traceId, signal, userId }: Call, more: Partial<Call> = {}) =>
      call({ traceId, signal, ...(userId !== undefined && { userId }), ...more });

    /** The caller's file. @throws EntryNotFound where it is somebody else's */
    async function fileOf(id: Id, asked: Call): Promise<StoredFile> {
      const file = await uploads.file({ id }, within(asked)).catch((error: unknown) => {
        throw error instanceof KinoraError && error.kind === "not_found" ? EntryNotFound({}) : error;
      });
      if (file.userId !== asked.userId) throw EntryNotFound({});
      return file;
    }

    /** A live entry of the caller's that is a file. */
    async function ownFile(id: Id, asked: Call): Promise<store.Row & { readonly fileId: Id }> {
      const row = await store.liveById(db, callerOf(asked), id);
      if (!row) throw EntryNotFound({});
      if (row.fileId === null) throw NotAFile({});
      return { ...row, fileId: row.fileId };
    }

    const bin = trashOf(host, { tree, files });
    const copies = copiesOf({ db, nextId, now, jobs, tree, files, uploads, within });

    return {
      handlers: {
        async list({ folderId, ...page }, asked) {
          const userId = callerOf(asked);
          const reader = db.read(asked);
          const parentId = await tree.folder(reader, userId, folderId);
          const { items, ...rest } = await listingStore.listed(reader, userId, parentId, page);
          return { items: items.map(shown), ...rest };
        },

        async get({ id }, asked) {
          const userId = callerOf(asked);
          const reader = db.read(asked);
          const row = await store.byId(reader, userId, id);
          const isThere = row && (row.trashId !== null || (await treeStore.isReachable(reader, userId, id)));
          if (!isThere) throw EntryNotFound({});
          return shown(row);
        },

        async path({ id }, asked) {
          const rows = await treeStore.ancestry(db.read(asked), callerOf(asked), id);
          if (rows[0]?.parentId !== store.rootId) throw EntryNotFound({});
          return { items: rows.map(shown) };
        },

        async search({ q, limit }, asked) {
          const userId = callerOf(asked);
          const text = nameKey(q);
          const rows = await listingStore.found(db.read(asked), userId, {
            text,
            grams: gramsWanted(userId, text),
            limit,
          });
          return { items: rows.map(shown) };
        },

        async recent(page, asked) {
          const { items, ...rest } = await listingStore.recent(db.read(asked), callerOf(asked), page);
          return { items: items.map(shown), ...rest };
        },

        async usage(_, asked) {
          const [sums, space] = await Promise.all([
            listingStore.usage(db.read(asked), callerOf(asked)),
            uploads.usage({}, within(asked)),
          ]);
          const { usedBytes, reservedBytes, quotaBytes } = space;
          const live = sums.filter(({ isTrashed }) => !isTrashed);
          const gone = sums.filter(({ isTrashed, kind }) => isTrashed && kind !== "folder");
          return {
            folders: live.find(({ kind }) => kind === "folder")?.entries ?? 0,
            kinds: live
              .filter(({ kind }) => kind !== "folder")
              .map(({ kind, entries, sizeBytes }) => ({ kind, files: entries, sizeBytes })),
            trash: {
              files: gone.reduce((sum, { entries }) => sum + entries, 0),
              sizeBytes: gone.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
            },
            usedBytes,
            reservedBytes,
            quotaBytes,
            trashKeptMs: settings.trashMs,
          };
        },

        async createFolder({ name: given, folderId, conflict }, asked) {
          const userId = callerOf(asked);
          const name = checkedName(given);
          return db.answer(async (tx) => {
            tree.checkRoom(await tree.lock(tx, userId), 1);
            const place = { userId, parentId: await tree.folder(tx, userId, folderId) };
            await tree.checkDepth(tx, place, 1);
            const free = await tree.nameIn(tx, place, { name, isFolder: true }, conflict);
            return shown(await tree.insertFolder(tx, place, free ?? name));
          });
        },

        async makePath({ path, folderId }, asked) {
          const userId = callerOf(asked);
          const names = path.split("/").map(checkedName);
          return db.tx(async (tx) => {
            tree.checkRoom(await tree.lock(tx, userId), names.length);
            let parentId = await tree.folder(tx, userId, folderId);
            await tree.checkDepth(tx, { userId, parentId }, names.length);
            let last: store.Row | undefined;
            for (const name of names) {
              last = await tree.ensureFolder(tx, { userId, parentId }, name);
              parentId = last.id;
            }
            if (!last) throw EntryNotFound({});
            return shown(last);
          });
        },

        async rename({ id, name, conflict }, asked) {
          const given = checkedName(name);
          return shown(await db.tx((tx) => tree.rename(tx, callerOf(asked), id, given, conflict)));
        },

        async move({ ids, folderId, conflict }, asked) {
          const userId = callerOf(asked);
          await tree.folder(db, userId, folderId);
          return each(ids, async (id) => ({
            entry: shown(await db.tx((tx) => tree.move(tx, userId, id, folderId, conflict))),
          }));
        },

        async copy({ ids, folderId, conflict }, asked) {
          const userId = callerOf(asked);
          await tree.folder(db, userId, folderId);
          return each(ids, (id) => copies.copy(id, folderId, conflict, asked));
        },

        async task({ id }, asked) {
          const found = await store.copyOf(db, callerOf(asked), id);
          if (!found) throw EntryNotFound({});
          const { status, done, total, code, message } = found;
          const progress = status === "done" ? 100 : Math.min(99, Math.floor((100 * done) / Math.max(1, total)));
          return { id, status, progress, error: code === null ? null : { code, message: message ?? "" } };
        },

        ...bin.handlers,

        link: ({ id, expiresInMs, inline }, asked) => downloads.link(callerOf(asked), id, expiresInMs, inline),
        zip: ({ ids }, asked) => downloads.zip(callerOf(asked), ids),

        async publish({ id, title }, asked) {
          const row = await ownFile(id, asked);
          if (row.kind === "other") throw UnsupportedMedia({});
          const { fileId, name } = row;
          const copied = await uploads.copy({ fileId, name, purpose: "media" }, within(asked));
          const made = await client(media).upload({ fileId: copied.id }, within(asked));
          return { mediaId: made.id, title: title || name.replace(/(?<=.)\.[^.]{1,31}$/, "") };
        },

        async fromMedia({ mediaId, folderId }, asked) {
          const userId = callerOf(asked);
          const { fileId } = await client(media).original({ id: mediaId }, within(asked));
          await tree.folder(db, userId, folderId);
          return copies.bring({ fileId }, folderId, "rename", asked);
        },

        async share({ id, ...terms }, asked) {
          const userId = callerOf(asked);
          if (!(await store.liveById(db, userId, id))) throw EntryNotFound({});
          return shares.make(userId, id, terms);
        },
        async shares({ entryId, ...page }, asked) {
          const { items, ...rest } = await shareStore.sharesOf(db, callerOf(asked), entryId, page);
          return { items: items.map(shownShare), ...rest };
        },
        updateShare: ({ id, ...terms }, asked) => shares.update(callerOf(asked), id, terms),
        renewShare: ({ id }, asked) => shares.renew(callerOf(asked), id),
        async unshare({ id }, asked) {
          await shares.remove(callerOf(asked), id);
          return {};
        },

        async openShare({ token, password }, { source }) {
          const { entry, ...visit } = await shares.open(token, password, source);
          return { ...visit, entry: SharedEntry.parse(shown(entry)) };
        },
        async sharedEntries({ ticket, folderId, ...page }) {
          const visited = downloads.visitOf(ticket);
          const parentId = await downloads.folderOf(visited, folderId);
          const { items, ...rest } = await listingStore.listed(db, visited.owner, parentId, page);
          return { items: items.map((row) => SharedEntry.parse(shown(row))), ...rest };
        },
        zipShared: ({ ticket, ids }) => downloads.zipShared(ticket, ids),

        async place({ fileId }, asked) {
          const known = await store.byFile(db, callerOf(asked), fileId);
          if (known && !known.isPurged) return shown(known);
          const file = await fileOf(fileId, asked);
          const row = await db.tx((tx) => files.place(tx, file));
          return shown(row);
        },

        async keep({ fileId, name }, asked) {
          const file = await fileOf(fileId, asked);
          const row = await db.tx((tx) => files.keep(tx, file, name));
          return kept(await digests.known(row, within(asked)));
        },

        byHash: async ({ hash }, asked) => kept(await byHash(hash, asked)),

        async renameByHash({ hash, name }, asked) {
          const given = checkedName(name);
          const { id } = await byHash(hash, asked);
          const userId = callerOf(asked);
          const row = await db.tx(async (tx) => {
            await tree.lock(tx, userId);
            const locked = await store.liveById(tx, userId, id);
            if (!locked) throw EntryNotFound({});
            return files.renamed(tx, locked, userId, given, false);
          });
          return kept(row);
        },

        async library({ limit, offset }, asked) {
          const rows = await listingStore.library(db, callerOf(asked), limit, offset);
          return { items: (await digests.ofAll(rows, within(asked))).map(kept) };
        },

        async execute(given, asked) {
          // Hashes that were worked out since are learnt before: no question leaves a transaction.
          for (const action of given.actions)
            if (action.kind !== "list") await byHash(action.hash, asked).catch(() => undefined);
          return { items: await execute(given, callerOf(asked)) };
        },

        content: ({ id, ticket, isDownload }, { userId }) => downloads.content(id, { ticket, userId }, isDownload),
        zipEntries: ({ ticket, isDownload }) => downloads.zipEntries(ticket, isDownload),
      },

      subscriptions: [
        // Whoever took the file asks for its place at once. The event is the net below, for when they died before that.
        on(
          fileUploaded,
          async (tx: Tx<store.Tables>, { purpose, fileId: id, hash: sha256, location: key, ...file }) => {
            if (purpose !== "drive") return;
            try {
              await files.place(tx, { ...file, id, sha256, key });
            } catch (error) {
              if (!(error instanceof KinoraError)) throw error;
              // Deleted for good already, or more than can be kept: nobody would ever find it again.
              if (await trashStore.isReleased(tx, id)) return;
              await trashStore.release(tx, [id], now());
              await files.letGo(tx, file.userId, [id]);
            }
          },
        ),
        on(userDeleted, async (tx: Tx<store.Tables>, { userId }) => {
          await store.closeDrive(tx, userId);
          await jobs.add(tx, "purge", { payload: { userId, isAll: true } });
        }),
      ],

      jobs: [copying({ db, call }, { tree, files, uploads }), ...bin.jobs],

      async *verify() {
        yield* await checkStore.contradictions(db);
        yield* digests.unknownFiles(call({ waitMs: 600_000 }));
      },

      schedules: [
        bin.schedule,
        { name: "drive.digests", pattern: "*/5 * * * *", run: (signal) => digests.sweep(call({ signal })) },
        {
          name: "drive.forget",
          pattern: "41 * * * *",
          run: () => db.tx((tx) => store.forget(tx, { nowMs: now(), ticketMs: 2 * visitMs, releasedMs })),
        },
      ],
    };

    async function byHash(
      { kind, hex }: { kind: "sha256" | "sha1" | "md5"; hex: string },
      asked: Call,
    ): Promise<store.Row> {
      const userId = callerOf(asked);
      const find = () => contentStore.byHash(db, userId, kind, hex);
      let row = await find();
      // It may be there under hashes that were worked out since it came.
      if (!row && kind !== "sha256" && (await digests.learn(userId, within(asked)))) row = await find();
      if (!row) throw EntryNotFound({});
      return row;
    }
  },
  derived: ({ db }) => [countsOf(db, checkStore.counts)],
});
