import { type Call, type Client, failure, type Id, KinoraError } from "#kernel";
import { WrongType } from "#kernel/http/errors";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { spentOf } from "#kernel/http/socket-memory";
import { UnsupportedMedia } from "#services/media/contract";
import { type Session, UploadCompleted, UploadEnded, UploadNotFound, upload } from "#services/upload/contract";
import type { ClientOf } from "../client-of.ts";
import type { Appender } from "./appender.ts";
import { type Placement, placeFile } from "./placement.ts";
import { checksumIn, concatIn, destinationIn, headerOf, metadataIn, numberIn } from "./tus-headers.ts";
import { tusBase } from "./tus-routes.ts";

export interface TusParts {
  readonly client: ClientOf;
  readonly appender: Appender;
}

const offsetStream = /^application\/offset\+octet-stream *(?:;|$)/i;

const FinalUpload = failure(
  "denied",
  "tus.final_upload",
  "a concatenation is made of its parts, nothing is added to it",
);
const NoOffset = failure("invalid", "tus.no_offset", "say at which offset the upload goes on");
const NoLength = failure("invalid", "tus.no_length", "say how long the upload is, or that you do not know yet");

type FinishedFile = Placement & { readonly fileId: Id };

/** The requests of tus 1.0 about one upload, each a step of an upload session. */
export class TusHandlers {
  readonly #client: ClientOf;
  readonly #uploads: Client<typeof upload>;
  readonly #appender: Appender;

  constructor({ client, appender }: TusParts) {
    this.#client = client;
    this.#uploads = client(upload);
    this.#appender = appender;
  }

