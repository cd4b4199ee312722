import { callerOf, type Handlers, type Host, type Id } from "#kernel";
import { type drive, EntryNotFound, entriesAtOnceMax, ShareNotFound, TooMany } from "../contract.ts";
import { freeName, nameKey } from "../tree/names.ts";
import { visitMs, type Visits } from "../shares/visits.ts";
import * as treeStore from "../tree/tree-store.ts";
import * as store from "../store.ts";
import type { Access } from "./access.ts";
import type { Tickets, Visited } from "../shares/tickets.ts";

const batch = 500;

interface ArchivesParts {
  readonly access: Access;
  readonly visits: Visits;
  readonly tickets: Tickets;
}

/** Archives of several files and folders: for their owners, and for visitors of a share. */
export function createArchives(
  { db, nextId, now }: Pick<Host<store.Tables>, "db" | "nextId" | "now">,
  { access, visits, tickets }: ArchivesParts,
): Pick<Handlers<typeof drive>, "zip" | "zipShared" | "zipEntries"> {
  async function zipLink(owner: Id, rows: readonly store.Row[], visited?: Visited) {
    const tops = rows.map(({ id }) => ({ id, name: "" }));
    const entries = await treeStore.tree(db, owner, tops, entriesAtOnceMax);
    if (entries.length > entriesAtOnceMax) throw TooMany({ entriesMax: entriesAtOnceMax });
    const zip = nextId();
    const untilMs = now() + visitMs;
    const entry_ids = rows.map(({ id }) => id);
    await db.tx(async (tx) => {
      if (!(await store.lockDrive(tx, owner))) throw EntryNotFound({});
      await store.insertZip(tx, { id: zip, user_id: owner, entry_ids, expires_at_ms: untilMs });
    });
    const visit = visited && { share: visited.share, generation: visited.generation, visit: visited.visit };
    const ticket = tickets.write({ kind: "zip", owner, zip, untilMs, ...(visit && { visit }) });
    return { url: `/api/v1/drive/zip?ticket=${ticket}`, expiresAtMs: untilMs };
  }

  return {
    async zip({ ids }, call) {
      const userId = callerOf(call);
      const rows = await store.byIds(db, userId, ids);
      if (rows.length === 0 || rows.length < new Set(ids).size) throw EntryNotFound({});
      return zipLink(userId, rows);
    },

    async zipShared({ ticket, ids }) {
      const visited = access.visitOf(ticket);
      const share = await visits.validShare(visited);
      if (!share) throw ShareNotFound({});
      const rows = await access.sharedRows(visited, ids.length === 0 ? [share.entryId] : ids);
      if (rows.length === 0) throw EntryNotFound({});
      return zipLink(visited.owner, rows, visited);
    },

    /** The entries of an archive, as they are now. */
    async *zipEntries({ ticket, isDownload }) {
      const claims = tickets.read(ticket);
      if (claims?.kind !== "zip") throw EntryNotFound({});
      const { owner, visit, zip: zipId } = claims;
      const zip = await store.zip(db, owner, zipId);
      if (!zip) throw EntryNotFound({});
      if (visit) {
        const visited = { owner, ...visit };
        if ((await access.sharedRows(visited, zip.entryIds)).length === 0) throw EntryNotFound({});
        await visits.count(visited, `zip:${zipId}`, isDownload);
      }
      const rows = await store.byIds(db, owner, zip.entryIds);
      if (rows.length === 0) throw EntryNotFound({});
      const entries = await treeStore.tree(db, owner, await topNames(rows), entriesAtOnceMax);
      if (entries.length > entriesAtOnceMax) throw TooMany({ entriesMax: entriesAtOnceMax });
      const [only] = rows;
      const name = `${rows.length === 1 && only ? only.name : "files"}.zip`;
      for (let at = 0; at < entries.length; at += batch)
        yield {
          name,
          entries: entries
            .slice(at, at + batch)
            .map(({ path, key, sizeBytes, changedAtMs }) => ({ path, key, sizeBytes, changedAtMs })),
        };
    },
  };
}

/** Unique names at the top of an archive: entries of several folders lie side by side. Pure. */
async function topNames(rows: readonly store.Row[]): Promise<{ id: Id; name: string }[]> {
  const usedKeys = new Set<string>();
  const top: { id: Id; name: string }[] = [];
  for (const { id, name, rank } of rows) {
    const isFolder = rank === store.folderRank;
    const free = await freeName(name, isFolder, async (keys) => new Set(keys.filter((key) => usedKeys.has(key))));
    usedKeys.add(nameKey(free));
    top.push({ id, name: free });
  }
  return top;
}
