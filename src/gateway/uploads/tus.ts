import { type Call, type Client, type Contract, failure, type Id, KinoraError } from "#kernel";
import { WrongType } from "#kernel/http/errors";
import { spentOf } from "#kernel/http/socket-memory";
import type { HttpReply, HttpRequest, HttpServer } from "#kernel/http/port";
import { UnsupportedMedia } from "#services/media/contract";
import { type Session, UploadCompleted, UploadGone, UploadNotFound, upload } from "#services/upload/contract";
import type { Admission } from "../identity/admission.ts";
import { routeNamed } from "../raw-route.ts";
import type { Appending } from "./append.ts";
import { drain } from "./form.ts";
import { type Placed, placed } from "./placing.ts";
import {
  checksumAlgorithms,
  checksumIn,
  concatIn,
  destinationIn,
  metadataIn,
  numberIn,
  tusExtensions,
  tusVersion,
} from "./tus-headers.ts";
import { tusBase, tusRoutes } from "./tus-routes.ts";
import { unkeyed } from "./unkeyed.ts";

interface TusParts {
  readonly admission: Admission;
  readonly client: <C extends Contract>(c: C) => Client<C>;
  readonly appending: Appending;
  readonly fileBytesMax: number;
}

/** An upload takes as long as it takes. */
const waitMsMax = 12 * 3_600_000;
const offsetStream = /^application\/offset\+octet-stream *(?:;|$)/i;

const FinalUpload = failure(
  "denied",
  "tus.final_upload",
  "a concatenation is made of its parts, nothing is added to it",
);
const OtherVersion = failure("invalid", "tus.other_version", "this is tus 1.0.0", undefined, 412);
const NoOffset = failure("invalid", "tus.no_offset", "say at which offset the upload goes on");
const NoLength = failure("invalid", "tus.no_length", "say how long the upload is, or that you do not know yet");