  async create(request: HttpRequest, reply: HttpReply, call: Call, keyedCall: Call): Promise<HttpReply> {
    const sizeBytes = numberIn("Upload-Length", headerOf(request, "upload-length"));
    const concat = concatIn(headerOf(request, "upload-concat"));
    const isDeferred = headerOf(request, "upload-defer-length") === "1";
    if (concat?.kind !== "final" && (sizeBytes === undefined) !== isDeferred) throw NoLength({});
    const metadata = headerOf(request, "upload-metadata");
    const { session } = await this.#uploads.open(
      {
        endpoint: "tus",
        ...destinationIn(metadataIn(metadata)),
        ...(sizeBytes !== undefined && concat?.kind !== "final" && { sizeBytes }),
        metadata: JSON.stringify({ metadata, concat: headerOf(request, "upload-concat") } satisfies StoredHeaders),
        isPartial: concat?.kind === "partial",
      },
      keyedCall,
    );
    reply
      .header("location", `${tusBase}/${session.id}`)
      .header("upload-expires", new Date(session.expiresAtMs).toUTCString());
    if (concat?.kind === "final") {
      writeIds(reply, await this.#concatenate(session.id, concat.ids, call));
      return reply.code(201).send();
    }
    const hasBody = request.headers["content-type"] !== undefined && request.headers["content-length"] !== "0";
    if (hasBody) await this.#receive(request, reply, session.id, 0, call);
    else if (sizeBytes === 0) writeIds(reply, await this.#finish(session, undefined, call));
    return reply.code(201).send();
  }

  /** How much of an upload is durable. */
  async describe(request: HttpRequest, reply: HttpReply, call: Call): Promise<HttpReply> {
    const session = await this.#session(request, call);
    const isHeld = session.isHeld && session.status === "uploading";
    const settled = isHeld ? await this.#appender.settle(session.id, call) : undefined;
    const offset = settled ?? session.receivedBytes;
    // A process that died after the last byte left the file to be made now. A lost answer is given again.
    if (offset === session.sizeBytes && session.status === "uploading")
      writeIds(reply, await this.#finish(session, undefined, call));
    else if (session.status === "completed")
      writeIds(reply, await unlessDeleted(this.#finish(session, undefined, call)));
    const { metadata, concat } = storedHeaders(session);
    reply.headers({ "cache-control": "no-store", "upload-offset": offset });
    if (session.sizeBytes === null) reply.header("upload-defer-length", 1);
    else reply.header("upload-length", session.sizeBytes);
    if (metadata !== undefined) reply.header("upload-metadata", metadata);
    if (concat !== undefined) reply.header("upload-concat", concat);
    if (session.status === "uploading") reply.header("upload-expires", new Date(session.expiresAtMs).toUTCString());
    return reply.code(200).send();
  }

  async append(request: HttpRequest, reply: HttpReply, call: Call): Promise<HttpReply> {
    const id = idIn(request);
    const offset = numberIn("Upload-Offset", headerOf(request, "upload-offset"));
    if (offset === undefined) throw NoOffset({});
    const length = numberIn("Upload-Length", headerOf(request, "upload-length"));
    if (length !== undefined) await this.#uploads.announce({ id, sizeBytes: length }, call);
    await this.#receive(request, reply, id, offset, call).catch(async (error: unknown) => {
      if (!(error instanceof KinoraError) || error.code !== UploadCompleted.code) throw error;
      throw storedHeaders(await this.#session(request, call)).concat === undefined ? error : FinalUpload({});
    });
    return reply.code(204).send();
  }

  async cancel(request: HttpRequest, reply: HttpReply, call: Call): Promise<HttpReply> {
    const { id } = await this.#session(request, call);
    await this.#uploads.cancel({ id }, call);
    return reply.code(204).send();
  }

  /** @throws UploadNotFound, UploadGone */
  async #session(request: HttpRequest, call: Call): Promise<Session> {
    const { session } = await this.#uploads.session({ id: idIn(request), endpoint: "tus" }, call);
    if (session.status === "cancelled" || session.status === "expired") throw UploadEnded({});
    return session;
  }

  /** Makes the file once the last byte is there; undefined for a part of a concatenation. */
  async #finish(
    { id, isPartial }: Pick<Session, "id" | "isPartial">,
    sha256: string | undefined,
    call: Call,
  ): Promise<FinishedFile | undefined> {
    if (isPartial) return undefined;
    const content = sha256 !== undefined && { known: { sha256 } };
    const file = await this.#uploads.finish({ id, onMismatch: "end", ...content }, call);
    return { fileId: file.id, ...(await placeFile(this.#client, file, call)) };
  }

  async #concatenate(id: Id, partialIds: readonly number[], call: Call): Promise<FinishedFile> {
    const input = { id, partials: [...partialIds], onMismatch: "end" as const };
    const file = await this.#uploads.finish(input, call).catch(async (error: unknown) => {
      await this.#uploads.cancel({ id }, call);
      throw error;
    });
    return { fileId: file.id, ...(await placeFile(this.#client, file, call)) };
  }

  async #receive(request: HttpRequest, reply: HttpReply, id: Id, offset: number, call: Call): Promise<void> {
    if (!offsetStream.test(request.headers["content-type"] ?? "")) throw WrongType({});
    const checksum = checksumIn(headerOf(request, "upload-checksum"));
    const body = { bytes: request.raw, release: spentOf(request.raw) };
    const appended = await this.#appender.append(id, offset, body, call, checksum).catch(async (error: unknown) => {
      // Further bytes cannot make it media.
      if (error instanceof KinoraError && error.code === UnsupportedMedia.code)
        await this.#uploads.cancel({ id }, call);
      throw error;
    });
    const { session, offset: end, sha256 } = appended;
    const file = end === session.sizeBytes ? await this.#finish(session, sha256, call) : undefined;
    reply.header("upload-offset", end).header("upload-expires", new Date(session.expiresAtMs).toUTCString());
    writeIds(reply, file);
  }
}

/** @throws UploadNotFound for a malformed id */
function idIn({ params: { id = "" } }: HttpRequest): Id {
  if (!/^[1-9]\d{0,15}$/.test(id)) throw UploadNotFound({});
  return Number(id);
}

/** The headers of its creation that a session stores. */
interface StoredHeaders {
  readonly metadata: string | undefined;
  readonly concat: string | undefined;
}
const storedHeaders = ({ metadata }: Session): Partial<StoredHeaders> =>
  metadata === null ? {} : (JSON.parse(metadata) as StoredHeaders); // Written above.

/** Undefined where the file was deleted since: its upload remains completed. */
function unlessDeleted<T>(file: Promise<T>): Promise<T | undefined> {
  return file.catch((error: unknown) => {
    if (error instanceof KinoraError && error.kind === "not_found") return undefined;
    throw error;
  });
}

/** The ids of the file and what was made of it, for which tus has no headers. */
function writeIds(reply: HttpReply, file: FinishedFile | undefined): void {
  if (!file) return;
  reply.header("kinora-file-id", file.fileId);
  if (file.mediaId !== null) reply.header("kinora-media-id", file.mediaId);
  if (file.entryId !== null) reply.header("kinora-entry-id", file.entryId);
}
