import { type Handlers, type Id, type Job, job, type JobKind, type Reader, type Tx, callerOf } from "#kernel";
import { BadUrl, type Import, ImportCompleted, TooManyImports, UploadNotFound, type upload } from "../contract.ts";
import { fetching } from "./download.ts";
import type { Finishing } from "../completion/completion.ts";
import { mayPass, nameOf } from "./import-answer.ts";
import { cleanName } from "../sessions/file-name.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { UploadHost } from "../settings.ts";
import * as importStore from "./import-store.ts";
import * as store from "../store.ts";

const importsMax = 50;
const urlLengthMax = 4_096;
/** When a person's next import looks whether one of the others has ended. */
const lookMs = 1_000;
/** How soon what was broken off goes on, where something of it came. */
const goOnMs = 500;
const retryAfterMs = 60_000;

type Methods = Pick<Handlers<typeof upload>, "importUrl" | "imports" | "importStatus" | "cancelImport">;
interface Importing {
  readonly handlers: Methods;
  readonly job: JobKind;
}
type Running = Job<{ readonly importId: Id }>;

/** Files that are fetched from addresses people give: asked for, watched, given up, and worked off by a job. */
export function importing(
  host: UploadHost,
  parts: { readonly sessions: Sessions; readonly ends: Finishing },
): Importing {
  const { db, jobs, nextId, now, settings } = host;
  const { sessions } = parts;
  const fetched = fetching(host, parts);
  const kind = "import";

  async function mine(id: Id, userId: Id, reader: Reader<store.Tables> = db): Promise<importStore.ImportRow> {
    const row = await importStore.importOf(reader, id);
    if (row?.userId !== userId) throw UploadNotFound({});
    return row;
  }

  /** Whether it may begin: so many of one person's at once and no more. */
  async function begun(running: Running, { id, userId }: importStore.ImportRow): Promise<boolean> {
    let isBegun = false;
    await running.step<store.Tables>(async (tx) => {
      await store.lockSpace(tx, userId);
      isBegun = (await importStore.importsUnderWay(tx, userId, "running", id)) < settings.importsAtOnce;
      if (isBegun) await importStore.setImport(tx, id, { status: "running" });
    });
    return isBegun;
  }

  /** Notes why it failed, and gives back what it had of the person's space. */
  async function fail(running: Running, row: importStore.ImportRow, error: unknown): Promise<void> {
    const last = (await importStore.importOf(db, row.id)) ?? row;
    await running.finish<store.Tables>((tx) => bury(tx, last, error));
    await drop(last);
  }

  const bury = async (tx: Tx<store.Tables>, row: importStore.ImportRow, error: unknown): Promise<void> => {
    const { receivedBytes, sizeBytes } = row;
    const amounts = { received_bytes: receivedBytes, size_bytes: sizeBytes };
    await importStore.setImport(tx, row.id, { status: "failed", ...whyOf(error), ...amounts, ended_at_ms: now() });
  };

  const drop = ({ sessionId, userId }: importStore.ImportRow): Promise<void> =>
    sessions.cancel(sessionId, host.call({ userId })).catch(() => undefined);

  async function run(running: Running): Promise<void> {
    const { importId } = running.payload;
    const row = await importStore.importOf(db, importId);
    // Given up, or its person is gone.
    if (!row || (row.status !== "queued" && row.status !== "running")) return;
    if (!(await begun(running, row))) return running.putOff(lookMs, "others of this person are fetched");
    try {
      const { id: fileId, sizeBytes } = await fetched(running, row);
      await running.finish<store.Tables>(async (tx) => {
        const done = { file_id: fileId, size_bytes: sizeBytes, received_bytes: sizeBytes, ended_at_ms: now() };
        await importStore.setImport(tx, importId, {
          status: "completed",
          ...done,
          error_code: null,
          error_message: null,
        });
      });
    } catch (error) {
      if (running.signal.aborted) throw error;
      if (!mayPass(error)) return fail(running, row, error);
      await running.step<store.Tables>(async (tx) => {
        await importStore.setImport(tx, importId, { status: "queued", ...whyOf(error) });
      });
      const after = await importStore.importOf(db, importId);
      // What gets on does so for as long as it likes; only tries that bring nothing are counted.
      if (after && after.receivedBytes > row.receivedBytes) return running.putOff(goOnMs, "it was broken off");
      throw error;
    }
  }

  return {
    handlers: {
      async importUrl({ url, name, ...destination }, asked) {
        const userId = callerOf(asked);
        const address = addressOf(url);
        if (address === undefined) throw BadUrl({});
        // What is given up leaves its place a minute later: whoever begins and gives up again and again asks others all the same.
        const waiting = await importStore.importsUnderWay(db, userId, "queued", 0);
        const givenUp = await importStore.importsGivenUp(db, userId, now() - retryAfterMs);
        if (waiting + givenUp >= importsMax) throw TooManyImports({ importsMax, retryAfterMs });
        const given = {
          ...destination,
          name: cleanName(name ?? nameOf(address)),
          door: "import",
          isPartial: false,
        } as const;
        const { row: session } = await sessions.open(given, asked);
        const id = nextId();
        return db.answer(async (tx) => {
          const row = { user_id: userId, url: address, given_name: session.name, session_id: session.id };
          await importStore.addImport(tx, { id, ...row, created_at_ms: now() });
          await jobs.add(tx, kind, { payload: { importId: id }, uniqueKey: String(id) });
          return shown(await mine(id, userId, tx));
        });
      },

      async imports(page, asked) {
        const { items, ...rest } = await importStore.importsOf(db, callerOf(asked), page);
        return { items: items.map(shown), ...rest };
      },

      importStatus: async ({ id }, asked) => shown(await mine(id, callerOf(asked))),

      async cancelImport({ id }, asked) {
        const row = await mine(id, callerOf(asked));
        if (row.status === "completed") throw ImportCompleted({});
        const isEnded = await db.tx((tx) => importStore.setImport(tx, id, { status: "cancelled", ended_at_ms: now() }));
        // Whoever fetches it hears of it with the next beat of its lease; what it writes until then counts for nothing.
        const latest = isEnded ? await jobs.find(kind, String(id)) : undefined;
        if (latest) await jobs.cancel(latest.id);
        await drop(row);
        return {};
      },
    },

    job: job<{ importId: Id }>({
      kind,
      concurrency: 4,
      attemptsMax: 6,
      leaseMs: 30_000,
      run,
      async died(tx, { payload: { importId } }, error) {
        const own = tx as Tx<store.Tables>; // The tables of this very service.
        const row = await importStore.importOf(own, importId);
        if (row) await bury(own, row, error);
      },
    }),
  };
}

