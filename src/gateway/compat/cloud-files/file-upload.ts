import { BadToken } from "#policy/account";
import { type BlobStore, type Client, type Id, KinoraError } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { drive } from "#services/drive/contract";
import { NotInstant, UploadInterrupted, UploadTooLarge, upload } from "#services/upload/contract";
import type { RawRoute } from "../../raw-route.ts";
import { type Fields, type Incoming, readForm } from "../../uploads/form.ts";
import { instantFile } from "../../uploads/instant-file.ts";
import { discardRejected, storeBytes, type StoredBytes } from "../../uploads/stored-bytes.ts";
import { transmittableName, type Uploads } from "../../uploads/uploads.ts";
import { mergeParameters, type Parameters } from "../parameters.ts";
import { type Caller, hasCredentials } from "./caller.ts";
import { type EndpointParts, type Handlers, sha1Hash, uploadWaitMs } from "./endpoints.ts";
import { successOf } from "./envelope.ts";
import { Fast, MaybeHash, parametersOf, parse } from "./parameters.ts";

interface FileUploadParts extends EndpointParts {
  readonly blob: BlobStore;
  readonly uploads: Uploads;
}

/** The limit for a file that comes before the credentials of its sender. */
const anonymousBytesMax = 64 * 2 ** 20;
const purpose = "drive" as const;
const otherHashes = ["sha1"] as const;

/** A file whose bytes are durable, and its upload session where the sender was known before the file. */
interface ReceivedFile {
  readonly bytes: StoredBytes;
  readonly name: string;
  readonly session?: OpenSession;
}
interface OpenSession {
  readonly caller: Caller;
  readonly id: Id;
  /** The parameters that named the caller. */
  readonly parameters: Parameters;
}

/** Whole files: sent in a form, or added by their hash alone. */
export function createFileUploadHandlers(parts: FileUploadParts): Handlers {
  const { client, callers } = parts;
  return {
    async upload(route, request, reply) {
      const form = new FormUpload(parts, route, request, reply);
      const { fields, file } = await readForm(request, ["file"], (incoming, filename, before) =>
        parts.uploads.track(form.receive(incoming, filename, before)),
      );
      const { name, sizeBytes } = await form.finish(file, fields);
      if (/^\s*text\/html\b/i.test(request.headers.accept ?? "")) return reply.code(302).header("location", "/").send();
      return successOf({ FileHash: file.bytes.digests.sha1, FileName: name, FileSize: sizeBytes });
    },

    async fastupload(route, request, reply) {
      const parameters = await parametersOf(request);
      const { call } = await callers.admit(route, request, reply, parameters, uploadWaitMs);
      const { filehash, filename, filesize } = parse(Fast, parameters);
      const content = { hash: sha1Hash(filehash), sizeBytes: filesize, name: filename, purpose };
      const file = await instantFile(client, content, call);
      if (!file) throw NotInstant({});
      await client(drive).keep({ fileId: file.id, name: file.name }, call);
      return successOf();
    },
  };
}

/** One form with a file; its sender may be named before or behind the file. */
class FormUpload {
  readonly #parts: FileUploadParts;
  readonly #uploads: Client<typeof upload>;
  readonly #route: RawRoute;
  readonly #request: HttpRequest;
  readonly #reply: HttpReply;

  constructor(parts: FileUploadParts, route: RawRoute, request: HttpRequest, reply: HttpReply) {
    this.#parts = parts;
    this.#uploads = parts.client(upload);
    this.#route = route;
    this.#request = request;
    this.#reply = reply;
  }

  async receive(incoming: Incoming, filename: string, before: Fields): Promise<ReceivedFile> {
    const parameters = mergeParameters(this.#request.query, before);
    const name = transmittableName(filename);
    if (!hasCredentials(this.#request, parameters)) {
      const { admission } = this.#parts;
      const source = await admission.pseudonym(this.#request.ip);
      await admission.count(this.#route.rate, this.#route.group, { source });
      return { name, bytes: await this.#store(incoming, anonymousBytesMax) };
    }
    const caller = await this.#admit(parameters);
    const announcedBytes = Number(this.#request.headers["content-length"]) || undefined;
    const size = announcedBytes !== undefined && { sizeBytes: announcedBytes };
    const opened = await this.#uploads.open({ endpoint: "form", name, purpose, ...size }, caller.call);
    const session = { caller, id: opened.session.id, parameters };
    const bytes = await this.#store(incoming, opened.bytesMax).catch(async (error: unknown) => {
      await this.#abandon(session);
      throw error instanceof KinoraError ? error : UploadInterrupted({}, error);
    });
    return { name, bytes, session };
  }

  /** Makes the file, once the whole form was read. */
  async finish({ bytes, name, session: begun }: ReceivedFile, fields: Fields) {
    const parameters = mergeParameters(this.#request.query, fields);
    let session = begun;
    try {
      if (session && !isSameCaller(session.parameters, parameters)) throw BadToken({});
      const { filehash } = parse(MaybeHash, parameters);
      session ??= await this.#open(name, bytes.sizeBytes, parameters);
      const { call } = session.caller;
      const content = { pieces: [...bytes.pieces], known: bytes.digests, sizeBytes: bytes.sizeBytes, name };
      const hash = filehash !== undefined && { hash: sha1Hash(filehash) };
      const file = await this.#uploads.finish(
        { id: session.id, ...content, purpose, onMismatch: "end", ...hash },
        call,
      );
      // The upload service made the name displayable.
      return await this.#parts.client(drive).keep({ fileId: file.id, name: file.name }, call);
    } catch (error) {
      await discardRejected(this.#parts.blob, bytes.pieces, error);
      if (session) await this.#abandon(session);
      throw error;
    }
  }

  async #open(name: string, sizeBytes: number, parameters: Parameters): Promise<OpenSession> {
    const caller = await this.#admit(parameters);
    const { session } = await this.#uploads.open({ endpoint: "form", name, purpose, sizeBytes }, caller.call);
    return { caller, id: session.id, parameters };
  }

  async #abandon({ caller, id }: OpenSession): Promise<void> {
    // A failure to give the reservation back must not hide why the upload failed; the sweeper gives it back as well.
    const call = { ...caller.call, signal: AbortSignal.timeout(5_000) };
    await this.#uploads.abandon({ id }, call).catch(() => undefined);
  }

  #admit(parameters: Parameters): Promise<Caller> {
    return this.#parts.callers.admit(this.#route, this.#request, this.#reply, parameters, uploadWaitMs);
  }

  #store(incoming: Incoming, bytesMax: number): Promise<StoredBytes> {
    const tooLarge = () => UploadTooLarge({ bytesMax });
    return storeBytes(incoming, this.#parts.blob, { bytesMax, otherHashes, tooLarge });
  }
}

/** True if two sets of parameters name the same caller. */
export const isSameCaller = (a: Parameters, b: Parameters): boolean =>
  a["token"] === b["token"] && a["username"] === b["username"];
