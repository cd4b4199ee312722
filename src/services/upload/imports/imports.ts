import { callerOf, type Handlers, type Id, type Reader } from "#kernel";
import { BadUrl, type Import, ImportCompleted, TooManyImports, UploadNotFound, type upload } from "../contract.ts";
import { addressOf } from "./import-address.ts";
import { nameOf } from "./import-answer.ts";
import { fileNameOf } from "#policy/file-name";
import type { Sessions } from "../sessions/sessions.ts";
import type { UploadHost } from "../settings.ts";
import * as importStore from "./import-store.ts";
import type { Tables } from "../store.ts";

/** The kind of the job that downloads. */
export const importKind = "import";

const importsMax = 50;
const retryAfterMs = 60_000;

type ImportHandlers = Pick<Handlers<typeof upload>, "importUrl" | "imports" | "importStatus" | "cancelImport">;

/** Users import files from addresses; a job downloads them. */
export function createImports(host: UploadHost, sessions: Sessions): ImportHandlers {
  const { db, jobs, nextId, now } = host;

  async function ownImport(id: Id, userId: Id, reader: Reader<Tables> = db): Promise<importStore.ImportRow> {
    const row = await importStore.importOf(reader, id);
    if (row?.userId !== userId) throw UploadNotFound({});
    return row;
  }

  return {
    async importUrl({ url, name, ...destination }, call) {
      const userId = callerOf(call);
      const address = addressOf(url);
      if (address === undefined) throw BadUrl({});
      // A cancelled import counts for another minute, as starting and cancelling in a loop still sends requests to others.
      const waiting = await importStore.importsUnderWay(db, userId, "queued", 0);
      const cancelled = await importStore.cancelledImports(db, userId, now() - retryAfterMs);
      if (waiting + cancelled >= importsMax) throw TooManyImports({ importsMax, retryAfterMs });
      const input = {
        ...destination,
        name: fileNameOf(name ?? nameOf(address)),
        endpoint: "import",
        isPartial: false,
      } as const;
      const id = nextId();
      return db.answer(async (tx) => {
        const { row: session } = await sessions.open(tx, input, call);
        const row = { user_id: userId, url: address, given_name: session.name, session_id: session.id };
        await importStore.addImport(tx, { id, ...row, created_at_ms: now() });
        await jobs.add(tx, importKind, { payload: { importId: id }, uniqueKey: String(id) });
        return presentImport(await ownImport(id, userId, tx));
      });
    },

    async imports(page, call) {
      const { items, ...paging } = await importStore.importsOf(db, callerOf(call), page);
      return { items: items.map(presentImport), ...paging };
    },

    importStatus: async ({ id }, call) => presentImport(await ownImport(id, callerOf(call))),

    async cancelImport({ id }, call) {
      const row = await ownImport(id, callerOf(call));
      if (row.status === "completed") throw ImportCompleted({});
      const isEnded = await db.tx((tx) => importStore.setImport(tx, id, { status: "cancelled", ended_at_ms: now() }));
      // The job learns of it at its next heartbeat; what it writes until then does not count.
      const latest = isEnded ? await jobs.find(importKind, String(id)) : undefined;
      if (latest) await jobs.cancel(latest.id);
      await cancelSession(host, sessions, row);
      return {};
    },
  };
}

/** Releases the space of an import that has ended. */
export const cancelSession = (
  host: Pick<UploadHost, "call">,
  sessions: Sessions,
  { sessionId, userId }: importStore.ImportRow,
): Promise<void> => sessions.cancel(sessionId, host.call({ userId })).catch(() => undefined);

/** An import as its owner sees it. Pure. */
export function presentImport(row: importStore.ImportRow): Import {
  const {
    id,
    url,
    name,
    givenName,
    status,
    sizeBytes,
    receivedBytes,
    fileId,
    errorCode,
    errorMessage,
    ...otherFields
  } = row;
  const { purpose, folderId, conflict, createdAtMs } = otherFields;
  const reason = errorCode === null ? null : { error: errorCode, message: errorMessage ?? "" };
  // The session is deleted before the import is.
  const displayName = givenName ?? name;
  return {
    id,
    url,
    name: displayName,
    status,
    sizeBytes,
    receivedBytes,
    fileId,
    reason,
    purpose,
    folderId,
    conflict,
    createdAtMs,
  };
}
