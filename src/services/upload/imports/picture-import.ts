import { callerOf, type Handlers, type Id, OutgoingFailed } from "#kernel";
import type { Completion } from "../completion/completion.ts";
import { BadUrl, EmptyFile, NothingThere, TooManyPictures, type upload } from "../contract.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { UploadHost } from "../settings.ts";
import { addressOf } from "./import-address.ts";
import { nameOf } from "./import-answer.ts";

/** The most bytes of a picture by address. */
const bytesMax = 10 * 2 ** 20;
/** The caller waits for it. */
const totalMs = 6_000;
/** Pictures that one account fetches in an hour: more would be requests to others at our cost. */
const picturesMax = 30;
const windowMs = 3_600_000;

/**
 * Fetches a picture once and stores it as a file of the caller, so that no browser of a viewer ever asks the address. It
 * is small and its caller waits, so there is no job.
 */
export function createPictureImport(
  host: UploadHost,
  { sessions, completion }: { readonly sessions: Sessions; readonly completion: Completion },
): Pick<Handlers<typeof upload>, "fetchPicture"> {
  const { db, blob, cache, outgoing } = host;

  async function fetchBytes(url: string, signal: AbortSignal): Promise<Buffer> {
    using answer = await outgoing.ask(url, {
      bytesMax,
      totalMs,
      signal,
    });
    if (answer.status >= 500) throw OutgoingFailed({}, new Error(`answered with status ${answer.status}`));
    if (answer.status !== 200) throw NothingThere({});
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (bytes.byteLength === 0) throw EmptyFile({});
    return bytes;
  }

  async function storePiece(bytes: Buffer, userId: Id) {
    const writer = await blob.piece(undefined, { store: blob.storeFor?.({ space: "upload", kind: "image", userId }) });
    try {
      await writer.write(bytes);
      return [...(await writer.keep())];
    } finally {
      await writer.close();
    }
  }

  return {
    async fetchPicture({ url }, call) {
      const userId = callerOf(call);
      const address = addressOf(url);
      if (address === undefined) throw BadUrl({});
      const { value, leftMs } = await cache.add(`upload:pictures:${userId}`, 1, windowMs);
      if (value > picturesMax) throw TooManyPictures({ retryAfterMs: Math.ceil(leftMs) });
      const bytes = await fetchBytes(address, call.signal);
      const { byteLength: sizeBytes } = bytes;
      const of = { name: nameOf(address), sizeBytes, purpose: "media", conflict: "rename" } as const;
      const { row } = await db.tx((tx) => sessions.open(tx, { ...of, endpoint: "form", isPartial: false }, call));
      try {
        const pieces = await storePiece(bytes, userId);
        return await completion.finish({ id: row.id, pieces, onMismatch: "end" }, call);
      } catch (error) {
        await sessions.cancel(row.id, call).catch(() => undefined);
        throw error;
      }
    },
  };
}
