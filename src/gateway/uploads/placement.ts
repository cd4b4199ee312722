import type { Call, Id } from "#kernel";
import { drive } from "#services/drive/contract";
import { media } from "#services/media/contract";
import type { StoredFile } from "#services/upload/contract";
import type { ClientOf } from "../client-of.ts";

/** The media object or drive entry of a finished file; null for the other one, and for one that is made later. */
export interface Placement {
  readonly mediaId: Id | null;
  readonly entryId: Id | null;
}

/** Hands a finished file to the service it is for. The event of its upload does the same, later. */
export async function placeFile(
  client: ClientOf,
  { id: fileId, purpose }: Pick<StoredFile, "id" | "purpose">,
  call: Call,
): Promise<Placement> {
  if (purpose === "media") return { mediaId: (await client(media).upload({ fileId }, call)).id, entryId: null };
  return { mediaId: null, entryId: (await client(drive).place({ fileId }, call)).id };
}
