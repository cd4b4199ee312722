import type { Call, Client, Db, Id } from "#kernel";
import { upload } from "#services/upload/contract";
import * as contentStore from "./content-store.ts";
import * as store from "../store.ts";

/** Files asked about in one go. */
const batch = 200;
/** Of a user's files whose hashes are not known, the latest so many are asked about when somebody looks for one by it. */
const sweptMax = 1_000;
/** What was not known is asked about again after this long. */
const againMs = 10 * 60_000;

/** The hashes older clients know content by: the upload service works them out, sooner or later. */
export function digesting(db: Db<store.Tables>, uploads: Client<typeof upload>, now: () => number) {
  async function ask(fileIds: readonly Id[], call: Call): Promise<boolean> {
    if (fileIds.length === 0) return false;
    const { items } = await uploads.digests({ ids: [...fileIds] }, call);
    await db.tx((tx) => contentStore.noteDigests(tx, fileIds, items, now()));
    return items.some(({ md5, sha1 }) => md5 !== null || sha1 !== null);
  }

  return {
    /** Asks about the latest files of a user; whether anything new is known. */
    async learn(userId: Id, call: Call): Promise<boolean> {
      const rows = await contentStore.unhashed(db, batch, { userId });
      return ask(
        rows.flatMap(({ fileId }) => fileId ?? []),
        call,
      );
    },

    async known(row: store.Row, call: Call): Promise<store.Row> {
      const [same] = await this.ofAll([row], call);
      return same ?? row;
    },

    /** The rows with what is known by now. */
    async ofAll(rows: readonly store.Row[], call: Call): Promise<readonly store.Row[]> {
      const missing = rows.flatMap(({ fileId, sha1, md5 }) =>
        fileId !== null && (sha1 === null || md5 === null) ? [fileId] : [],
      );
      if (missing.length === 0) return rows;
      const { items } = await uploads.digests({ ids: missing }, call);
      await db.tx((tx) => contentStore.noteDigests(tx, missing, items, now()));
      const found = new Map(items.map((item) => [item.id, item]));
      return rows.map((row) => {
        const { md5 = null, sha1 = null } = found.get(row.fileId ?? 0) ?? {};
        return { ...row, md5: row.md5 ?? md5, sha1: row.sha1 ?? sha1 };
      });
    },

    /** Entries whose file the upload service does not know, each a sentence. */
    async *unknownFiles(call: Call): AsyncIterable<string> {
      for (let after = { userId: 0, id: 0 }; ; ) {
        const rows = await contentStore.filesAfter(db, after, batch);
        const { items } = await uploads.digests({ ids: rows.flatMap(({ fileId }) => fileId ?? []) }, call);
        const known = new Set(items.map(({ id }) => id));
        for (const { id, fileId } of rows)
          if (!known.has(fileId ?? 0)) yield `entry ${id} is file ${fileId}, which nobody has`;
        const last = rows.at(-1);
        if (!last || rows.length < batch) return;
        after = last;
      }
    },

    /** Asks about everybody's files, those never asked about first. */
    async sweep(call: Call): Promise<void> {
      const askedBeforeMs = now() - againMs;
      for (let seen = 0; seen < sweptMax && !call.signal.aborted; seen += batch) {
        const rows = await contentStore.unhashed(db, batch, { askedBeforeMs });
        await ask(
          rows.flatMap(({ fileId }) => fileId ?? []),
          call,
        );
        if (rows.length < batch) return;
      }
    },
  };
}
