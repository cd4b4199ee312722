import { type Call, type Id, type Job, type OutgoingAnswer, OutgoingFailed } from "#kernel";
import { StorageUnavailable } from "#kernel/errors";
import { EmptyFile, NothingThere, type StoredFile, UploadEnded } from "../contract.ts";
import type { Completion } from "../completion/completion.ts";
import { beginsAt, strongTag } from "./import-answer.ts";
import { keepLease } from "../sessions/lease.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { UploadHost } from "../settings.ts";
import * as importStore from "./import-store.ts";
import * as sessionStore from "../sessions/session-store.ts";
import * as store from "../store.ts";
import { type Writing, createWriterLease } from "../sessions/writer-lease.ts";

/** Received bytes are made durable and counted at least this often. */
const keepMs = 2_000;
/** The longest any one request may take. */
const totalMs = 12 * 3_600_000;

type Running = Job<{ readonly importId: Id }>;

/**
 * Downloads an address into the session of an import and completes that. An interrupted download is resumed where the
 * server still has the same version.
 */
export function createDownload(
  host: UploadHost,
  { sessions, completion }: { readonly sessions: Sessions; readonly completion: Completion },
): (running: Running, row: importStore.ImportRow) => Promise<StoredFile> {
  const { db, outgoing, environment } = host;
  const writes = createWriterLease(host, sessions);

  async function sessionOf(row: importStore.ImportRow): Promise<sessionStore.SessionRow> {
    const session = await sessionStore.session(db, row.sessionId, row.userId);
    if (!session) throw UploadEnded({});
    return session;
  }

  /** Opens another session for a restart: the bytes of the former one belong to another version. */
  async function renew(running: Running, row: importStore.ImportRow, call: Call): Promise<sessionStore.SessionRow> {
    const { name, purpose, folderId, conflict } = row;
    const input = { name, purpose, conflict, endpoint: "import", isPartial: false } as const;
    let session = row.sessionId;
    await running.step<store.Tables>(async (tx) => {
      const opened = await sessions.open(tx, { ...input, ...(folderId !== null && { folderId }) }, call);
      session = opened.row.id;
      await importStore.setImport(tx, row.id, { session_id: session, etag: null });
    });
    await sessions.cancel(row.sessionId, call);
    return sessionOf({ ...row, sessionId: session });
  }

  function request(row: importStore.ImportRow, received: number, signal: AbortSignal): Promise<OutgoingAnswer> {
    const isPart = received > 0 && row.etag !== null;
    return outgoing.ask(row.url, {
      // The limit is checked below, with an error of its own.
      bytesMax: Number.MAX_SAFE_INTEGER,
      totalMs,
      signal,
      ...(isPart && { headers: { range: `bytes=${received}-`, "if-range": row.etag ?? "" } }),
    });
  }

  return async (running, row) => {
    const call = host.call({ userId: row.userId, waitMs: totalMs, signal: running.signal });
    let session = await sessionOf(row);
    const isWhole = session.sizeBytes !== null && session.receivedBytes === session.sizeBytes;
    if (session.state === "open" && !isWhole) {
      if (session.receivedBytes > 0 && row.etag === null) session = await renew(running, row, call);
      using answer = await request(row, session.receivedBytes, running.signal);
      const begins = beginsAt(answer, session.receivedBytes, row.etag);
      if (begins.is === "nothing") {
        if (!begins.isForNow) throw NothingThere({});
        await running.step<store.Tables>(async (tx) => void (await importStore.setImport(tx, row.id, { etag: null })));
        throw OutgoingFailed({}, new Error(`answered with status ${answer.status}`));
      }
      if (begins.is === "restart") session = await renew(running, { ...row, sessionId: session.id }, call);
      if (begins.sizeBytes === 0) throw EmptyFile({});
      if (begins.sizeBytes !== undefined)
        await sessions.announce({ id: session.id, sizeBytes: begins.sizeBytes }, call);
      await running.step<store.Tables>(async (tx) => {
        await importStore.setImport(tx, row.id, { etag: strongTag(answer.etag) });
      });
      await receive(host, writes, { running, session, answer, call });
      session = await sessionOf({ ...row, sessionId: session.id });
      if (session.receivedBytes === 0) throw EmptyFile({});
      if (session.sizeBytes === null)
        await sessions.announce({ id: session.id, sizeBytes: session.receivedBytes }, call);
    }
    await environment.failpoints.hit("import.received");
    return completion.finish({ id: session.id, onMismatch: "end" }, call);
  };
}

interface Reception {
  readonly running: Running;
  readonly session: sessionStore.SessionRow;
  readonly answer: OutgoingAnswer;
  readonly call: Call;
}

/** Streams the body of an answer into the session; bytes received before an interruption are kept. */
async function receive(
  host: UploadHost,
  writes: Writing,
  { running, session, answer, call }: Reception,
): Promise<void> {
  const { blob, settings, environment } = host;
  const { id } = session;
  const writer = `import-${running.payload.importId}#-#${running.fence}#checked`;
  const { isGranted, fence, last, session: begun } = await writes.write({ id, endpoint: "import", writer }, call);
  if (!isGranted) throw StorageUnavailable({}, new Error("an earlier attempt still writes"));
  const position = last === null ? 0 : last.position + 1;
  using _lease = keepLease(host, id, fence);
  const to = blob.storeFor?.({ space: "upload", userId: session.userId });
  // A new piece: an earlier attempt may still be writing to its own.
  const piece = await blob.piece(undefined, to === undefined ? {} : { store: to });
  const counted = new Map<string, number>();
  const advance = async (isLast: boolean): Promise<void> => {
    const all = (await piece.keep()).map((part, index) => ({ ...part, position: position + index }));
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
      await piece.write(bytes);
      waiting += bytes.byteLength;
      if (waiting < settings.importKeepBytes && performance.now() - keptAtMs < keepMs) continue;
      isRefused = true;
      await advance(false);
      [isRefused, waiting, keptAtMs] = [false, 0, performance.now()];
    }
    isRefused = true;
    await advance(true);
  } catch (error) {
    // Bytes that were refused are not stored again; bytes received before an interruption are.
    if (!isRefused && waiting > 0) await advance(true);
    throw error;
  } finally {
    await piece.close();
  }
}
