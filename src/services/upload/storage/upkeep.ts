import { damageOf, listForgotten, type Scrutiny } from "#kernel/blob/verify";
import * as importStore from "../imports/import-store.ts";
import * as contentStore from "../completion/content-store.ts";
import * as pieceStore from "../sessions/piece-store.ts";
import * as sessionStore from "../sessions/session-store.ts";
import type { UploadHost } from "../settings.ts";
import { sweepPieces, sweepUploads } from "./orphans.ts";

const dayMs = 24 * 3_600_000;
/** Long enough for a repeated request to find the result of the first, and for late chunks to be refused. */
const sessionsKeptMs = 7 * dayMs;
const importsKeptMs = 30 * dayMs;
/** Prepared exports of accounts, which the gateway stores, can be downloaded for a day; a download under way ends. */
const exportsKeptMs = 1.25 * dayMs;

/** The findings of `doctor --verify` in rows and bytes. */
export async function* verifyUploads(
  { db, blob, now, settings: { graceMs } }: UploadHost,
  scrutiny: Scrutiny,
): AsyncGenerator<string> {
  for (const { id, ...file } of await contentStore.objects(db)) {
    const damage = await damageOf(blob, file, scrutiny);
    if (damage !== undefined) yield `file ${id}: ${damage}`;
  }
  for (const { sessionId, name, sizeBytes } of await pieceStore.allPieces(db)) {
    const storedBytes = await blob.salvage(name);
    if (storedBytes === undefined || storedBytes < sizeBytes)
      yield `upload ${sessionId}: a piece of it has ${storedBytes ?? 0} bytes instead of ${sizeBytes}`;
  }
  yield* listForgotten(blob, "upload", { nowMs: now(), graceMs }, (keys) => contentStore.findReferenced(db, keys));
}

/** Removes expired sessions, old imports and orphaned bytes. */
export const createUpkeep = ({ db, blob, now, log, settings: { graceMs } }: UploadHost) => [
  {
    name: "upload.sessions",
    pattern: "11 * * * *",
    async run() {
      const dropped = await db.tx(async (tx) => {
        const overdue = await sessionStore.overdue(tx, now());
        const names = [];
        for (const { id, state } of overdue)
          if (state === "expired") names.push(...(await pieceStore.dropPieces(tx, id)));
        await sessionStore.forgetSessions(tx, now() - sessionsKeptMs);
        await importStore.forgetImports(tx, now() - importsKeptMs);
        return names;
      });
      await blob.drop(dropped);
    },
  },
  {
    name: "upload.exports",
    pattern: "41 * * * *",
    async run(signal: AbortSignal) {
      let removed = 0;
      for await (const { key, changedAtMs } of blob.list("export")) {
        signal.throwIfAborted();
        if (changedAtMs > now() - exportsKeptMs) continue;
        await blob.remove(key);
        removed += 1;
      }
      if (removed > 0) log.info("files of prepared exports were removed", { removed });
    },
  },
  {
    name: "upload.orphans",
    pattern: "29 * * * *",
    async run(signal: AbortSignal) {
      const parts = { db, blob, signal, writtenBeforeMs: now() - graceMs };
      const removed = (await sweepUploads(parts)) + (await sweepPieces(parts));
      if (removed > 0) log.info("stored bytes that belonged to nothing were removed", { removed });
    },
  },
];
