import { type BlobStore, type Call, type Client, type Id, KinoraError, type Method } from "#kernel";
import type { UploadDoor } from "#kernel/contract";
import { WrongType } from "#kernel/http/errors";
import type { HttpRequest } from "#kernel/http/port";
import { spentOf } from "#kernel/http/socket-memory";
import type { media } from "#services/media/contract";
import { ChunkTooLarge, Conflict, Purpose, UploadInterrupted, UploadTooLarge, upload } from "#services/upload/contract";
import { textReader } from "../rest/read.ts";
import { drain, type Fields, type Incoming, readForm } from "./form.ts";
import { dropRefused, kept } from "./kept.ts";
import { containersOff, mediaOnly } from "./media-only.ts";
import { unkeyed } from "./unkeyed.ts";

const beginMsMax = 10_000;
/** The largest chunk any door takes; the service may take less. */
export const chunkBytesMax = 64 * 2 ** 20;
/** A name as far as it can be passed on at all; the upload service makes it fit to be shown. */
export const writable = (name: string): string => name.slice(0, 1_000).toWellFormed().replaceAll("\0", "");
/** Bytes alone. No page of another site can send this type without being asked. */
const bare = /^application\/octet-stream *(?:;|$)/i;

interface Parts {
  readonly blob: BlobStore;
  readonly upload: Client<typeof upload>;
  readonly media: Client<typeof media>;
}
interface Source {
  readonly bytes: Incoming;
  /** Takes the memory of used bytes back, where they are nobody else's. */
  readonly spent?: (bytes: Buffer) => void;
  readonly filename: string;
}

/** Files and chunks that come through routes of the contract: bytes → blob store with back-pressure, then the call. */
export class Uploads {
  readonly #parts: Parts;
  /** What comes in now; each settles when nothing of it is left to do. */
  readonly #taking = new Set<Promise<unknown>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether the body carries bytes and not the method's input. */
  static isBytes({ headers }: HttpRequest, { gives }: UploadDoor): boolean {
    const type = headers["content-type"] ?? "";
    return isForm(type) || (gives !== "mediaId" && bare.test(type));
  }

  /**
   * Reads a form with one file, or bytes alone with the other fields in the query, and yields the method's input. Nothing
   * is kept unless the last byte arrived.
   */
  async receive(request: HttpRequest, method: Method, door: UploadDoor, call: Call): Promise<Record<string, unknown>> {
    try {
      const readText = textReader(method.input);
      const read = (fields: Fields) => readText(fields) as Record<string, unknown>; // The reader of an object yields an object.
      if (isForm(request.headers["content-type"] ?? "")) {
        const { fields, taken } = await readForm(request, [door.field], (bytes, filename) =>
          this.#take({ bytes, filename }, request, method, door, call),
        );
        const input = read(fields);
        return { ...input, [door.gives]: await taken.end(input) };
      }
      if (!Uploads.isBytes(request, door)) throw WrongType({});
      const { name, ...query } = request.query;
      const input = read({ ...query, ...request.params });
      const filename = typeof name === "string" ? name : "";
      const source = { bytes: request.raw, filename, spent: spentOf(request.raw) };
      const taken = await this.#take(source, request, method, door, call);
      return { ...input, [door.gives]: await taken.end(input) };
    } catch (error) {
      drain(request.raw);
      throw error;
    }
  }

  /** Lets bytes go that were received for a call that was refused. */
  async refused(door: UploadDoor, input: Fields, error: unknown): Promise<void> {
    if (door.gives !== "piece") return;
    const { name } = input["piece"] as { name: string }; // Put there by `receive`.
    await dropRefused(this.#parts.blob, [name], error);
  }

  /** Lets a stop wait for what another door takes in. */
  during<T>(taking: Promise<T>): Promise<T> {
    this.#taking.add(taking);
    void taking.catch(() => undefined).then(() => this.#taking.delete(taking));
    return taking;
  }

  /** Settles when everything that came in is kept or given up; a stop waits for it. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#taking);
  }

  #take(source: Source, request: HttpRequest, method: Method, door: UploadDoor, call: Call): Promise<Taken> {
    return this.during(
      door.gives === "piece"
        ? this.#chunk(source, call)
        : this.#file(source, Number(request.headers["content-length"]) || undefined, method, door, call),
    );
  }

  async #chunk({ bytes, spent }: Source, { userId }: Call): Promise<Taken> {
    const tooLarge = () => ChunkTooLarge({ bytesMax: chunkBytesMax });
    const wanted = { bytesMax: chunkBytesMax, tooLarge, userId, ...(spent && { spent }) };
    const { pieces, sizeBytes, known } = await kept(bytes, this.#parts.blob, wanted);
    const [piece] = pieces;
    return { end: async () => ({ name: piece?.name ?? "0".repeat(32), sizeBytes, ...known }) };
  }

  async #file(
    { bytes, filename, spent }: Source,
    sizeBytes: number | undefined,
    method: Method,
    door: UploadDoor,
    call: Call,
  ): Promise<Taken> {
    const { blob, upload: uploads, media: mediaClient } = this.#parts;
    // Not ended with the client: a reservation whose number nobody learns could not be given back.
    const opening = { ...call, signal: AbortSignal.timeout(beginMsMax) };
    const begun = await uploads.open(
      { door: "form", name: writable(filename), ...(sizeBytes && { sizeBytes }) },
      opening,
    );
    const { id } = begun.session;
    const giveUp = async (error: unknown) => {
      // Giving the reservation back must not hide why the upload failed; the sweeper gives it back as well.
      await uploads.abandon({ id }, { ...call, signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
      throw error instanceof KinoraError ? error : UploadInterrupted({}, error);
    };
    const isOwn = (method as unknown) === upload.methods.send; // Compared by identity alone.
    const look = isOwn ? undefined : mediaOnly(await containersOff(mediaClient, call));
    const tooLarge = () => UploadTooLarge({ bytesMax: begun.bytesMax });
    const wanted = {
      bytesMax: begun.bytesMax,
      tooLarge,
      userId: call.userId,
      ...(look && { look: look.see }),
      ...(spent && { spent }),
    };
    const taken = await kept(bytes, blob, wanted).catch(giveUp);
    const end = async (input: Fields): Promise<Id> => {
      look?.end();
      const destination = isOwn ? destinationOf(input) : {};
      const { pieces, known } = taken;
      const whole = { id, pieces: [...pieces], known, sizeBytes: taken.sizeBytes, ...destination };
      const file = await uploads.finish(whole, unkeyed(call));
      return door.gives === "mediaId" ? (await mediaClient.upload({ fileId: file.id }, call)).id : file.id;
    };
    return {
      end: (input) =>
        end(input).catch(async (error: unknown) => {
          const names = taken.pieces.map(({ name }) => name);
          await dropRefused(blob, names, error);
          return giveUp(error);
        }),
    };
  }
}

/** Bytes that are kept, and what is made of them once everything else of the request was read. */
interface Taken {
  end(input: Fields): Promise<unknown>;
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
