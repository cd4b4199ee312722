import type { Call, Client, Db, Id } from "#kernel";
import { upload } from "#services/upload/contract";
import * as contentStore from "./content-store.ts";
import * as store from "../store.ts";

/** Files of one request. */
const batch = 200;
/** Files of one sweep at most. */
const sweepMax = 1_000;
/** Digests that were not computed yet are requested again after this time. */
const retryMs = 10 * 60_000;

/** The digests by which older clients identify content; the upload service computes them in the background. */
export interface Digests {
  /** Fetches missing digests of the latest files of a user; whether any was new. */
  readonly learn: (userId: Id, call: Call) => Promise<boolean>;
  /** A row with its digests as far as they are computed. */
  readonly withDigests: (row: store.Row, call: Call) => Promise<store.Row>;
  /** Rows with their digests as far as they are computed. */
  readonly ofAll: (rows: readonly store.Row[], call: Call) => Promise<readonly store.Row[]>;
  /** Entries whose file the upload service does not know, a sentence for each. */
  readonly unknownFiles: (call: Call) => AsyncIterable<string>;
  /** Fetches missing digests of all users, those never requested first. */
  readonly sweep: (call: Call) => Promise<void>;
}

export function createDigests(db: Db<store.Tables>, uploads: Client<typeof upload>, now: () => number): Digests {
  async function fetchDigests(fileIds: readonly Id[], call: Call): Promise<boolean> {
    if (fileIds.length === 0) return false;
    const { items } = await uploads.digests({ ids: [...fileIds] }, call);
    await db.tx((tx) => contentStore.storeDigests(tx, fileIds, items, now()));
    return items.some(({ md5, sha1 }) => md5 !== null || sha1 !== null);
  }

  return {
    async learn(userId: Id, call: Call): Promise<boolean> {
      const rows = await contentStore.listUnhashed(db, batch, { userId });
      return fetchDigests(
        rows.flatMap(({ fileId }) => fileId ?? []),
        call,
      );
    },

    async withDigests(row: store.Row, call: Call): Promise<store.Row> {
      const [updated] = await this.ofAll([row], call);
      return updated ?? row;
    },

    async ofAll(rows: readonly store.Row[], call: Call): Promise<readonly store.Row[]> {
      const missing = rows.flatMap(({ fileId, sha1, md5 }) =>
        fileId !== null && (sha1 === null || md5 === null) ? [fileId] : [],
      );
      if (missing.length === 0) return rows;
      const { items } = await uploads.digests({ ids: missing }, call);
      await db.tx((tx) => contentStore.storeDigests(tx, missing, items, now()));
      const digests = new Map(items.map((item) => [item.id, item]));
      return rows.map((row) => {
        const { md5 = null, sha1 = null } = digests.get(row.fileId ?? 0) ?? {};
        return { ...row, md5: row.md5 ?? md5, sha1: row.sha1 ?? sha1 };
      });
    },

    async *unknownFiles(call: Call): AsyncIterable<string> {
      for (let after = { userId: 0, id: 0 }; ; ) {
        const rows = await contentStore.filesAfter(db, after, batch);
        const { items } = await uploads.digests({ ids: rows.flatMap(({ fileId }) => fileId ?? []) }, call);
        const knownIds = new Set(items.map(({ id }) => id));
        for (const { id, fileId } of rows)
          if (!knownIds.has(fileId ?? 0)) yield `entry ${id} is file ${fileId}, which the upload service does not know`;
        const last = rows.at(-1);
        if (!last || rows.length < batch) return;
        after = last;
      }
    },

    async sweep(call: Call): Promise<void> {
      const askedBeforeMs = now() - retryMs;
      for (let read = 0; read < sweepMax && !call.signal.aborted; read += batch) {
        const rows = await contentStore.listUnhashed(db, batch, { askedBeforeMs });
        await fetchDigests(
          rows.flatMap(({ fileId }) => fileId ?? []),
          call,
        );
        if (rows.length < batch) return;
      }
    },
  };
}
