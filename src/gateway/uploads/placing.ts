import type { Call, Client, Contract, Id } from "#kernel";
import { drive } from "#services/drive/contract";
import { media } from "#services/media/contract";
import type { StoredFile } from "#services/upload/contract";

/** What became of a finished file at once; null where that is somebody else's business, or has to wait. */
export interface Placed {
  readonly mediaId: Id | null;
  readonly entryId: Id | null;
}

/** Hands a finished file to the service it is for. The event of its upload does the same, later. */
export async function placed(
  client: <C extends Contract>(c: C) => Client<C>,
  { id: fileId, purpose }: Pick<StoredFile, "id" | "purpose">,
  call: Call,
): Promise<Placed> {
  if (purpose === "media") return { mediaId: (await client(media).upload({ fileId }, call)).id, entryId: null };
  return { mediaId: null, entryId: (await client(drive).place({ fileId }, call)).id };
}
