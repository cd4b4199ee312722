import { callerOf, type Handlers, type Host } from "#kernel";
import { type drive, EntryNotFound, NotAFile } from "../contract.ts";
import type { Visits } from "../shares/visits.ts";
import * as treeStore from "../tree/tree-store.ts";
import * as store from "../store.ts";
import type { Access } from "./access.ts";
import type { Tickets } from "../shares/tickets.ts";

/** The lifetime of a link to a file: its bounds, and the default. */
const linkMs = { min: 1_000, max: 7 * 86_400_000, usual: 3_600_000 };

interface DownloadsParts {
  readonly access: Access;
  readonly visits: Visits;
  readonly tickets: Tickets;
}

/** The bytes of single files: for their owners, and for others by a ticket that is checked each time. */
export function createDownloads(
  { db, now }: Pick<Host<store.Tables>, "db" | "now">,
  { access, visits, tickets }: DownloadsParts,
): Pick<Handlers<typeof drive>, "link" | "content"> {
  return {
    async link({ id, expiresInMs, inline }, call) {
      const owner = callerOf(call);
      const row = await store.liveById(db, owner, id);
      if (!row) throw EntryNotFound({});
      if (row.sha256 === null) throw NotAFile({});
      const untilMs = now() + Math.min(Math.max(expiresInMs ?? linkMs.usual, linkMs.min), linkMs.max);
      const ticket = tickets.write({ kind: "file", owner, entry: id, sha256: row.sha256, untilMs });
      const url = `/api/v1/drive/${id}/content?${inline ? "inline=1&" : ""}ticket=${ticket}`;
      return { url, expiresAtMs: untilMs };
    },

    /** @throws EntryNotFound whatever is wrong with the ticket */
    async content({ id, ticket, isDownload }, { userId }) {
      const claims = ticket === undefined ? undefined : tickets.read(ticket);
      const row =
        ticket === undefined
          ? userId && (await store.liveById(db, userId, id))
          : claims && (await access.fileRow(id, claims));
      const owner = claims?.owner ?? userId;
      if (!row || row.key === null || !owner || !(await treeStore.isReachable(db, owner, id))) throw EntryNotFound({});
      if (claims?.kind === "visit") await visits.count(claims, `file:${id}`, isDownload);
      const { key, sizeBytes, mime, name, uploadedAtMs } = row;
      return { key, sizeBytes, mime, name, changedAtMs: uploadedAtMs };
    },
  };
}
