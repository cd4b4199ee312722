import { callerOf, type Handlers, type Id } from "#kernel";
import type { Completion } from "../completion/completion.ts";
import { UploadNotFound, type upload } from "../contract.ts";
import type { InstantUploads } from "../instant/instant.ts";
import type { UploadHost } from "../settings.ts";
import * as store from "../store.ts";
import { chunkBytesFor, missingOf, rangesOf } from "../sessions/chunks.ts";
import { createDirectUploads } from "../sessions/direct.ts";
import * as pieceStore from "../sessions/piece-store.ts";
import { presentFinished, presentUpload } from "../sessions/presenter.ts";
import * as sessionStore from "../sessions/session-store.ts";
import { chunksOf, type Sessions } from "../sessions/sessions.ts";

type NativeHandlers = Pick<
  Handlers<typeof upload>,
  "send" | "init" | "complete" | "chunk" | "status" | "chunks" | "list" | "cancel"
>;
interface Parts {
  readonly sessions: Sessions;
  readonly completion: Completion;
  readonly instant: InstantUploads;
}

/** Uploads through the native API. */
export function createNativeUploads(host: UploadHost, { sessions, completion, instant }: Parts): NativeHandlers {
  const { db, settings } = host;
  const direct = createDirectUploads(host);

  async function ownSession(id: Id, userId: Id): Promise<sessionStore.SessionRow> {
    const row = await sessionStore.session(db, id, userId);
    if (!row) throw UploadNotFound({});
    return row;
  }

  return {
    async send({ fileId }, call) {
      const file = await store.file(db, fileId);
      if (file?.userId !== callerOf(call)) throw UploadNotFound({});
      return presentFinished(fileId, file);
    },

    async init({ sha256, direct: isDirect, ...input }, call) {
      const chunkBytes = chunkBytesFor(input.sizeBytes, settings.chunkBytesMax);
      const hash = sha256 === undefined ? undefined : { kind: "sha256" as const, hex: sha256 };
      const address = isDirect ? await direct.address(input.sizeBytes) : undefined;
      const opened = {
        ...input,
        ...(hash && { hash }),
        endpoint: "native" as const,
        isPartial: false,
        chunkBytes: address ? Math.max(1, input.sizeBytes) : chunkBytes,
        ...(address && { metadata: address.metadata }),
      };
      return db.answer(async (tx) => {
        const { row } = await sessions.open(tx, opened, call);
        const challenge = await instant.challenge(tx, row);
        return { upload: presentUpload(row), challenge, direct: address?.request ?? null };
      });
    },

    async complete({ id, sha256 }, call) {
      const row = await ownSession(id, callerOf(call));
      if (row.endpoint !== "native") throw UploadNotFound({});
      await direct.storeArrived(row);
      const chunkCount = chunksOf(row);
      const hash = sha256 === undefined ? undefined : { kind: "sha256" as const, hex: sha256 };
      const file = await completion.finish(
        { id, onMismatch: "retry", ...(chunkCount && { chunkCount }), ...(hash && { hash }) },
        call,
      );
      return presentFinished(id, file);
    },

    async chunk(chunk, call) {
      await sessions.chunk(chunk, call);
      return { index: chunk.index, size: chunk.piece.sizeBytes };
    },

    status: async ({ id }, call) => presentUpload(await ownSession(id, callerOf(call))),

    async chunks({ id }, call) {
      const row = await ownSession(id, callerOf(call));
      const indexes = (await pieceStore.pieces(db, row.id)).map(({ position }) => position);
      const count = chunksOf(row) ?? (indexes.at(-1) ?? -1) + 1;
      return { received: rangesOf(indexes), missing: missingOf(indexes, count) };
    },

    async list(page, call) {
      const { items, ...paging } = await sessionStore.listUnfinished(db, callerOf(call), page);
      return { items: items.map(presentUpload), ...paging };
    },

    async cancel({ id }, call) {
      await sessions.cancel(id, call);
      return {};
    },
  };
}
