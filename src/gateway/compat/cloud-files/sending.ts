import { type BlobStore, type Call, type Client, type Contract, type Id, KinoraError } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { BadToken } from "#services/auth/contract";
import { drive } from "#services/drive/contract";
import {
  ChunkMismatch,
  ChunkTooLarge,
  HashMismatch,
  NotInstant,
  type StoredFile,
  UploadInterrupted,
  UploadNotFound,
  UploadTooLarge,
  upload,
} from "#services/upload/contract";
import type { Admission } from "../../identity/admission.ts";
import { isWholeForm, merged, type Parameters } from "../parameters.ts";
import type { RawRoute } from "../../raw-route.ts";
import { type Fields, type Incoming, readForm } from "../../uploads/form.ts";
import { dropRefused, type Kept, kept } from "../../uploads/kept.ts";
import { chunkBytesMax, type Uploads, writable } from "../../uploads/uploads.ts";
import { type Caller, type Callers, isNamed } from "./caller.ts";
import { succeeded } from "./envelope.ts";
import { Begin, Complete, Fast, MaybeHash, Part, parametersOf, read } from "./parameters.ts";

export interface SendingParts {
  readonly admission: Admission;
  readonly client: <C extends Contract>(c: C) => Client<C>;
  readonly blob: BlobStore;
  readonly uploads: Uploads;
  readonly callers: Callers;
}

/** An upload takes as long as it takes. */
const waitMs = 12 * 3_600_000;
const partBytes = 5 * 2 ** 20;
/** What is taken of somebody who says behind their file who they are. */
const strangersBytesMax = 64 * 2 ** 20;
const door = "cloudfiles" as const;
const purpose = "drive" as const;
const sha1 = (hex: string) => ({ kind: "sha1" as const, hex });
const tooLarge = () => ChunkTooLarge({ bytesMax: chunkBytesMax });

/** A file whose bytes are durable, and where there is room for it once somebody is known to have sent it. */
interface Taken {
  readonly bytes: Kept;
  readonly name: string;
  readonly begun?: { readonly caller: Caller; readonly sessionId: Id; readonly by: Parameters };
}

