import { KinoraError } from "./error.ts";
import type { FinishedUpload, Upload } from "./generated.ts";
import { pause } from "./pause.ts";
import type { Ask } from "./request.ts";
import { retryMs } from "./retry.ts";

export interface UploadOptions {
  /** A file of a page, or of `openAsBlob` in `node:fs`. */
  readonly file: Blob;
  readonly name: string;
  /** `media` to be published (the default), or a file of the caller's drive. */
  readonly purpose?: "media" | "drive";
  readonly folderId?: number;
  readonly conflict?: "rename" | "replace" | "skip";
  /** Continues the upload of this id, with the same file. */
  readonly id?: number;
  /** Pauses: what has arrived stays on the server, and the id continues it. */
  readonly signal?: AbortSignal;
  /** How many parts are on their way together: three when left out. */
  readonly parallel?: number;
  /** The upload has an id now, by which another process can continue it. */
  readonly onBegin?: (id: number) => void;
  /** Bytes that are durable on the server. */
  readonly onProgress?: (sentBytes: number, totalBytes: number) => void;
  /** Called with the failure that sending waits out, and with null when it goes on. */
  readonly onWaiting?: (error: KinoraError | null) => void;
}

const parallelDefault = 3;
/** Slow lines take long for a part, and large files for the last answer, which comes when all of it was verified. */
const partMsMax = 300_000;
const completeMsMax = 600_000;

/**
 * Sends a file in parts, each with its checksum, and waits out lost connections and busy servers.
 * @throws {KinoraError} what waiting does not mend; what `signal` was aborted with
 */
export async function upload(client: { readonly ask: Ask }, options: UploadOptions): Promise<FinishedUpload> {
  const { file, signal, onProgress } = options;
  const session = await begin(client, options);
  options.onBegin?.(session.id);
  const path = { id: session.id };
  if (session.status !== "completed") {
    const missing = await persist(options, () => client.ask("upload.chunks", { path, signal }));
    const indexes = missing.missing.flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, n) => first + n),
    );
    // An upload in parts has a size of parts.
    const partBytes = session.chunk_size ?? file.size;
    const partOf = (index: number) => file.slice(index * partBytes, (index + 1) * partBytes);
    let sentBytes = file.size - indexes.reduce((sum, index) => sum + partOf(index).size, 0);
    onProgress?.(sentBytes, file.size);
    await inParallel(options, indexes, async (index, stop) => {
      const body = new Uint8Array(await partOf(index).arrayBuffer());
      const query = { upload_id: session.id, index, sha256: await sha256Of(body) };
      await persist({ ...options, signal: stop }, () =>
        client.ask("upload.chunk", { query, body, signal: stop, timeoutMs: partMsMax }),
      );
      sentBytes += body.byteLength;
      onProgress?.(sentBytes, file.size);
    });
  }
  return persist(options, () => client.ask("upload.complete", { path, body: {}, signal, timeoutMs: completeMsMax }));
}

async function begin(client: { readonly ask: Ask }, options: UploadOptions): Promise<Upload> {
  const { file, name, purpose, folderId, conflict, id, signal } = options;
  if (id !== undefined) return persist(options, () => client.ask("upload.status", { path: { id }, signal }));
  const place = {
    ...(purpose && { purpose }),
    ...(folderId && { folder_id: folderId }),
    ...(conflict && { conflict }),
  };
  // A repeat after a lost answer begins no second upload.
  const idempotencyKey = hex(crypto.getRandomValues(new Uint8Array(16)));
  const body = { name, size: file.size, ...place };
  const { upload } = await persist(options, () => client.ask("upload.init", { body, idempotencyKey, signal }));
  return upload;
}

/** Works on all items, some together; the first failure stops the others. */
async function inParallel(
  { signal, parallel = parallelDefault }: UploadOptions,
  items: readonly number[],
  work: (item: number, stop: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item, stop);
  };
  try {
    await Promise.all(Array.from({ length: parallel }, worker));
  } finally {
    failed.abort();
  }
}

/** Asks until it works, as long as waiting can mend it. */
async function persist<Result>(
  { signal, onWaiting }: Pick<UploadOptions, "signal" | "onWaiting">,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let failures = 0; ; failures += 1) {
    try {
      const result = await work();
      if (failures > 0) onWaiting?.(null);
      return result;
    } catch (thrown) {
      signal?.throwIfAborted();
      const waitMs = thrown instanceof KinoraError ? retryMs(thrown, failures) : null;
      if (!(thrown instanceof KinoraError) || waitMs === null) throw thrown;
      onWaiting?.(thrown);
      await pause(waitMs, signal);
    }
  }
}

/** Pages that did not come over a secure origin cannot compute one; there the server checks none. */
async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  if (globalThis.crypto.subtle === undefined) return null;
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
