import { ask } from "#base/api/request/client.ts";
import { Failure } from "#base/api/request/failure.ts";
import type { Destination, Made } from "#base/api/request/sending.ts";
import { answersTo, hashOf } from "./hashing.ts";

/** Smaller files are sent sooner than they are asked about. */
export const instantBytesMin = 2 ** 20;

/**
 * Takes a file of content the server has already, by proving that it is here as well; `null` where it has to be sent.
 * Nothing is left behind then.
 */
export async function takeInstantly(file: File, name: string, to: Destination, sha256: string): Promise<Made | null> {
  const { purpose, folderId, conflict } = to;
  const place = { purpose, ...(folderId != null && { folder_id: folderId }), ...(conflict && { conflict }) };
  let begun: number | null = null;
  try {
    const { upload, challenge } = await ask("upload.init", { body: { name, size: file.size, sha256, ...place } });
    begun = upload.id;
    if (challenge === null) return null;
    const digests = await answersTo(file, challenge);
    const proven = await ask("upload.prove", { path: { id: upload.id }, body: { digests } });
    begun = null;
    return { mediaId: proven.media_id, entryId: proven.entry_id };
  } catch {
    // It is a shortcut: whatever stands in its way, the file is being sent.
    return null;
  } finally {
    if (begun !== null) ask("upload.cancel", { path: { id: begun } }).catch(() => undefined);
  }
}

/** The media object of a file that is there; where the answer that named it was lost, by its content, without sending. */
export async function mediaOf({ mediaId }: Made, file: File, signal: AbortSignal): Promise<number> {
  if (mediaId !== null) return mediaId;
  const instant = await takeInstantly(file, file.name, { purpose: "media" }, await hashOf(file, signal));
  if (instant?.mediaId == null) throw new Failure(0, "upload.interrupted", "");
  return instant.mediaId;
}
