import { mediaFailed } from "#events/media";
import type { Host, Tx } from "#kernel";
import { rejections } from "#media/rejection";
import * as store from "../store.ts";

/** A retry may help with these; all other reasons lie in the file itself. */
const temporary = new Set<string>([
  "media.format_off",
  "media.decoder_failed",
  "media.result_short",
  "media.server_fault",
  "media.too_slow",
  "media.too_costly",
  "media.short_of_memory",
]);

/** True if no later attempt can succeed. Pure. */
export const isPermanent = (error: string): boolean => error in rejections && !temporary.has(error);

export async function failMedia(
  { emit }: Pick<Host, "emit">,
  tx: Tx<store.Tables>,
  { id: mediaId, userId }: store.Row,
  error: string,
  message: string,
): Promise<void> {
  await store.fail(tx, mediaId, error, message);
  await emit(tx, mediaFailed, mediaId, { mediaId, userId, error, message });
}
