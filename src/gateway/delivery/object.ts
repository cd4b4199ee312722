import type { BlobStore, Log } from "#kernel";
import { NoRoute } from "#kernel/http/errors";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { chunkBytes, type Chunks } from "./chunks.ts";
import type { HotParts } from "./hot.ts";
import type { HotAnswers } from "./hot-answers.ts";
import type { OpenObjects } from "./open-objects.ts";
import { openWhole } from "./open-whole.ts";
import { pour } from "./pour.ts";
import { type Part, partOf } from "./range.ts";

/** An object somebody may have, and how it is to be handed out. */
export interface Handed {
  readonly key: string;
  readonly sizeBytes: number;
  readonly mime: string;
  /** Anybody may keep it for ever under this address. */
  readonly isPublic: boolean;
  /** Saved under this name instead of being shown. */
  readonly attachment?: string | undefined;
  /** Shown where a browser does that safely; saved under the name otherwise. */
  readonly isInline?: boolean;
  /** When the bytes came, for those who ask by time. */
  readonly changedAtMs?: number;
  /** The part that is asked for where the address says it and the request's own header does not. */
  readonly range?: string | undefined;
}

export interface ObjectParts {
  readonly blob: BlobStore;
  readonly hot: HotParts;
  readonly objects: OpenObjects;
  readonly chunks: Chunks;
  readonly answers: HotAnswers;
  readonly log: Log;
}

/** What a browser may show by itself; everything else is saved (security S4.2). */
const shown = /^(?:video|audio)\/|^image\/(?:jpeg|png|webp|avif|gif)$|^text\/vtt(?:; charset=utf-8)?$/;

/** Sends an object or a part of it: exact 200, 206, 304, 412 and 416, from memory where it is hot. */
export async function sendObject(
  request: HttpRequest,
  reply: HttpReply,
  handed: Handed,
  { blob, hot, objects, chunks, answers, log }: ObjectParts,
): Promise<HttpReply> {
  const { key, sizeBytes, isPublic, changedAtMs } = handed;
  const etag = `"${key.split("/")[1]?.slice(0, 32)}"`;
  const part = partAsked(request, etag, handed);
  const [start, end] = part.status === 206 ? [part.start, part.end] : [0, sizeBytes - 1];
  const isFound = part.status === 200 || part.status === 206;
  const isBodied = request.method !== "HEAD" && isFound;
  // Before anything is said of it: what goes wrong here must not be told under headers that keep it for a year.
  const fits = isBodied && sizeBytes > 0 && end - start < hot.partBytesMax;
  const isHot = fits && hot.isAskedAgain(handed, start, end);
  // A whole object is compared with what was stored before anybody has a byte of it.
  const isWhole = fits && end - start + 1 === sizeBytes;
  const bytes = isHot || isWhole ? await hot.read(blob, handed, start, end) : undefined;
  // Of an object that is open already only reading it says that it was set aside meanwhile.
  const isShared = isBodied && end - start < chunkBytes;
  const opened = () => (isShared ? objects.open(handed) : openWhole(blob, handed));
  const object = isFound && !bytes ? await opened() : undefined;
  if (isFound && !bytes && !object) throw NoRoute({});
  if (!isBodied) await object?.close();
  reply.headers({
    etag,
    "accept-ranges": "bytes",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "content-security-policy": "sandbox; default-src 'none'",
    "cache-control": isPublic ? "public, max-age=31536000, immutable" : "private, no-store",
    ...(changedAtMs !== undefined && { "last-modified": new Date(changedAtMs).toUTCString() }),
  });
  if (part.status === 304) return reply.code(304).send();
  if (part.status === 416 || part.status === 412) {
    if (part.status === 416) reply.header("content-range", `bytes */${sizeBytes}`);
    return reply.code(part.status).type("application/octet-stream").send(Buffer.alloc(0));
  }
  const { type, disposition: shownAs } = presented(handed);
  if (shownAs !== undefined) reply.header("content-disposition", shownAs);
  reply.type(type).code(part.status);
  reply.header("content-length", end - start + 1);
  if (part.status === 206) reply.header("content-range", `bytes ${start}-${end}/${sizeBytes}`);
  if (bytes) {
    if (isPublic && isHot) answers.keep(request.raw, part.status, reply.getHeaders() as Record<string, string>, bytes); // Set above.
    return reply.send(bytes);
  }
  if (!isBodied || !object) return reply.send();
  reply.hijack();
  reply.raw.writeHead(part.status, reply.getHeaders());
  await pour(object, { start, end }, reply.raw, chunks).catch((error: unknown) => {
    // The status is out: all that is left is to let the client see that the body is short.
    log.warn("an object could not be sent whole", { err: error });
    reply.raw.destroy();
  });
  return reply;
}

/** What part of it a request asks for. */
function partAsked(request: HttpRequest, etag: string, { sizeBytes, changedAtMs, ...handed }: Handed): Part {
  const {
    range = handed.range,
    "if-range": ifRange,
    "if-none-match": ifNoneMatch,
    "if-match": ifMatch,
    ...others
  } = request.headers;
  const { "if-modified-since": ifModifiedSince, "if-unmodified-since": ifUnmodifiedSince } = others;
  const asked = { range, ifRange: ifRange?.toString(), ifNoneMatch, ifMatch, ifModifiedSince, ifUnmodifiedSince };
  return partOf(asked, etag, sizeBytes, changedAtMs);
}

/** Under which type it goes out, and whether it is shown or saved. */
export function presented({ mime, attachment, isInline = false }: Handed): { type: string; disposition?: string } {
  const isShown = shown.test(mime);
  const type = isShown ? mime : "application/octet-stream";
  if (isShown && isInline) return { type, disposition: disposition(attachment ?? "file", "inline") };
  const name = attachment ?? (isShown ? undefined : "file");
  return { type, ...(name !== undefined && { disposition: disposition(name) }) };
}

/** RFC 6266: an ASCII name for old clients, the whole name for the others. */
export function disposition(name: string, how: "attachment" | "inline" = "attachment"): string {
  // Half of a pair at the cut, or from the start, has no encoding.
  const clean =
    name
      .replaceAll(/[\p{Cc}\p{Cf}"\\/]/gu, "_")
      .slice(0, 255)
      .replace(/[\ud800-\udbff]$/, "")
      .toWellFormed() || "file";
  const ascii = clean.replaceAll(/[^\x20-\x7e]/g, "_").replaceAll("%", "_");
  const encoded = encodeURIComponent(clean).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${how}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
