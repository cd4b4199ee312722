import type { Db, Id } from "#kernel";
import type { z } from "zod";
import { type Content, EntryNotFound, entriesAtOnceMax, NotAFile, ShareNotFound, TooMany } from "../contract.ts";
import { freeName, nameKey } from "../tree/names.ts";
import { type Shares, visitMs } from "../shares/shares.ts";
import * as treeStore from "../tree/tree-store.ts";
import * as store from "../store.ts";
import type { Claims, Tickets, Visited } from "./tickets.ts";

/** How long an address of a file may be good, and is where nobody says. */
const linkMs = { least: 1_000, most: 7 * 86_400_000, usual: 3_600_000 };
const batch = 500;

type Standing = Pick<Visited, "owner" | "share" | "generation">;

interface DownloadsParts {
  readonly db: Db<store.Tables>;
  readonly nextId: () => Id;
  readonly now: () => number;
  readonly shares: Shares;
  readonly tickets: Tickets;
}

/** Who may have which bytes: owners by who they are, everybody else by a ticket, which is looked into each time. */
export function downloadsOf({ db, nextId, now, shares, tickets }: DownloadsParts) {
  /** Those of these that are live, and at or below what the link leads to; all of them, or none is told. */
  async function withinShare(visited: Standing, entryIds: readonly Id[]): Promise<store.Row[]> {
    const share = await shares.standing(visited);
    const { owner } = visited;
    const inside = share && (await treeStore.within(db, owner, entryIds, share.entryId));
    return inside?.size === new Set(entryIds).size ? store.byIds(db, owner, entryIds) : [];
  }

  function visitOf(ticket: string): Visited {
    const claims = tickets.read(ticket);
    if (claims?.kind !== "visit") throw ShareNotFound({});
    return claims;
  }

  async function rowFor(id: Id, claims: Claims): Promise<store.Row | undefined> {
    if (claims.kind === "visit") return (await withinShare(claims, [id]))[0];
    if (claims.kind !== "file" || claims.entry !== id) return undefined;
    const row = await store.liveById(db, claims.owner, id);
    return row?.sha256 === claims.sha256 ? row : undefined;
  }

  /** Top names that are not there twice: things of several folders come side by side. */
  async function topOf(rows: readonly store.Row[]): Promise<{ id: Id; name: string }[]> {
    const taken = new Set<string>();
    const top: { id: Id; name: string }[] = [];
    for (const { id, name, rank } of rows) {
      const free = await freeName(
        name,
        rank === store.folderRank,
        async (keys) => new Set(keys.filter((key) => taken.has(key))),
      );
      taken.add(nameKey(free));
      top.push({ id, name: free });
    }
    return top;
  }

  async function zipLink(owner: Id, rows: readonly store.Row[], visited?: Visited) {
    const some = await treeStore.tree(
      db,
      owner,
      rows.map(({ id }) => ({ id, name: "" })),
      entriesAtOnceMax,
    );
    if (some.length > entriesAtOnceMax) throw TooMany({ entriesMax: entriesAtOnceMax });
    const zip = nextId();
    const untilMs = now() + visitMs;
    await db.tx(async (tx) => {
      if (!(await store.lockDrive(tx, owner))) throw EntryNotFound({});
      await store.insertZip(tx, {
        id: zip,
        user_id: owner,
        entry_ids: rows.map(({ id }) => id),
        expires_at_ms: untilMs,
      });
    });
    const visit = visited && { share: visited.share, generation: visited.generation, visit: visited.visit };
    const ticket = tickets.write({ kind: "zip", owner, zip, untilMs, ...(visit && { visit }) });
    return { url: `/api/v1/drive/zip?ticket=${ticket}`, expiresAtMs: untilMs };
  }

  return {
    visitOf,

    /** The folder a visit looks into: the one the link leads to where none is named. @throws ShareNotFound */
    async folderOf(visited: Visited, folderId: Id | undefined): Promise<Id> {
      const share = await shares.standing(visited);
      const [row] = share ? await withinShare(visited, [folderId ?? share.entryId]) : [];
      if (row?.rank !== store.folderRank) throw ShareNotFound({});
      return row.id;
    },

    async link(userId: Id, id: Id, expiresInMs: number | undefined, inline: boolean) {
      const row = await store.liveById(db, userId, id);
      if (!row) throw EntryNotFound({});
      if (row.sha256 === null) throw NotAFile({});
      const lifeMs = Math.min(Math.max(expiresInMs ?? linkMs.usual, linkMs.least), linkMs.most);
      const untilMs = now() + lifeMs;
      const ticket = tickets.write({ kind: "file", owner: userId, entry: id, sha256: row.sha256, untilMs });
      const url = `/api/v1/drive/${id}/content?${inline ? "inline=1&" : ""}ticket=${ticket}`;
      return { url, expiresAtMs: untilMs };
    },

    /** @throws EntryNotFound whatever is wrong with the ticket */
    async content(
      id: Id,
      by: { readonly ticket?: string | undefined; readonly userId?: Id | undefined },
      isDownload: boolean,
    ): Promise<z.input<typeof Content>> {
      const claims = by.ticket === undefined ? undefined : tickets.read(by.ticket);
      const row =
        by.ticket === undefined
          ? by.userId && (await store.liveById(db, by.userId, id))
          : claims && (await rowFor(id, claims));
      const owner = claims?.owner ?? by.userId;
      if (!row || row.key === null || !owner || !(await treeStore.isReachable(db, owner, id))) throw EntryNotFound({});
      if (claims?.kind === "visit") await shares.count(claims, `file:${id}`, isDownload);
      const { key, sizeBytes, mime, name, uploadedAtMs } = row;
      return { key, sizeBytes, mime, name, changedAtMs: uploadedAtMs };
    },

    async zip(userId: Id, ids: readonly Id[]) {
      const rows = await store.byIds(db, userId, ids);
      if (rows.length === 0 || rows.length < new Set(ids).size) throw EntryNotFound({});
      return zipLink(userId, rows);
    },

    async zipShared(ticket: string, ids: readonly Id[]) {
      const visited = visitOf(ticket);
      const share = await shares.standing(visited);
      if (!share) throw ShareNotFound({});
      const rows = await withinShare(visited, ids.length === 0 ? [share.entryId] : ids);
      if (rows.length === 0) throw EntryNotFound({});
      return zipLink(visited.owner, rows, visited);
    },

    /** What is in an archive, as it is now. */
    async *zipEntries(ticket: string, isDownload: boolean) {
      const claims = tickets.read(ticket);
      if (claims?.kind !== "zip") throw EntryNotFound({});
      const { owner, visit, zip: zipId } = claims;
      const zip = await store.zip(db, owner, zipId);
      if (!zip) throw EntryNotFound({});
      if (visit) {
        const visited = { owner, ...visit };
        if ((await withinShare(visited, zip.entryIds)).length === 0) throw EntryNotFound({});
        await shares.count(visited, `zip:${zipId}`, isDownload);
      }
      const rows = await store.byIds(db, owner, zip.entryIds);
      if (rows.length === 0) throw EntryNotFound({});
      const all = await treeStore.tree(db, owner, await topOf(rows), entriesAtOnceMax);
      if (all.length > entriesAtOnceMax) throw TooMany({ entriesMax: entriesAtOnceMax });
      const [only] = rows;
      const name = `${rows.length === 1 && only ? only.name : "files"}.zip`;
      for (let at = 0; at < all.length; at += batch)
        yield {
          name,
          entries: all
            .slice(at, at + batch)
            .map(({ path, key, sizeBytes, changedAtMs }) => ({ path, key, sizeBytes, changedAtMs })),
        };
    },
  };
}
