import { userDeleted, userErased } from "#events/auth";
import { entriesChanged, fileReleased } from "#events/drive";
import { audited, type Call, type Client, on, plugin, type Tx, handlersOf, joinHandlers } from "#kernel";
import { createCountProjection } from "#kernel/db/counts";
import { media } from "#services/media/contract";
import { upload } from "#services/upload/contract";
import { drive } from "./contract.ts";
import { createAccess } from "./files/access.ts";
import { createArchives } from "./files/archives.ts";
import { createArrivals } from "./files/arrivals.ts";
import { createDigests } from "./files/digests.ts";
import { createDownloads } from "./files/downloads.ts";
import { createFiles } from "./files/files.ts";
import { createLibrary } from "./operations/library.ts";
import { createPublication } from "./operations/publication.ts";
import { createTickets } from "./shares/tickets.ts";
import { migrations, partitionKeys } from "./migrations.ts";
import { presentSharedEntry } from "./shares/presenter.ts";
import { createOwnShares } from "./shares/shares.ts";
import { visitMs, createVisits } from "./shares/visits.ts";
import { createTrashJobs } from "./trash/jobs.ts";
import { createTrash } from "./trash/trash.ts";
import { createBatchRun } from "./operations/batch.ts";
import { createChanges } from "./operations/changes.ts";
import { createCopies } from "./operations/copies.ts";
import { createCopyJob } from "./operations/copy-job.ts";
import { createEntryEvents } from "./tree/entry-events.ts";
import { createListing } from "./tree/listing.ts";
import * as listingStore from "./tree/listing-store.ts";
import { createTree } from "./tree/tree.ts";
import * as checkStore from "./check-store.ts";
import { type DriveHost, Settings } from "./settings.ts";
import * as store from "./store.ts";

/** The longest an event of a file may be late. */
const releasedMs = 7 * 86_400_000;

export const drivePlugin = plugin({
  contract: drive,
  needs: [upload, media],
  migrations,
  partitionKeys,
  events: [audited, userErased, fileReleased, entriesChanged],
  keys: ["tickets"],
  settings: Settings,
  async start(host: DriveHost) {
    const { db, now, jobs, client, call: newCall, key } = host;
    const uploads: Client<typeof upload> = client(upload);
    const userCall = ({ traceId, signal, userId }: Call) =>
      newCall({ traceId, signal, ...(userId !== undefined && { userId }) });

    const tickets = createTickets(key("tickets"), now);
    const events = createEntryEvents(host);
    const tree = createTree({
      ...host,
      events,
      settleSoon: (tx, userId, id) => jobs.add(tx, "settle", { payload: { userId, id } }),
    });
    const files = createFiles({ ...host, tree, events });
    const copies = createCopies({ ...host, tree, files, uploads, userCall });
    const visits = createVisits(host, tickets);
    const access = createAccess({ db, visits, tickets });
    const digests = createDigests(db, uploads, now);
    const arrivals = createArrivals(host, { files, uploads, userCall });
    const trash = createTrash(host, tree);

    return {
      handlers: joinHandlers(
        createListing(host, { tree, uploads, userCall }),
        createChanges(host, { tree, copies }),
        trash.handlers,
        createDownloads(host, { access, visits, tickets }),
        createArchives(host, { access, visits, tickets }),
        createPublication(host, { tree, copies, uploads, userCall }),
        createOwnShares(host),
        createLibrary(host, {
          tree,
          files,
          arrivals,
          digests,
          runBatch: createBatchRun({ db, tree, files }),
          userCall,
        }),
        handlersOf(drive, {
          place: arrivals.place,
          openShare: visits.openShare,
          async sharedEntries({ ticket, folderId, ...page }) {
            const visited = access.visitOf(ticket);
            const parentId = await access.folderOf(visited, folderId);
            const { items, ...paging } = await listingStore.listFolder(db, visited.owner, parentId, page);
            return { items: items.map(presentSharedEntry), ...paging };
          },
        }),
      ),

      subscriptions: [
        arrivals.subscription,
        on(userDeleted, async (tx: Tx<store.Tables>, { userId }) => {
          await store.closeDrive(tx, userId);
          await jobs.add(tx, "purge", { payload: { userId, isAll: true } });
        }),
      ],

      jobs: [createCopyJob(host, { tree, files, uploads }), ...createTrashJobs(host, { tree, files, events })],

      async *verify() {
        yield* await checkStore.contradictions(db);
        yield* digests.unknownFiles(newCall({ waitMs: 600_000 }));
      },

      schedules: [
        trash.schedule,
        { name: "drive.digests", pattern: "*/5 * * * *", run: (signal) => digests.sweep(newCall({ signal })) },
        {
          name: "drive.forget",
          pattern: "41 * * * *",
          run: () => db.tx((tx) => store.deleteExpired(tx, { nowMs: now(), ticketMs: 2 * visitMs, releasedMs })),
        },
      ],
    };
  },
  projections: ({ db }) => [createCountProjection(db, checkStore.counts)],
});
