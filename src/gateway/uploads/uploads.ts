import { Conflict, Purpose } from "#events/upload";
import { type BlobStore, type Call, type Client, type Id, KinoraError, type Method } from "#kernel";
import type { UploadField } from "#kernel/contract";
import { WrongType } from "#kernel/http/errors";
import { chunkBytesCeiling } from "#kernel/http/limits";
import type { HttpRequest } from "#kernel/http/port";
import { spentOf } from "#kernel/http/socket-memory";
import type { media } from "#services/media/contract";
import { ChunkTooLarge, UploadInterrupted, UploadTooLarge, upload } from "#services/upload/contract";
import { textReader } from "../format/read.ts";
import { drain, type Fields, type Incoming, readForm } from "./form.ts";
import { withoutIdempotencyKey } from "./idempotency-key.ts";
import { disabledContainers, createMediaCheck } from "./media-check.ts";
import { patiently } from "./patience.ts";
import { discardRejected, pieceOf, storeBytes } from "./stored-bytes.ts";

const openMsMax = 10_000;
const abandonMsMax = 5_000;
/** A file name within the limits of a call; the upload service makes it displayable. */
export const transmittableName = (name: string): string => name.slice(0, 1_000).toWellFormed().replaceAll("\0", "");
/** Bytes alone. No page of another site can send this type without being asked. */
const octetStream = /^application\/octet-stream *(?:;|$)/i;

interface Parts {
  readonly blob: BlobStore;
  readonly upload: Client<typeof upload>;
  readonly media: Client<typeof media>;
}
interface Source {
  readonly bytes: Incoming;
  /** Takes the memory of used bytes back, where nobody else has them. */
  readonly release?: (bytes: Buffer) => void;
  readonly filename: string;
}

/** Files and chunks that arrive at routes of the contract: bytes → blob store with back-pressure, then the call. */
export class Uploads {
  readonly #parts: Parts;
  /** Uploads under way; each settles when nothing of it is left to do. */
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** True if the body carries bytes and not the method's input. */
  static hasBytes({ headers }: HttpRequest, { gives }: UploadField): boolean {
    const type = headers["content-type"] ?? "";
    return isForm(type) || (gives !== "mediaId" && octetStream.test(type));
  }

  /**
   * Reads a form with one file, or bytes alone with the other fields in the query, and yields the method's input. Nothing
   * is stored unless the last byte arrived.
   */
  async receive(
    request: HttpRequest,
    method: Method,
    field: UploadField,
    call: Call,
  ): Promise<Record<string, unknown>> {
    try {
      const readText = textReader(method.input);
      const read = (fields: Fields) => readText(fields) as Record<string, unknown>; // The reader of an object yields an object.
      if (isForm(request.headers["content-type"] ?? "")) {
        // A part that fills a whole read of the socket is a view of that memory, which the form does not keep.
        const release = spentOf(request.raw);
        const form = await readForm(request, [field.field], (bytes, filename) =>
          this.#receiveSource({ bytes, filename, release }, request, method, field, call),
        );
        const input = read({ ...form.fields, ...request.params });
        return { ...input, [field.gives]: await form.file.finish(input) };
      }
      if (!Uploads.hasBytes(request, field)) throw WrongType({});
      const { name, ...query } = request.query;
      const input = read({ ...query, ...request.params });
      const filename = typeof name === "string" ? name : "";
      const source = { bytes: request.raw, filename, release: spentOf(request.raw) };
      const received = await this.#receiveSource(source, request, method, field, call);
      return { ...input, [field.gives]: await received.finish(input) };
    } catch (error) {
      drain(request.raw);
      throw error;
    }
  }

