import { type Call, callerOf, type Client, type Handlers, type Host } from "#kernel";
import type { upload } from "#services/upload/contract";
import { type drive, EntryNotFound } from "../contract.ts";
import * as listingStore from "./listing-store.ts";
import { entryState } from "./entry-events.ts";
import { nameKey, queryGrams } from "./names.ts";
import { presentEntry } from "./presenter.ts";
import * as treeStore from "./tree-store.ts";
import type { Tree } from "./tree.ts";
import * as store from "../store.ts";

interface ListingParts {
  readonly tree: Tree;
  readonly uploads: Client<typeof upload>;
  /** A call on behalf of the same user. */
  readonly userCall: (call: Call) => Call;
}

type ListingHost = Pick<Host<store.Tables, { readonly trashMs: number }>, "db" | "settings">;
type Listing = Pick<
  Handlers<typeof drive>,
  "list" | "get" | "path" | "search" | "recent" | "usage" | "placed" | "batch"
>;

/** Queries of a user's tree. */
export const createListing = ({ db, settings }: ListingHost, { tree, uploads, userCall }: ListingParts): Listing => ({
  async list({ folderId, ...page }, call) {
    const userId = callerOf(call);
    const reader = db.read(call);
    const parentId = await tree.folder(reader, userId, folderId);
    const { items, ...paging } = await listingStore.listFolder(reader, userId, parentId, page);
    return { items: items.map(presentEntry), ...paging };
  },

  async get({ id }, call) {
    const userId = callerOf(call);
    const reader = db.read(call);
    const row = await store.byId(reader, userId, id);
    const isReachable = row && (row.trashId !== null || (await treeStore.isReachable(reader, userId, id)));
    if (!isReachable) throw EntryNotFound({});
    return presentEntry(row);
  },

  async path({ id }, call) {
    const rows = await treeStore.ancestry(db.read(call), callerOf(call), id);
    if (rows[0]?.parentId !== store.rootId) throw EntryNotFound({});
    return { items: rows.map(presentEntry) };
  },

  async search({ q, limit }, call) {
    const userId = callerOf(call);
    const text = nameKey(q);
    const grams = queryGrams(userId, text);
    const rows = await listingStore.searchNames(db.read(call), userId, { text, grams, limit });
    return { items: rows.map(presentEntry) };
  },

  placed: async ({ ids }, call) => {
    const entries = await treeStore.findPlaced(db.read(call), callerOf(call), ids);
    const items = entries.map(({ row, folders }) => ({
      ...presentEntry(row),
      folders: folders.map(({ id, name }) => ({ id, name })),
    }));
    return { items };
  },

  async batch({ after, limit }) {
    const rows = await listingStore.entriesAfter(db, after, limit);
    return { items: rows.map((row) => ({ ...entryState(row), userId: row.userId })) };
  },

  async recent(page, call) {
    const { items, ...paging } = await listingStore.recent(db.read(call), callerOf(call), page);
    return { items: items.map(presentEntry), ...paging };
  },

  async usage(_, call) {
    const [sums, space] = await Promise.all([
      listingStore.usage(db.read(call), callerOf(call)),
      uploads.usage({}, userCall(call)),
    ]);
    const { usedBytes, reservedBytes, quotaBytes } = space;
    const live = sums.filter(({ isTrashed }) => !isTrashed);
    const trashed = sums.filter(({ isTrashed, kind }) => isTrashed && kind !== "folder");
    return {
      folders: live.find(({ kind }) => kind === "folder")?.entries ?? 0,
      kinds: live
        .filter(({ kind }) => kind !== "folder")
        .map(({ kind, entries, sizeBytes }) => ({ kind, files: entries, sizeBytes })),
      trash: {
        files: trashed.reduce((sum, { entries }) => sum + entries, 0),
        sizeBytes: trashed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      },
      usedBytes,
      reservedBytes,
      quotaBytes,
      trashKeptMs: settings.trashMs,
    };
  },
});