/** Files on their way in: whole, by their hash alone, or in parts. */
export function sending({ client, blob, uploads, callers, admission }: SendingParts) {
  const engine = client(upload);
  /** Under the name the engine made fit to be one. */
  const keep = async ({ id: fileId, name }: StoredFile, { call }: Caller) => client(drive).keep({ fileId, name }, call);

  const take = async (
    route: RawRoute,
    request: HttpRequest,
    reply: HttpReply,
    incoming: Incoming,
    filename: string,
    by: Parameters,
  ): Promise<Taken> => {
    const name = writable(filename);
    const also = ["sha1"] as const;
    if (!isNamed(request, by)) {
      await admission.count(route.rate, route.group, { source: await admission.pseudonym(request.ip) });
      const tooMuch = () => UploadTooLarge({ bytesMax: strangersBytesMax });
      return { name, bytes: await kept(incoming, blob, { bytesMax: strangersBytesMax, also, tooLarge: tooMuch }) };
    }
    const caller = await callers.begin(route, request, reply, by, waitMs);
    const announced = Number(request.headers["content-length"]) || undefined;
    const opening = { door: "form" as const, name, purpose };
    const { session, bytesMax } = await engine.open(
      { ...opening, ...(announced !== undefined && { sizeBytes: announced }) },
      caller.call,
    );
    const begun = { caller, sessionId: session.id, by };
    const tooMuch = () => UploadTooLarge({ bytesMax });
    const bytes = await kept(incoming, blob, { bytesMax, also, tooLarge: tooMuch }).catch(async (error: unknown) => {
      await abandon(begun);
      throw error instanceof KinoraError ? error : UploadInterrupted({}, error);
    });
    return { name, bytes, begun };
  };

  async function abandon({ caller, sessionId }: NonNullable<Taken["begun"]>): Promise<void> {
    // Giving the reservation back must not hide why the upload failed; the sweeper gives it back as well.
    const call = { ...caller.call, signal: AbortSignal.timeout(5_000) };
    await engine.abandon({ id: sessionId }, call).catch(() => undefined);
  }

  /** Makes the file of what arrived, once all of the form was read. */
  async function settle(route: RawRoute, request: HttpRequest, reply: HttpReply, taken: Taken, fields: Fields) {
    const given = merged(request.query, fields);
    const { bytes, name } = taken;
    let { begun } = taken;
    try {
      if (begun && (begun.by["token"] !== given["token"] || begun.by["username"] !== given["username"]))
        throw BadToken({});
      const { filehash } = read(MaybeHash, given);
      if (!begun) {
        const caller = await callers.begin(route, request, reply, given, waitMs);
        const opening = { door: "form" as const, name, purpose, sizeBytes: bytes.sizeBytes };
        begun = { caller, sessionId: (await engine.open(opening, caller.call)).session.id, by: given };
      }
      const { caller, sessionId: id } = begun;
      const whole = { id, pieces: [...bytes.pieces], known: bytes.known, sizeBytes: bytes.sizeBytes, name };
      const file = await engine.finish(
        { ...whole, purpose, onMismatch: "end", ...(filehash !== undefined && { hash: sha1(filehash) }) },
        caller.call,
      );
      return await keep(file, caller);
    } catch (error) {
      const pieces = bytes.pieces.map((piece) => piece.name);
      await dropRefused(blob, pieces, error);
      if (begun) await abandon(begun);
      throw error;
    }
  }

  type Handler = (route: RawRoute, request: HttpRequest, reply: HttpReply) => Promise<unknown>;

  const whole: Handler = async (route, request, reply) => {
    const { fields, taken } = await readForm(request, ["file"], (incoming, filename, before) =>
      uploads.during(take(route, request, reply, incoming, filename, merged(request.query, before))),
    );
    const file = await settle(route, request, reply, taken, fields);
    if (/^\s*text\/html\b/i.test(request.headers.accept ?? "")) return reply.code(302).header("location", "/").send();
    return succeeded({ FileHash: taken.bytes.known.sha1, FileName: file.name, FileSize: file.sizeBytes });
  };

  const fast: Handler = async (route, request, reply) => {
    const given = await parametersOf(request);
    const caller = await callers.begin(route, request, reply, given, waitMs);
    const { filehash, filename, filesize } = read(Fast, given);
    const asked = { hash: sha1(filehash), sizeBytes: filesize, name: filename, purpose };
    const { file } = await engine.instant(asked, caller.call);
    if (!file) throw NotInstant({});
    await keep(file, caller);
    return succeeded();
  };

  const begin: Handler = async (route, request, reply) => {
    const given = await parametersOf(request);
    const { call } = await callers.begin(route, request, reply, given, waitMs);
    const { filehash, filesize, filename = filehash } = read(Begin, given);
    const opening = { door, purpose, name: filename, hash: sha1(filehash) } as const;
    const { session } = await engine.open({ ...opening, sizeBytes: filesize, chunkBytes: partBytes }, call);
    const { indexes } = await engine.session({ id: session.id, door }, call);
    return succeeded({
      FileHash: filehash,
      FileSize: filesize,
      UploadID: String(session.id),
      UploadId: String(session.id),
      ChunkSize: session.chunkBytes ?? partBytes,
      ChunkCount: session.chunkCount ?? 0,
      ChunkExists: indexes.map((index) => index + 1),
    });
  };

  const part: Handler = async (route, request, reply) => {
    /** A hash that is sent behind the bytes is told too late to be computed then. */
    const keepPart = (incoming: Incoming, isHashed: boolean) =>
      uploads.during(
        kept(incoming, blob, { bytesMax: chunkBytesMax, tooLarge, ...(isHashed && { also: ["sha1"] as const }) }),
      );
    const query = merged(request.query, {});
    if (!isWholeForm(request)) {
      const { call } = await callers.begin(route, request, reply, query, waitMs);
      const asked = read(Part, query);
      return note(await keepPart(request.raw, asked.chkhash !== undefined), async () => ({ call, asked }));
    }
    const known = isNamed(request, query) ? await callers.begin(route, request, reply, query, waitMs) : undefined;
    const { fields, taken } = await readForm(request, ["file", "data"], (incoming) => keepPart(incoming, true));
    return note(taken, async () => {
      const given = merged(request.query, fields);
      const isSame = given["token"] === query["token"] && given["username"] === query["username"];
      const { call } = known && isSame ? known : await callers.begin(route, request, reply, given, waitMs);
      return { call, asked: read(Part, given) };
    });
  };

  async function note(bytes: Kept, by: () => Promise<{ call: Call; asked: ReturnType<typeof read<typeof Part>> }>) {
    try {
      const { call, asked } = await by();
      const { uploadid: id, index, chkhash } = asked;
      if (chkhash !== undefined && chkhash !== bytes.known.sha1) throw ChunkMismatch({});
      if (id === 0) throw UploadNotFound({});
      const { session } = await engine.session({ id, door, isBrief: true }, call);
      const { name } = bytes.pieces[0] ?? { name: "0".repeat(32) };
      const piece = { name, sizeBytes: bytes.sizeBytes, ...bytes.known };
      await engine.chunk({ uploadId: session.id, index: index - 1, piece }, call);
      return succeeded();
    } catch (error) {
      const pieces = bytes.pieces.map((piece) => piece.name);
      await dropRefused(blob, pieces, error);
      throw error;
    }
  }

  const complete: Handler = async (route, request, reply) => {
    const given = await parametersOf(request);
    const caller = await callers.begin(route, request, reply, given, waitMs);
    const { call } = caller;
    const { uploadid, filehash, filesize, filename } = read(Complete, given);
    if (uploadid === 0) throw UploadNotFound({});
    const { session } = await engine.session({ id: uploadid, door, isBrief: true }, call);
    const { id, chunkCount } = session;
    const name = filename ?? session.name;
    if (session.hash?.hex !== filehash || session.sizeBytes !== filesize) {
      if (session.status === "uploading") await engine.cancel({ id }, call);
      throw HashMismatch({});
    }
    const file = await engine.finish({ id, name, onMismatch: "end", ...(chunkCount && { chunkCount }) }, call);
    await keep(file, caller);
    return succeeded();
  };

  return { upload: whole, fastupload: fast, begin, part, complete };
}