  /** Removes the stored bytes of a call that was rejected. */
  async discard({ gives }: UploadField, input: Fields, error: unknown): Promise<void> {
    if (gives !== "piece") return;
    const piece = input["piece"] as { name: string }; // Put there by `receive`.
    await discardRejected(this.#parts.blob, [piece], error);
  }

  /** Makes a stop wait for an upload that another endpoint receives. */
  track<T>(upload: Promise<T>): Promise<T> {
    this.#underWay.add(upload);
    void upload.catch(() => undefined).then(() => this.#underWay.delete(upload));
    return upload;
  }

  /** Settles when every upload under way is stored or abandoned; a stop waits for it. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  #receiveSource(source: Source, request: HttpRequest, method: Method, field: UploadField, call: Call) {
    const sizeBytes = Number(request.headers["content-length"]) || undefined;
    return this.track(
      field.gives === "piece"
        ? this.#receiveChunk(source, call)
        : this.#receiveFile(source, sizeBytes, method, field, call),
    );
  }

  async #receiveChunk({ bytes, release }: Source, { userId }: Call): Promise<Received> {
    const tooLarge = () => ChunkTooLarge({ bytesMax: chunkBytesCeiling });
    const options = { bytesMax: chunkBytesCeiling, tooLarge, userId, ...(release && { release }) };
    const stored = await storeBytes(bytes, this.#parts.blob, options);
    return { finish: async () => pieceOf(stored) };
  }

  async #receiveFile(
    { bytes, filename, release }: Source,
    sizeBytes: number | undefined,
    method: Method,
    field: UploadField,
    call: Call,
  ): Promise<Received> {
    const { blob, upload: uploads, media: mediaClient } = this.#parts;
    // Not aborted with the client: the id of the reservation would be lost, and its space could not be released.
    const openCall = { ...call, signal: AbortSignal.timeout(openMsMax) };
    const name = transmittableName(filename);
    const opened = await uploads.open({ endpoint: "form", name, ...(sizeBytes && { sizeBytes }) }, openCall);
    const { id } = opened.session;
    const abandon = async (error: unknown) => {
      // A failure to give the reservation back must not hide why the upload failed; the sweeper gives it back as well.
      const abandonCall = { ...call, signal: AbortSignal.timeout(abandonMsMax) };
      await uploads.abandon({ id }, abandonCall).catch(() => undefined);
      throw error instanceof KinoraError ? error : UploadInterrupted({}, error);
    };
    const isAnyFile = (method as unknown) === upload.methods.send; // Compared by identity alone.
    const check = isAnyFile ? undefined : createMediaCheck(await disabledContainers(mediaClient, call));
    const stored = await storeBytes(bytes, blob, {
      bytesMax: opened.bytesMax,
      tooLarge: () => UploadTooLarge({ bytesMax: opened.bytesMax }),
      userId: call.userId,
      ...(check && { inspect: check.inspect }),
      ...(release && { release }),
    }).catch(abandon);
    const finish = async (input: Fields): Promise<Id> => {
      check?.end();
      const destination = isAnyFile ? destinationOf(input) : {};
      const content = { pieces: [...stored.pieces], known: stored.digests, sizeBytes: stored.sizeBytes };
      const finishCall = withoutIdempotencyKey(call);
      const file = await patiently(() => uploads.finish({ id, ...content, ...destination }, finishCall));
      if (field.gives !== "mediaId") return file.id;
      return patiently(async () => (await mediaClient.upload({ fileId: file.id }, call)).id);
    };
    return {
      finish: (input) =>
        finish(input).catch(async (error: unknown) => {
          await discardRejected(blob, stored.pieces, error);
          return abandon(error);
        }),
    };
  }
}

/** Stored bytes, which become a file or a chunk once the rest of the request was read. */
interface Received {
  finish(input: Fields): Promise<unknown>;
}

export const isForm = (type: string): boolean => /^multipart\/form-data/i.test(type);

function destinationOf(input: Fields) {
  const purpose = Purpose.safeParse(input["purpose"]);
  const conflict = Conflict.safeParse(input["conflict"]);
  const folderId = input["folderId"];
  return {
    ...(purpose.success && { purpose: purpose.data }),
    ...(conflict.success && { conflict: conflict.data }),
    ...(typeof folderId === "number" && { folderId }),
  };
}
