import { type Id, type Job, type JobKind, job, type Tx } from "#kernel";
import type { Completion } from "../completion/completion.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { Settings, UploadHost } from "../settings.ts";
import * as store from "../store.ts";
import { createDownload } from "./download.ts";
import { isTemporary } from "./import-answer.ts";
import * as importStore from "./import-store.ts";
import { cancelSession, importKind } from "./imports.ts";

const othersRetryMs = 1_000;
/** The delay before an interrupted download continues, if it received anything. */
const resumeMs = 500;

type Running = Job<{ readonly importId: Id }>;

/** The job that downloads what users import. */
export function createImportJob(
  host: UploadHost,
  parts: { readonly sessions: Sessions; readonly completion: Completion },
): JobKind {
  const { db, now, settings } = host;
  const { sessions } = parts;
  const download = createDownload(host, parts);

  /** Stores why it failed, and releases its space. */
  async function fail(running: Running, row: importStore.ImportRow, error: unknown): Promise<void> {
    const latest = (await importStore.importOf(db, row.id)) ?? row;
    await running.finish<store.Tables>((tx) => setFailed(host, tx, latest, error));
    await cancelSession(host, sessions, latest);
  }

  async function run(running: Running): Promise<void> {
    const { importId } = running.payload;
    const row = await importStore.importOf(db, importId);
    // The import was cancelled, or the account deleted.
    if (!row || (row.status !== "queued" && row.status !== "running")) return;
    if (!(await begin(settings, running, row)))
      return running.putOff(othersRetryMs, "other imports of this user are running");
    try {
      const { id: fileId, sizeBytes } = await download(running, row);
      await running.finish<store.Tables>(async (tx) => {
        const result = { file_id: fileId, size_bytes: sizeBytes, received_bytes: sizeBytes, ended_at_ms: now() };
        await importStore.setImport(tx, importId, {
          status: "completed",
          ...result,
          error_code: null,
          error_message: null,
        });
      });
    } catch (error) {
      if (running.signal.aborted) throw error;
      if (!isTemporary(error)) return fail(running, row, error);
      await running.step<store.Tables>(async (tx) => {
        await importStore.setImport(tx, importId, { status: "queued", ...reasonOf(error) });
      });
      const after = await importStore.importOf(db, importId);
      // Only attempts that received nothing count.
      if (after && after.receivedBytes > row.receivedBytes)
        return running.putOff(resumeMs, "the download was interrupted");
      throw error;
    }
  }

  return job<{ importId: Id }>({
    kind: importKind,
    concurrency: 4,
    attemptsMax: 6,
    leaseMs: 30_000,
    run,
    async onGiveUp(tx, { payload: { importId } }, error) {
      const ownTx = tx as Tx<store.Tables>; // Jobs of this service run in its own transactions.
      const row = await importStore.importOf(ownTx, importId);
      if (row) await setFailed(host, ownTx, row, error);
    },
  });
}

/** True if the import may begin: the number of concurrent imports of a user is limited. */
async function begin(settings: Settings, running: Running, { id, userId }: importStore.ImportRow): Promise<boolean> {
  let mayBegin = false;
  await running.step<store.Tables>(async (tx) => {
    await store.lockSpace(tx, userId);
    mayBegin = (await importStore.importsUnderWay(tx, userId, "running", id)) < settings.importsAtOnce;
    if (mayBegin) await importStore.setImport(tx, id, { status: "running" });
  });
  return mayBegin;
}

async function setFailed(
  { now }: Pick<UploadHost, "now">,
  tx: Tx<store.Tables>,
  row: importStore.ImportRow,
  error: unknown,
): Promise<void> {
  const { receivedBytes, sizeBytes } = row;
  const amounts = { received_bytes: receivedBytes, size_bytes: sizeBytes };
  await importStore.setImport(tx, row.id, { status: "failed", ...reasonOf(error), ...amounts, ended_at_ms: now() });
}

const reasonOf = (error: unknown): { error_code: string; error_message: string } => {
  const { code, message } = error as { code?: unknown; message?: unknown }; // Anything may be thrown; both are checked below.
  const isPublic =
    typeof code === "string" && /^(?:upload|outgoing|kernel)\./.test(code) && typeof message === "string";
  return isPublic
    ? { error_code: code, error_message: message }
    : { error_code: "upload.import_failed", error_message: "the file could not be fetched" };
};
