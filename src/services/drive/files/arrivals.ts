import { fileUploaded } from "#events/upload";
import {
  type Call,
  callerOf,
  type Client,
  type Handlers,
  type Host,
  type Id,
  KinoraError,
  on,
  type Tx,
  type Subscription,
} from "#kernel";
import { type StoredFile, type upload } from "#services/upload/contract";
import { type drive, EntryNotFound } from "../contract.ts";
import { presentEntry } from "../tree/presenter.ts";
import * as trashStore from "../tree/trash-store.ts";
import * as store from "../store.ts";
import type { Files } from "./files.ts";

interface ArrivalsParts {
  readonly files: Files;
  readonly uploads: Client<typeof upload>;
  /** A call on behalf of the same user. */
  readonly userCall: (call: Call) => Call;
}

/** Uploaded files find their place in the tree: by a call of the gateway, or by the event where the gateway died. */
export interface Arrivals {
  /** The caller's file. @throws EntryNotFound where it belongs to another user */
  readonly fileOf: (id: Id, call: Call) => Promise<StoredFile>;
  readonly place: Handlers<typeof drive>["place"];
  readonly subscription: Subscription<store.Tables>;
}

export function createArrivals(
  { db, now }: Pick<Host<store.Tables>, "db" | "now">,
  { files, uploads, userCall }: ArrivalsParts,
): Arrivals {
  async function fileOf(id: Id, call: Call): Promise<StoredFile> {
    const file = await uploads.file({ id }, userCall(call)).catch((error: unknown) => {
      throw error instanceof KinoraError && error.kind === "not_found" ? EntryNotFound({}) : error;
    });
    if (file.userId !== call.userId) throw EntryNotFound({});
    return file;
  }

  const place: Handlers<typeof drive>["place"] = async ({ fileId }, call) => {
    const existing = await store.byFile(db, callerOf(call), fileId);
    if (existing && !existing.isPurged) return presentEntry(existing);
    const file = await fileOf(fileId, call);
    return presentEntry(await db.tx((tx) => files.place(tx, file)));
  };

  return {
    fileOf,
    place,

    subscription: on(
      fileUploaded,
      async (tx: Tx<store.Tables>, { purpose, fileId: id, hash: sha256, location: key, ...file }) => {
        if (purpose !== "drive") return;
        try {
          await files.place(tx, { ...file, id, sha256, key });
        } catch (error) {
          if (!(error instanceof KinoraError)) throw error;
          // Deleted permanently already, or beyond the limit of entries: nothing would ever refer to the file.
          if (await trashStore.isReleased(tx, id)) return;
          await trashStore.insertReleased(tx, [id], now());
          await files.publishReleased(tx, file.userId, [id]);
        }
      },
    ),
  };
}
