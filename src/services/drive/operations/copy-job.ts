import { type Call, type Client, type Host, type Id, type Job, type JobKind, job, KinoraError } from "#kernel";
import type { StoredFile, upload } from "#services/upload/contract";
import { entriesAtOnceMax } from "../contract.ts";
import type { Files } from "../files/files.ts";
import * as treeStore from "../tree/tree-store.ts";
import * as store from "../store.ts";
import type { Tree } from "../tree/tree.ts";

/** A folder whose copy exists, and whose entries are still to be copied. */
export interface Copy {
  readonly copyId: Id;
  readonly userId: Id;
  readonly sourceId: Id;
  readonly targetId: Id;
}

interface CopyJobParts {
  readonly tree: Tree;
  readonly files: Files;
  readonly uploads: Client<typeof upload>;
}
/** Progress is stored after this many entries. */
const progressEvery = 50;

/**
 * Copies the entries of a folder one by one, without moving a byte. An interrupted job continues: an entry whose name
 * is taken was copied already. A file that was copied but not placed is returned again for its idempotency key.
 */
export function createCopyJob(
  { db, call: newCall }: Pick<Host<store.Tables>, "db" | "call">,
  { tree, files, uploads }: CopyJobParts,
): JobKind {
  async function work(running: Job<Copy>): Promise<void> {
    const { payload, signal, traceId } = running;
    const { copyId, userId, sourceId, targetId } = payload;
    const source = await store.liveById(db, userId, sourceId);
    const entries = source ? await treeStore.tree(db, userId, [{ id: sourceId, name: "" }], entriesAtOnceMax) : [];
    const rows = entries.toSorted((a, b) => a.level - b.level);
    const targets = new Map([[sourceId, targetId]]);
    let done = 0;
    for (const row of rows) {
      const parentId = targets.get(row.parentId);
      if (row.id !== sourceId && parentId !== undefined) {
        if (row.rank === store.folderRank)
          await db.tx(async (tx) => {
            await tree.lock(tx, userId);
            if (await store.liveById(tx, userId, parentId))
              targets.set(row.id, (await tree.ensureFolder(tx, { userId, parentId }, row.name)).id);
          });
        else if (row.fileId !== null && !(await store.byName(db, userId, parentId, row.nameKey)))
          await copyFile({ fileId: row.fileId, name: row.name, parentId }, payload, row.id, { signal, traceId });
      }
      done += 1;
      running.progress((100 * done) / rows.length);
      if (done % progressEvery === 0)
        await running.step<store.Tables>(
          async (tx) => void (await store.advanceCopy(tx, copyId, { status: "running", done })),
        );
    }
    await running.finish<store.Tables>(
      async (tx) => void (await store.advanceCopy(tx, copyId, { status: "done", done })),
    );
  }

  async function copyFile(
    { fileId, name, parentId }: { fileId: Id; name: string; parentId: Id },
    { copyId, userId }: Copy,
    rowId: Id,
    within: Pick<Call, "signal" | "traceId">,
  ): Promise<void> {
    // The folder went to the trash meanwhile: the copies would only take up space there.
    if (!(await store.liveById(db, userId, parentId))) return;
    const call = newCall({ ...within, userId, idempotencyKey: `drive.copy.${copyId}.${rowId}` });
    const file: StoredFile = await uploads.copy({ fileId, name, purpose: "drive", folderId: parentId }, call);
    await db.tx((tx) => files.place(tx, file));
  }

  return job<Copy>({
    kind: "copy",
    concurrency: 1,
    attemptsMax: 5,
    leaseMs: 60_000,
    async run(running) {
      try {
        await work(running);
      } catch (error) {
        // A full quota stays full on the next attempt: the copy fails, and its owner keeps what was copied.
        if (!(error instanceof KinoraError) || error.retryable || error.kind === "internal") throw error;
        const failure = { error_code: error.code, error_message: error.message };
        await running.finish<store.Tables>(
          async (tx) => void (await store.advanceCopy(tx, running.payload.copyId, { status: "failed", ...failure })),
        );
      }
    },
    async onGiveUp(tx, { payload }, error) {
      await store.advanceCopy(tx, payload.copyId, {
        status: "failed",
        error_code: error.code,
        error_message: error.message,
      });
    },
  });
}