/** tus 1.0: a thin way to speak about sessions that grow at their end. */
export function tus(server: HttpServer, { client, appending, fileBytesMax, admission }: TusParts): void {
  const uploads = client(upload);

  const route = (
    name: string,
    answer: (request: HttpRequest, reply: HttpReply, call: Call, keyed: Call) => Promise<unknown>,
  ) => {
    const declared = routeNamed(tusRoutes, name);
    server.route({
      method: declared.verb,
      url: declared.path,
      declared: `upload.${name}`,
      service: "upload",
      takes: "any",
      async handler(request, reply) {
        reply.header("tus-resumable", tusVersion);
        try {
          const call = await admission.admit(declared, declared.group, request, reply, waitMsMax);
          if (request.headers["tus-resumable"] !== tusVersion && request.method !== "OPTIONS") {
            reply.header("tus-version", tusVersion);
            throw OtherVersion({});
          }
          return await answer(request, reply, unkeyed(call), call);
        } catch (error) {
          drain(request.raw);
          throw error;
        }
      },
    });
  };

  async function mine(request: HttpRequest, call: Call): Promise<Session> {
    const { session } = await uploads.session({ id: idIn(request), door: "tus" }, call);
    if (session.status === "cancelled" || session.status === "expired") throw UploadGone({});
    return session;
  }

  /** Makes the file once the last byte is there. */
  async function ended(session: Pick<Session, "id" | "isPartial">, sha256: string | undefined, call: Call) {
    if (session.isPartial) return undefined;
    const given = { id: session.id, onMismatch: "end" as const, ...(sha256 !== undefined && { known: { sha256 } }) };
    const file = await uploads.finish(given, call);
    return { fileId: file.id, ...(await placed(client, file, call)) };
  }

  async function receive(request: HttpRequest, reply: HttpReply, id: Id, offset: number, call: Call) {
    const type = request.headers["content-type"];
    if (!offsetStream.test(type ?? "")) throw WrongType({});
    const checksum = checksumIn(one(request, "upload-checksum"));
    const received = { bytes: request.raw, spent: spentOf(request.raw) };
    const appended = appending.append(id, offset, received, call, checksum);
    const {
      session,
      offset: reached,
      sha256,
    } = await appended.catch(async (error: unknown) => {
      // No more of these bytes makes it media.
      if (error instanceof KinoraError && error.code === UnsupportedMedia.code) await uploads.cancel({ id }, call);
      throw error;
    });
    const made = reached === session.sizeBytes ? await ended(session, sha256, call) : undefined;
    reply.header("upload-offset", reached).header("upload-expires", new Date(session.expiresAtMs).toUTCString());
    tell(reply, made);
  }

  route("tusOptions", async (_, reply) =>
    reply
      .code(204)
      .headers({
        "tus-version": tusVersion,
        "tus-extension": tusExtensions,
        "tus-max-size": fileBytesMax,
        "tus-checksum-algorithm": checksumAlgorithms.join(","),
      })
      .send(),
  );

  route("tusCreate", async (request, reply, call, keyed) => {
    const sizeBytes = numberIn("Upload-Length", one(request, "upload-length"));
    const concat = concatIn(one(request, "upload-concat"));
    const isDeferred = one(request, "upload-defer-length") === "1";
    if (concat?.kind !== "final" && (sizeBytes === undefined) !== isDeferred) throw NoLength({});
    const metadata = one(request, "upload-metadata");
    const { session } = await uploads.open(
      {
        door: "tus",
        ...destinationIn(metadataIn(metadata)),
        ...(sizeBytes !== undefined && concat?.kind !== "final" && { sizeBytes }),
        metadata: JSON.stringify({ metadata, concat: one(request, "upload-concat") } satisfies Kept),
        isPartial: concat?.kind === "partial",
      },
      keyed,
    );
    reply
      .header("location", `${tusBase}/${session.id}`)
      .header("upload-expires", new Date(session.expiresAtMs).toUTCString());
    if (concat?.kind === "final") {
      const given = { id: session.id, partials: [...concat.ids], onMismatch: "end" as const };
      const file = await uploads.finish(given, call).catch(async (error: unknown) => {
        await uploads.cancel({ id: session.id }, call);
        throw error;
      });
      tell(reply, { fileId: file.id, ...(await placed(client, file, call)) });
      return reply.code(201).send();
    }
    const isBodied = request.headers["content-type"] !== undefined && request.headers["content-length"] !== "0";
    if (isBodied) {
      await receive(request, reply, session.id, 0, call);
    } else if (sizeBytes === 0) tell(reply, await ended(session, undefined, call));
    return reply.code(201).send();
  });

  route("tusLook", async (request, reply, call) => {
    const session = await mine(request, call);
    const held =
      session.isHeld && session.status === "uploading" ? await appending.settle(session.id, call) : undefined;
    const offset = held ?? session.receivedBytes;
    // Whoever died between the last byte and the file left the file to whoever asks next; a lost answer is told again.
    if (offset === session.sizeBytes && session.status === "uploading")
      tell(reply, await ended(session, undefined, call));
    else if (session.status === "completed") tell(reply, await unlessRemoved(ended(session, undefined, call)));
    const { metadata, concat } = keptIn(session);
    reply.headers({ "cache-control": "no-store", "upload-offset": offset });
    if (session.sizeBytes === null) reply.header("upload-defer-length", 1);
    else reply.header("upload-length", session.sizeBytes);
    if (metadata !== undefined) reply.header("upload-metadata", metadata);
    if (concat !== undefined) reply.header("upload-concat", concat);
    if (session.status === "uploading") reply.header("upload-expires", new Date(session.expiresAtMs).toUTCString());
    return reply.code(200).send();
  });

  const append = async (request: HttpRequest, reply: HttpReply, call: Call) => {
    const id = idIn(request);
    const offset = numberIn("Upload-Offset", one(request, "upload-offset"));
    if (offset === undefined) throw NoOffset({});
    const length = numberIn("Upload-Length", one(request, "upload-length"));
    if (length !== undefined) await uploads.announce({ id, sizeBytes: length }, call);
    await receive(request, reply, id, offset, call).catch(async (error: unknown) => {
      if (!(error instanceof KinoraError) || error.code !== UploadCompleted.code) throw error;
      throw keptIn(await mine(request, call)).concat === undefined ? error : FinalUpload({});
    });
    return reply.code(204).send();
  };
  const end = async (request: HttpRequest, reply: HttpReply, call: Call) => {
    const { id } = await mine(request, call);
    await uploads.cancel({ id }, call);
    return reply.code(204).send();
  };
  route("tusAppend", append);
  route("tusEnd", end);
  // For clients that stand behind something that lets nothing else through.
  route("tusOverride", async (request, reply, call) => {
    const method = one(request, "x-http-method-override")?.toUpperCase();
    if (method === "PATCH") return append(request, reply, call);
    if (method === "DELETE") return end(request, reply, call);
    throw UploadNotFound({});
  });
}

/** @throws UploadNotFound for what is no id */
function idIn({ params: { id = "" } }: HttpRequest): Id {
  if (!/^[1-9]\d{0,15}$/.test(id)) throw UploadNotFound({});
  return Number(id);
}

/** What a session remembers of its headers. */
interface Kept {
  readonly metadata: string | undefined;
  readonly concat: string | undefined;
}
const keptIn = ({ metadata }: Session): Partial<Kept> => (metadata === null ? {} : (JSON.parse(metadata) as Kept)); // Written above.

function one({ headers }: HttpRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** An upload stays whole where its file was deleted since. */
function unlessRemoved<T>(made: Promise<T>): Promise<T | undefined> {
  return made.catch((error: unknown) => {
    if (error instanceof KinoraError && error.kind === "not_found") return undefined;
    throw error;
  });
}

/** The ids of what was made, which tus has no words for. */
function tell(reply: HttpReply, made: (Placed & { readonly fileId: Id }) | undefined): void {
  if (!made) return;
  reply.header("kinora-file-id", made.fileId);
  if (made.mediaId !== null) reply.header("kinora-media-id", made.mediaId);
  if (made.entryId !== null) reply.header("kinora-entry-id", made.entryId);
}
