import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { failure } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import type { HttpRequest } from "#kernel/http/port";
import { UploadInterrupted } from "#services/upload/contract";
import { Busboy, type BusboyFileStream, type BusboyInstance } from "@fastify/busboy";

const MissingFile = failure("invalid", "upload.missing_file", "the form has no file");

const limits = { fields: 100, fieldSize: 64 * 2 ** 10, fieldNameSize: 100, files: 1, parts: 101, headerPairs: 50 };
/** How much of a refused upload is read and dropped, so that the client gets to see the answer. */
const drainedBytesMax = 8 * 2 ** 20;

export type Fields = Readonly<Record<string, unknown>>;
/** Bytes as they come in; it fails where they end too early. */
export type Incoming = AsyncIterable<Buffer>;

/** What is made of a form's file; `before`: the fields that came before it. */
type Take<T> = (bytes: Incoming, filename: string, before: Fields) => Promise<T>;

/**
 * Reads a multipart form with exactly one file, in any of these fields, with other fields before or behind it. What `take`
 * makes of the file is the form's only when its last byte has arrived.
 * @param fileless what is thrown instead where there is no file may depend on the fields
 * @throws UploadInterrupted, MissingFile, InvalidInput, and whatever `take` does
 */
export async function readForm<T>(
  request: HttpRequest,
  names: readonly string[],
  take: Take<T>,
  fileless: (fields: Fields) => Promise<unknown> = async () => undefined,
): Promise<{ fields: Fields; taken: T }> {
  const { fields, taken } = await read(request, names, async (...file) => ({ made: await take(...file) }));
  if (!taken) {
    await fileless(fields);
    throw MissingFile({});
  }
  return { fields, taken: taken.made };
}

/** Reads a form without a file; one that is there is dropped. @throws UploadInterrupted, InvalidInput */
export async function readFields(request: HttpRequest): Promise<Fields> {
  return (await read(request, [], async () => undefined)).fields;
}

function read<T>(
  request: HttpRequest,
  names: readonly string[],
  take: Take<T>,
): Promise<{ fields: Fields; taken: T | undefined }> {
  return new Promise((resolve, reject) => {
    let form: BusboyInstance;
    try {
      form = new Busboy({ headers: request.headers as IncomingHttpHeaders & { "content-type": string }, limits });
    } catch (error) {
      reject(InvalidInput({ fields: [{ field: "content-type", message: "not a readable form" }] }, error));
      return;
    }
    const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    let file: Promise<T> | undefined;
    let stream: BusboyFileStream | undefined;
    const interrupted = (error: Error = new Error("the client went away")) => {
      stream?.destroy(error);
      const why = UploadInterrupted({}, error);
      // The file itself knows best why it was not taken: a full disk ends its stream too.
      if (file) file.then(() => reject(why), reject);
      else reject(why);
    };
    form.on("field", (name, value) => {
      const before = fields[name];
      fields[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
    });
    form.on("file", (name, part, filename) => {
      // A part that ends too early says so on its stream alone, also when nobody reads it yet: unheard, it would end
      // the process. The stream itself has to end for whoever reads it later.
      part.on("error", (error) => {
        part.destroy(error);
        interrupted(error);
      });
      if (!names.includes(name) || file) {
        part.resume();
        return;
      }
      stream = part;
      file = take(whole(part), filename ?? "", { ...fields });
      file.catch(reject);
    });
    form.on("error", interrupted);
    form.on("finish", () => {
      if (!file) resolve({ fields, taken: undefined });
      else file.then((taken) => resolve({ fields, taken }), reject);
    });
    request.raw.once("aborted", () => interrupted());
    request.raw.once("error", interrupted);
    request.raw.pipe(form);
  });
}

async function* whole(part: BusboyFileStream): AsyncGenerator<Buffer> {
  yield* part as Readable & AsyncIterable<Buffer>; // A binary stream of Node's.
  if (part.truncated) throw UploadInterrupted({});
}

/** Reads on for a while, so that a client still sending sees the answer instead of a broken connection. */
export function drain(request: Readable): void {
  request.unpipe();
  // Whoever began to read it may still wait for more, and then nothing flows: the next request on this connection would
  // stand behind these bytes for ever.
  request.removeAllListeners("readable");
  let dropped = 0;
  request.on("data", (chunk: Buffer) => {
    dropped += chunk.byteLength;
    if (dropped > drainedBytesMax) request.destroy();
  });
  request.on("error", () => undefined);
  request.resume();
}
