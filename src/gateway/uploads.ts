import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { type BlobStore, type Call, type Client, failure, type Id, KinoraError } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import { sniff, sniffBytesMax } from "#media/sniff";
import { EmptyMedia, media, UnsupportedMedia } from "#services/media/contract";
import { type upload, UploadInterrupted, UploadTooLarge } from "#services/upload/contract";
import { Busboy, type BusboyFileStream, type BusboyInstance } from "@fastify/busboy";
import type { UploadDoor } from "#kernel/contract";
import type { HttpRequest } from "#kernel/http/port";

const MissingFile = failure("invalid", "upload.missing_file", "the form has no file");

const limits = { fields: 100, fieldSize: 64 * 2 ** 10, fieldNameSize: 100, files: 1, parts: 101, headerPairs: 50 };
/** How much of a refused upload is read and dropped, so that the client gets to see the answer. */
const drainedBytesMax = 8 * 2 ** 20;
const beginMsMax = 10_000;
/** A name as far as it can be passed on at all; the upload service makes it fit to be shown. */
const writable = (name: string): string => name.slice(0, 1_000).toWellFormed().replaceAll("\0", "");

interface Received {
  readonly fields: Record<string, unknown>;
  /** The id the door gives: of the stored file, or of the media object made from it. */
  readonly value: Id;
}

/** The one streaming upload: form → blob store with back-pressure, hashed and looked at on the way. */
export class Uploads {
  readonly #blob: BlobStore;
  readonly #upload: Client<typeof upload>;
  readonly #media: Client<typeof media>;
  /** Files that come in now; each settles when nothing of it is left to do. */
  readonly #taking = new Set<Promise<Id>>();

  constructor(blob: BlobStore, uploadClient: Client<typeof upload>, mediaClient: Client<typeof media>) {
    this.#blob = blob;
    this.#upload = uploadClient;
    this.#media = mediaClient;
  }

  /** Reads a multipart form with exactly one file. Nothing of it is kept unless its last byte arrived. */
  async receive(request: HttpRequest, door: UploadDoor, call: Call): Promise<Received> {
    try {
      const { fields, fileId } = await this.#form(request, door.field, call);
      if (door.gives === "fileId") return { fields, value: fileId };
      const made = await this.#media.upload({ fileId }, call);
      return { fields, value: made.id };
    } catch (error) {
      drain(request.raw);
      throw error;
    }
  }

  /** Settles when every file that came in is kept or given up; a stop waits for it. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#taking);
  }

  #form(request: HttpRequest, field: string, call: Call): Promise<{ fields: Record<string, unknown>; fileId: Id }> {
    return new Promise((resolve, reject) => {
      let form: BusboyInstance;
      try {
        form = new Busboy({ headers: request.headers as IncomingHttpHeaders & { "content-type": string }, limits });
      } catch (error) {
        reject(InvalidInput({ fields: [{ field: "content-type", message: "not a readable form" }] }, error));
        return;
      }
      const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
      let file: Promise<Id> | undefined;
      let taken: BusboyFileStream | undefined;
      const interrupted = (error: Error = new Error("the client went away")) => {
        taken?.destroy(error);
        const why = UploadInterrupted({}, error);
        // The file itself knows best why it was not taken: a full disk ends its stream too.
        if (file) file.then(() => reject(why), reject);
        else reject(why);
      };
      form.on("field", (name, value) => {
        const before = fields[name];
        fields[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
      });
      form.on("file", (name, stream, filename) => {
        // A part that ends too early says so on its stream alone, also when nobody reads it yet: unheard, it would end
        // the process. The stream itself has to end for whoever reads it later.
        stream.on("error", (error) => {
          stream.destroy(error);
          interrupted(error);
        });
        if (name !== field || file) {
          stream.resume();
          return;
        }
        taken = stream;
        file = this.#take(stream, filename ?? "", Number(request.headers["content-length"]) || undefined, call);
        file.catch(reject);
        const taking = file;
        this.#taking.add(taking);
        void taking.catch(() => undefined).then(() => this.#taking.delete(taking));
      });
      form.on("error", interrupted);
      form.on("finish", () => {
        if (!file) reject(MissingFile({}));
        else file.then((fileId) => resolve({ fields, fileId }), reject);
      });
      request.raw.once("aborted", () => interrupted());
      request.raw.once("error", interrupted);
      request.raw.pipe(form);
    });
  }

  async #take(stream: BusboyFileStream, name: string, sizeBytes: number | undefined, call: Call): Promise<Id> {
    // Not ended with the client: a reservation whose number nobody learns could not be given back.
    const opening = { ...call, signal: AbortSignal.timeout(beginMsMax) };
    const begun = await this.#upload.begin({ name: writable(name), ...(sizeBytes && { sizeBytes }) }, opening);
    const writer = await this.#blob.create("upload").catch(async (error: unknown) => {
      await this.#upload.abandon({ id: begun.id }, call);
      throw error;
    });
    try {
      const head: Buffer[] = [];
      let seen = 0;
      let type: ReturnType<typeof sniff> | undefined;
      const look = () => {
        if (seen === 0) throw EmptyMedia({});
        type = sniff(Buffer.concat(head));
        head.length = 0;
        if (!type) throw UnsupportedMedia({});
      };
      for await (const chunk of stream as Readable & AsyncIterable<Buffer>) {
        seen += chunk.byteLength;
        if (seen > begun.bytesMax) throw UploadTooLarge({ bytesMax: begun.bytesMax });
        if (!type) {
          head.push(chunk);
          if (seen >= sniffBytesMax) look();
        }
        await writer.write(chunk);
      }
      if (!type) look();
      if (stream.truncated) throw UploadInterrupted({});
      if (!type) throw UnsupportedMedia({});
      const stored = await writer.commit();
      const file = await this.#upload.complete({ id: begun.id, ...stored, mime: type.mime, kind: type.kind }, call);
      return file.id;
    } catch (error) {
      await writer.abort();
      // Giving the reservation back must not hide why the upload failed; the sweeper gives it back as well.
      await this.#upload
        .abandon({ id: begun.id }, { ...call, signal: AbortSignal.timeout(5_000) })
        .catch(() => undefined);
      throw error instanceof KinoraError ? error : UploadInterrupted({}, error);
    }
  }
}

/** Reads on for a while, so that a client still sending sees the answer instead of a broken connection. */
function drain(request: Readable): void {
  request.unpipe();
  let dropped = 0;
  request.on("data", (chunk: Buffer) => {
    dropped += chunk.byteLength;
    if (dropped > drainedBytesMax) request.destroy();
  });
  request.on("error", () => undefined);
  request.resume();
}