const whyOf = (error: unknown): { error_code: string; error_message: string } => {
  const { code, message } = error as { code?: unknown; message?: unknown }; // Anything may be thrown; both are looked at.
  const isTold = typeof code === "string" && /^(?:upload|outgoing|kernel)\./.test(code) && typeof message === "string";
  return isTold
    ? { error_code: code, error_message: message }
    : { error_code: "upload.import_failed", error_message: "the file could not be fetched" };
};

/** What may be asked at all; whether its name leads to an address that may be is seen when it is asked. */
function addressOf(text: string): string | undefined {
  const url = URL.parse(text.toWellFormed());
  const isAsked = url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  // The parser has brought everything that cannot be kept into a form that can.
  return isAsked && url.href.length <= urlLengthMax ? url.href : undefined;
}

/** An import as its owner sees it. Pure. */
export function shown(row: importStore.ImportRow): Import {
  const { id, url, name, givenName, status, sizeBytes, receivedBytes, fileId, errorCode, errorMessage, ...rest } = row;
  const { purpose, folderId, conflict, createdAtMs } = rest;
  const reason = errorCode === null ? null : { error: errorCode, message: errorMessage ?? "" };
  // The session is forgotten before the import is.
  const called = givenName ?? name;
  return {
    id,
    url,
    name: called,
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
