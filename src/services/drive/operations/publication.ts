import { type Call, callerOf, type Client, type Handlers, type Host } from "#kernel";
import { media, UnsupportedMedia } from "#services/media/contract";
import type { upload } from "#services/upload/contract";
import { type drive, EntryNotFound, NotAFile } from "../contract.ts";
import type { Copies } from "./copies.ts";
import type { Tree } from "../tree/tree.ts";
import * as store from "../store.ts";

interface PublicationParts {
  readonly tree: Tree;
  readonly copies: Copies;
  readonly uploads: Client<typeof upload>;
  /** A call on behalf of the same user. */
  readonly userCall: (call: Call) => Call;
}

/** Files become media objects and media objects files, without moving a byte. */
export const createPublication = (
  { db, client }: Pick<Host<store.Tables>, "db" | "client">,
  { tree, copies, uploads, userCall }: PublicationParts,
): Pick<Handlers<typeof drive>, "publish" | "fromMedia"> => ({
  async publish({ id, title }, call) {
    const row = await store.liveById(db, callerOf(call), id);
    if (!row) throw EntryNotFound({});
    const { fileId, name, kind } = row;
    if (fileId === null) throw NotAFile({});
    if (kind === "other") throw UnsupportedMedia({});
    const copy = await uploads.copy({ fileId, name, purpose: "media" }, userCall(call));
    const object = await client(media).upload({ fileId: copy.id }, userCall(call));
    return { mediaId: object.id, title: title || name.replace(/(?<=.)\.[^.]{1,31}$/, "") };
  },

  async fromMedia({ mediaId, folderId }, call) {
    const userId = callerOf(call);
    const { fileId } = await client(media).original({ id: mediaId }, userCall(call));
    await tree.folder(db, userId, folderId);
    return copies.copyStoredFile({ fileId }, folderId, "rename", call);
  },
});
