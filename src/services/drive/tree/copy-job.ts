import { type Call, type Client, type Host, type Id, type Job, type JobKind, job, KinoraError } from "#kernel";
import type { StoredFile, upload } from "#services/upload/contract";
import { entriesAtOnceMax } from "../contract.ts";
import type { Files } from "../files/files.ts";
import * as treeStore from "./tree-store.ts";
import * as store from "../store.ts";
import type { Tree } from "./tree.ts";

/** A folder of which a copy was begun: its own copy is there, what is in it follows. */
export interface Copy {
  readonly copyId: Id;
  readonly userId: Id;
  readonly sourceId: Id;
  readonly targetId: Id;
}

interface CopyingParts {
  readonly tree: Tree;
  readonly files: Files;
  readonly uploads: Client<typeof upload>;
}
/** Progress is written down after so many entries. */
const toldEach = 50;

/**
 * Copies what is in a folder, entry by entry, without moving a byte. Interrupted, it goes on: what has its name in its
 * place is there, and a file whose copy was made but not placed is given again under the key it was asked for with.
 */
export function copying(
  { db, call }: Pick<Host<store.Tables>, "db" | "call">,
  { tree, files, uploads }: CopyingParts,
): JobKind {
  async function work(running: Job<Copy>): Promise<void> {
    const { payload, signal, traceId } = running;
    const { copyId, userId, sourceId, targetId } = payload;
    const source = await store.liveById(db, userId, sourceId);
    const found = source ? await treeStore.tree(db, userId, [{ id: sourceId, name: "" }], entriesAtOnceMax) : [];
    const rows = found.toSorted((a, b) => a.level - b.level);
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
          await copied({ fileId: row.fileId, name: row.name, parentId }, payload, row.id, { signal, traceId });
      }
      done += 1;
      running.progress((100 * done) / rows.length);
      if (done % toldEach === 0)
        await running.step<store.Tables>(
          async (tx) => void (await store.advanceCopy(tx, copyId, { status: "running", done })),
        );
    }
    await running.finish<store.Tables>(
      async (tx) => void (await store.advanceCopy(tx, copyId, { status: "done", done })),
    );
  }

  async function copied(
    { fileId, name, parentId }: { fileId: Id; name: string; parentId: Id },
    { copyId, userId }: Copy,
    rowId: Id,
    within: Pick<Call, "signal" | "traceId">,
  ): Promise<void> {
    // The folder went to the trash meanwhile: so would the copies, which would only take up space.
    if (!(await store.liveById(db, userId, parentId))) return;
    const asked = call({ ...within, userId, idempotencyKey: `drive.copy.${copyId}.${rowId}` });
    const file: StoredFile = await uploads.copy({ fileId, name, purpose: "drive", folderId: parentId }, asked);
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
        // Space that is not there is not there the next time either: the owner is told, and keeps what was copied.
        if (!(error instanceof KinoraError) || error.retryable || error.kind === "internal") throw error;
        const told = { error_code: error.code, error_message: error.message };
        await running.finish<store.Tables>(
          async (tx) => void (await store.advanceCopy(tx, running.payload.copyId, { status: "failed", ...told })),
        );
      }
    },
    async died(tx, { payload }, error) {
      await store.advanceCopy(tx, payload.copyId, {
        status: "failed",
        error_code: error.code,
        error_message: error.message,
      });
    },
  });
}
