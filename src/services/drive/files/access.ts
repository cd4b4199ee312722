import type { Db, Id } from "#kernel";
import { ShareNotFound } from "../contract.ts";
import type { Visits } from "../shares/visits.ts";
import * as treeStore from "../tree/tree-store.ts";
import * as store from "../store.ts";
import type { Claims, Tickets, Visited } from "../shares/tickets.ts";

interface AccessParts {
  readonly db: Db<store.Tables>;
  readonly visits: Visits;
  readonly tickets: Tickets;
}

/** The entries that a ticket gives access to, by the present state of its share. */
export interface Access {
  /** The rows of these entries where all are live, and at or below the shared entry; else none. */
  readonly sharedRows: (
    visited: Pick<Visited, "owner" | "share" | "generation">,
    entryIds: readonly Id[],
  ) => Promise<store.Row[]>;
  /** @throws ShareNotFound where it is no ticket of a visit */
  readonly visitOf: (ticket: string) => Visited;
  /** The row of a file, where these claims give access to it. */
  readonly fileRow: (id: Id, claims: Claims) => Promise<store.Row | undefined>;
  /** The folder a visit lists: the shared one where none is named. @throws ShareNotFound */
  readonly folderOf: (visited: Visited, folderId: Id | undefined) => Promise<Id>;
}

export function createAccess({ db, visits, tickets }: AccessParts): Access {
  async function sharedRows(
    visited: Pick<Visited, "owner" | "share" | "generation">,
    entryIds: readonly Id[],
  ): Promise<store.Row[]> {
    const share = await visits.validShare(visited);
    const { owner } = visited;
    const inside = share && (await treeStore.within(db, owner, entryIds, share.entryId));
    return inside?.size === new Set(entryIds).size ? store.byIds(db, owner, entryIds) : [];
  }

  return {
    sharedRows,

    visitOf(ticket: string): Visited {
      const claims = tickets.read(ticket);
      if (claims?.kind !== "visit") throw ShareNotFound({});
      return claims;
    },

    async fileRow(id: Id, claims: Claims): Promise<store.Row | undefined> {
      if (claims.kind === "visit") return (await sharedRows(claims, [id]))[0];
      if (claims.kind !== "file" || claims.entry !== id) return undefined;
      const row = await store.liveById(db, claims.owner, id);
      return row?.sha256 === claims.sha256 ? row : undefined;
    },

    async folderOf(visited: Visited, folderId: Id | undefined): Promise<Id> {
      const share = await visits.validShare(visited);
      const [row] = share ? await sharedRows(visited, [folderId ?? share.entryId]) : [];
      if (row?.rank !== store.folderRank) throw ShareNotFound({});
      return row.id;
    },
  };
}
