import assert from "node:assert/strict";
import { requireAccount } from "#policy/account";
import { type Call, type Host, type Id, KinoraError, type Tx } from "#kernel";
import { type StoredFile, upload } from "#services/upload/contract";
import { FormatOff, type Media, UnreadablePicture, UnsupportedMedia } from "../contract.ts";
import type { Formats } from "../formats.ts";
import * as store from "../store.ts";
import { requestTranscode } from "../transcoding/tasks.ts";
import * as pictureStore from "../objects/picture-store.ts";
import type { MediaDeletion } from "./deletion.ts";
import * as objectStore from "../objects/object-store.ts";
import { type DrawnPicture, drawPicture } from "../objects/pictures.ts";
import { destinyOf, sizeFor } from "../objects/purposes.ts";

type Purpose = Media["purpose"];
type CreationHost = Pick<Host<store.Tables>, "db" | "emit" | "blob" | "nextId" | "now" | "client" | "call">;

interface Parts {
  readonly formats: Formats;
  readonly hide: MediaDeletion["hide"];
}

/** The media object of a file, before it is stored. */
interface Draft {
  readonly file: StoredFile;
  readonly kind: Media["kind"];
  readonly purpose: Purpose;
  readonly picture?: DrawnPicture | undefined;
  /** Why it can never be played or displayed. */
  readonly refusal?: Pick<typeof FormatOff, "code" | "text"> | undefined;
}

/** Makes media objects of stored files, once for each file. */
export interface MediaCreation {
  readonly fileOf: (id: Id, call: Pick<Call, "traceId" | "signal">) => Promise<StoredFile | undefined>;
  /** The media object of a file, however often it is requested, and by several callers at once. */
  readonly create: (file: StoredFile, purpose: Purpose | undefined) => Promise<store.Row>;
  /** Draws a picture without a purpose again for its first one; a picture that has a purpose keeps it. */
  readonly repurpose: (row: store.Row, purpose: Purpose | undefined, call: Call) => Promise<store.Row>;
}

export function createMediaCreation(host: CreationHost, { formats, hide }: Parts): MediaCreation {
  const { db, blob, nextId, now, client } = host;

  async function fileOf(id: Id, { traceId, signal }: Pick<Call, "traceId" | "signal">) {
    try {
      return await client(upload).file({ id }, host.call({ traceId, signal }));
    } catch (error) {
      if (error instanceof KinoraError && error.kind === "not_found") return undefined;
      throw error;
    }
  }

  /** @throws UnsupportedMedia */
  async function draftOf(file: StoredFile, purpose: Purpose | undefined): Promise<Draft> {
    const destiny = destinyOf(file, purpose);
    if (destiny === "unsupported") throw UnsupportedMedia({});
    if (destiny === "not_a_picture")
      return { file, kind: "image", purpose: purpose ?? "picture", refusal: UnreadablePicture };
    if (destiny.kind !== "image")
      return { file, ...destiny, refusal: (await formats.accepts(file.mime)) ? undefined : FormatOff };
    const picture = await drawPicture(blob, file, sizeFor(destiny.purpose));
    return { file, ...destiny, picture, refusal: picture ? undefined : UnreadablePicture };
  }

  async function insert(tx: Tx<store.Tables>, { file, kind, purpose, picture, refusal }: Draft): Promise<void> {
    const id = nextId();
    const isNew = await store.insert(tx, {
      id,
      user_id: file.userId,
      file_id: file.id,
      source_key: file.key,
      sha256: file.sha256,
      size_bytes: file.sizeBytes,
      name: file.name,
      mime: file.mime,
      kind,
      purpose,
      status: picture ? "ready" : refusal ? "failed" : "processing",
      created_at_ms: now(),
      ...(picture && {
        picture_key: picture.key,
        picture_bytes: picture.sizeBytes,
        width: picture.width,
        height: picture.height,
      }),
    });
    if (!isNew) return;
    if (picture) await objectStore.refer(tx, id, [picture.key]);
    else if (refusal) {
      // Neither the object nor its file stays: the sender gets the failure, and may upload the file once its format is on again.
      await store.fail(tx, id, refusal.code, refusal.text);
      await hide(tx, { id });
    } else await requestTranscode(host, tx, { id, userId: file.userId }, { profiles: [], isFirst: true });
  }

  async function create(file: StoredFile, purpose: Purpose | undefined): Promise<store.Row> {
    const draft = await draftOf(file, purpose);
    await db.tx(async (tx) => {
      await requireAccount(tx, file.userId);
      await insert(tx, draft);
    });
    const row = await store.byFile(db, file.id);
    assert.ok(row, "a media object that was just made is not there");
    return row;
  }

  async function repurpose(row: store.Row, purpose: Purpose | undefined, call: Call): Promise<store.Row> {
    const isFree = row.purpose === "picture" && row.status === "ready" && row.deletedAtMs === null;
    if (!isFree || purpose === undefined || purpose === "video" || purpose === "picture") return row;
    const file = await fileOf(row.fileId, call);
    const picture = file && (await drawPicture(blob, file, sizeFor(purpose)));
    if (!picture) return row;
    await db.tx((tx) => pictureStore.repurpose(tx, row.id, purpose, picture));
    return (await store.byFile(db, row.fileId)) ?? row;
  }

  return { fileOf, create, repurpose };
}
