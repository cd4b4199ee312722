import { type Call, type Id, type Job, type OutgoingAnswer, OutgoingFailed } from "#kernel";
import { StorageUnavailable } from "#kernel/errors";
import { EmptyFile, NothingThere, type StoredFile, UploadGone } from "../contract.ts";
import type { Finishing } from "../completion/completion.ts";
import { beginsAt, strongTag } from "./import-answer.ts";
import { keptLease } from "../sessions/lease.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { UploadHost } from "../settings.ts";
import * as importStore from "./import-store.ts";
import * as sessionStore from "../sessions/session-store.ts";
import * as store from "../store.ts";
import { writing } from "../sessions/writer-lease.ts";

/** What has arrived is made durable and counted at least so often. */
const keepMs = 2_000;
/** The longest any one request may take. */
const totalMs = 12 * 3_600_000;

type Running = Job<{ readonly importId: Id }>;

/**
 * Fetches what is at an address into the session of an import, from where it was broken off if the other side still has
 * the same version, and makes the file of it.
 * @throws what `mayPass` tells apart
 */
export function fetching(
  host: UploadHost,
  { sessions, ends }: { readonly sessions: Sessions; readonly ends: Finishing },
): (running: Running, row: importStore.ImportRow) => Promise<StoredFile> {
  const { db, blob, outgoing, settings, environment } = host;
  const writes = writing(host, sessions);

  async function sessionOf(row: importStore.ImportRow): Promise<sessionStore.SessionRow> {
    const session = await sessionStore.session(db, row.sessionId, row.userId);
    if (!session) throw UploadGone({});
    return session;
  }

  /** Another session for what begins anew; the bytes of the one before belong to another version. */
  async function renewed(running: Running, row: importStore.ImportRow, call: Call): Promise<sessionStore.SessionRow> {
    const { name, purpose, folderId, conflict } = row;
    const given = { name, purpose, conflict, door: "import", isPartial: false } as const;
    const { row: session } = await sessions.open({ ...given, ...(folderId !== null && { folderId }) }, call);
    await running.step<store.Tables>(async (tx) => {
      await importStore.setImport(tx, row.id, { session_id: session.id, etag: null });
    });
    await sessions.cancel(row.sessionId, call);
    return session;
  }

  function ask(row: importStore.ImportRow, received: number, signal: AbortSignal): Promise<OutgoingAnswer> {
    const isPart = received > 0 && row.etag !== null;
    return outgoing.ask(row.url, {
      // How much is taken is said below, in other words than that something went wrong.
      bytesMax: Number.MAX_SAFE_INTEGER,
      totalMs,
      signal,
      ...(isPart && { headers: { range: `bytes=${received}-`, "if-range": row.etag ?? "" } }),
    });
  }

  /** Takes the bytes of an answer; what came before it broke off is kept. */
  async function pour(
    running: Running,
    session: sessionStore.SessionRow,
    answer: OutgoingAnswer,
    call: Call,
  ): Promise<void> {
    const { id } = session;
    const writer = `import-${running.payload.importId}#-#${running.fence}#checked`;
    const { isGranted, fence, last, session: begun } = await writes.write({ id, door: "import", writer }, call);
    if (!isGranted) throw StorageUnavailable({}, new Error("an earlier try still writes"));
    const position = last === null ? 0 : last.position + 1;
    using _lease = keptLease(host, id, fence);
    const to = blob.storeFor?.({ space: "upload", userId: session.userId });
    // Never after a piece of an earlier try, which may still be writing to it.
    const taken = await blob.piece(undefined, to === undefined ? {} : { store: to });
    const counted = new Map<string, number>();
    const note = async (isLast: boolean): Promise<void> => {
      const all = (await taken.keep()).map((piece, index) => ({ ...piece, position: position + index }));
      const pieces = all.filter(({ name, sizeBytes }) => sizeBytes !== (counted.get(name) ?? 0));
      await environment.failpoints.hit("import.kept");
      const total = begun.receivedBytes + all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      await writes.advance({ id, fence, pieces, receivedBytes: total, isLast }, call);
      for (const { name, sizeBytes } of pieces) counted.set(name, sizeBytes);
    };
    let waiting = 0;
    let keptAtMs = performance.now();
    let isRefused = false;
    try {
      for await (const bytes of answer.body) {
        await taken.write(bytes);
        waiting += bytes.byteLength;
        if (waiting < settings.importKeepBytes && performance.now() - keptAtMs < keepMs) continue;
        isRefused = true;
        await note(false);
        [isRefused, waiting, keptAtMs] = [false, 0, performance.now()];
      }
      isRefused = true;
      await note(true);
    } catch (error) {
      // What was not taken is not asked for again; what came before the other side broke off is.
      if (!isRefused && waiting > 0) await note(true);
      throw error;
    } finally {
      await taken.close();
    }
  }

  return async (running, row) => {
    const call = host.call({ userId: row.userId, waitMs: totalMs, signal: running.signal });
    let session = await sessionOf(row);
    const isWhole = session.sizeBytes !== null && session.receivedBytes === session.sizeBytes;
    if (session.state === "open" && !isWhole) {
      if (session.receivedBytes > 0 && row.etag === null) session = await renewed(running, row, call);
      using answer = await ask(row, session.receivedBytes, running.signal);
      const begins = beginsAt(answer, session.receivedBytes, row.etag);
      if (begins.is === "nothing") {
        if (!begins.isForNow) throw NothingThere({});
        await running.step<store.Tables>(async (tx) => void (await importStore.setImport(tx, row.id, { etag: null })));
        throw OutgoingFailed({}, new Error(`answered with status ${answer.status}`));
      }
      if (begins.is === "restart") session = await renewed(running, { ...row, sessionId: session.id }, call);
      if (begins.sizeBytes === 0) throw EmptyFile({});
      if (begins.sizeBytes !== undefined)
        await sessions.announce({ id: session.id, sizeBytes: begins.sizeBytes }, call);
      await running.step<store.Tables>(async (tx) => {
        await importStore.setImport(tx, row.id, { etag: strongTag(answer.etag) });
      });
      await pour(running, session, answer, call);
      session = await sessionOf({ ...row, sessionId: session.id });
      if (session.receivedBytes === 0) throw EmptyFile({});
      if (session.sizeBytes === null)
        await sessions.announce({ id: session.id, sizeBytes: session.receivedBytes }, call);
    }
    await environment.failpoints.hit("import.received");
    return ends.finish({ id: session.id, onMismatch: "end" }, call);
  };
}
