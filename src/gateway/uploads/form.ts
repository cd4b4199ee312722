import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { failure } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import { formLimits } from "#kernel/http/limits";
import type { HttpRequest } from "#kernel/http/port";
import { UploadInterrupted } from "#services/upload/contract";
import { Busboy, type BusboyFileStream, type BusboyInstance } from "@fastify/busboy";

const MissingFile = failure("invalid", "upload.missing_file", "the form has no file");

/** How much of a refused upload is read and dropped, so that the client reads the answer. */
const drainedBytesMax = 8 * 2 ** 20;

export type Fields = Readonly<Record<string, unknown>>;
/** Bytes as they come in; it fails where they end too early. */
export type Incoming = AsyncIterable<Buffer>;

/** Receives a form's file; `before`: the fields that came before it. */
type Receive<T> = (bytes: Incoming, filename: string, before: Fields) => Promise<T>;

/**
 * Reads a multipart form with exactly one file, in any of these fields, with other fields before or behind it. Yields what
 * `receive` made of the file, once the last byte of the form has arrived.
 * @param withoutFile may throw another failure than MissingFile, by the fields
 * @throws UploadInterrupted, MissingFile, InvalidInput, and the failures of `receive`
 */
export async function readForm<T>(
  request: HttpRequest,
  names: readonly string[],
  receive: Receive<T>,
  withoutFile: (fields: Fields) => Promise<unknown> = async () => undefined,
): Promise<{ fields: Fields; file: T }> {
  const { fields, file } = await read(request, names, async (...part) => ({ received: await receive(...part) }));
  if (!file) {
    await withoutFile(fields);
    throw MissingFile({});
  }
  return { fields, file: file.received };
}

/** Reads a form without a file; a file in it is dropped. @throws UploadInterrupted, InvalidInput */
export async function readFields(request: HttpRequest): Promise<Fields> {
  return (await read(request, [], async () => undefined)).fields;
}

function read<T>(
  request: HttpRequest,
  names: readonly string[],
  receive: Receive<T>,
): Promise<{ fields: Fields; file: T | undefined }> {
  return new Promise((resolve, reject) => {
    let form: BusboyInstance;
    try {
      form = new Busboy({
        headers: request.headers as IncomingHttpHeaders & { "content-type": string },
        limits: formLimits,
      });
    } catch (error) {
      reject(InvalidInput({ fields: [{ field: "content-type", message: "not a readable form" }] }, error));
      return;
    }
    const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    let file: Promise<T> | undefined;
    let stream: BusboyFileStream | undefined;
    const interrupt = (error: Error = new Error("the client went away")) => {
      stream?.destroy(error);
      const interruption = UploadInterrupted({}, error);
      // The failure of the file itself says more: a full disk ends its stream too.
      if (file) file.then(() => reject(interruption), reject);
      else reject(interruption);
    };
    form.on("field", (name, value) => {
      const earlier = fields[name];
      // Browsers send line breaks of forms as CRLF (HTML §4.10.22.4); the same text in JSON has the ones that were typed.
      const text = typeof value === "string" ? value.replaceAll("\r\n", "\n") : value;
      fields[name] = earlier === undefined ? text : [...(Array.isArray(earlier) ? earlier : [earlier]), text];
    });
    form.on("file", (name, part, filename) => {
      // A part that ends too early emits an error on its stream, also before anybody reads it: without a listener that would
      // end the process. The stream is destroyed for its later reader.
      part.on("error", (error) => {
        part.destroy(error);
        interrupt(error);
      });
      if (!names.includes(name) || file) {
        part.resume();
        return;
      }
      stream = part;
      file = receive(requireWhole(part), fileNameOf(filename ?? ""), { ...fields });
      file.catch(reject);
    });
    form.on("error", interrupt);
    form.on("finish", () => {
      if (!file) resolve({ fields, file: undefined });
      else file.then((received) => resolve({ fields, file: received }), reject);
    });
    request.raw.once("aborted", () => interrupt());
    request.raw.once("error", interrupt);
    request.raw.pipe(form);
  });
}

async function* requireWhole(part: BusboyFileStream): AsyncGenerator<Buffer> {
  yield* part as Readable & AsyncIterable<Buffer>; // A binary stream of Node's.
  if (part.truncated) throw UploadInterrupted({});
}

/** Reads on for a while, so that a client still sending sees the answer instead of a broken connection. */
export function drain(request: Readable): void {
  request.unpipe();
  // A reader that still waits for more would stop the flow: the next request on this connection would wait behind these
  // bytes for ever.
  request.removeAllListeners("readable");
  let droppedBytes = 0;
  request.on("data", (chunk: Buffer) => {
    droppedBytes += chunk.byteLength;
    if (droppedBytes > drainedBytesMax) request.destroy();
  });
  request.on("error", () => undefined);
  request.resume();
}

/** Browsers write quotes and line breaks of a file's name as these alone (HTML §4.10.22.7). Pure. */
export const fileNameOf = (written: string): string =>
  written.replaceAll(/%(?:22|0D|0A)/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
