import type { BlobStore, Log } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { bufferBytes, type BufferPool } from "./buffer-pool.ts";
import type { RangeCache } from "./range-cache.ts";
import type { ResponseCache } from "./response-cache.ts";
import type { SharedReaders } from "./shared-readers.ts";
import { openStoredObject } from "./stored-object.ts";
import { RangeStream } from "./range-stream.ts";
import { type Part, partOf } from "./range.ts";

/** An object that the caller may have, and how it is delivered. */
export interface DeliveredObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly mime: string;
  /** Any cache may store it for ever under this address. */
  readonly isPublic: boolean;
  /** The name it is saved under instead of being shown. */
  readonly attachment?: string | undefined;
  /** Shown where a browser can do so safely; saved under the name otherwise. */
  readonly isInline?: boolean;
  /** When the bytes were stored, for conditional requests by time. */
  readonly changedAtMs?: number;
  /** The range that the address names; a range header of the request wins. */
  readonly range?: string | undefined;
}

export interface ObjectParts {
  readonly blob: BlobStore;
  readonly ranges: RangeCache;
  readonly readers: SharedReaders;
  readonly buffers: BufferPool;
  readonly responses: ResponseCache;
  readonly log: Log;
}

/** The types that a browser may show; every other one is saved (security S4.2). */
const displayable = /^(?:video|audio)\/|^image\/(?:jpeg|png|webp|avif|gif)$|^text\/vtt(?:; charset=utf-8)?$/;

/** Sends an object or a range of it: exact 200, 206, 304, 412 and 416, from memory where it is cached. */
export async function sendObject(
  request: HttpRequest,
  reply: HttpReply,
  delivered: DeliveredObject,
  { blob, ranges, readers, buffers, responses, log }: ObjectParts,
): Promise<HttpReply> {
  const { key, sizeBytes, isPublic, changedAtMs } = delivered;
  const etag = `"${key.split("/")[1]?.slice(0, 32)}"`;
  const part = requestedPart(request, etag, delivered);
  const [start, end] = part.status === 206 ? [part.start, part.end] : [0, sizeBytes - 1];
  const isFound = part.status === 200 || part.status === 206;
  const isBodied = request.method !== "HEAD" && isFound;
  // Read before the headers are set: an error must not be sent under headers that cache it for a year.
  const fits = isBodied && sizeBytes > 0 && end - start < ranges.rangeBytesMax;
  const isRepeated = fits && ranges.recordRequest(delivered, start, end);
  // A whole object is compared before its first byte is sent.
  const isWhole = fits && end - start + 1 === sizeBytes;
  const bytes = isRepeated || isWhole ? await ranges.read(blob, delivered, start, end) : undefined;
  // An object that is open already reports only when it is read that it was quarantined meanwhile.
  const isShared = isBodied && end - start < bufferBytes;
  const open = () => (isShared ? readers.open(delivered) : openStoredObject(blob, delivered));
  const object = isFound && !bytes ? await open() : undefined;
  if (!isBodied) await object?.close();
  const stream = isBodied && object && (await RangeStream.open({ object, start, end, response: reply.raw, buffers }));
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
  const { type, disposition: contentDisposition } = presentationOf(delivered);
  if (contentDisposition !== undefined) reply.header("content-disposition", contentDisposition);
  reply.type(type).code(part.status);
  reply.header("content-length", end - start + 1);
  if (part.status === 206) reply.header("content-range", `bytes ${start}-${end}/${sizeBytes}`);
  if (bytes) {
    if (isPublic && isRepeated)
      responses.put(request.raw, part.status, reply.getHeaders() as Record<string, string>, bytes); // Set above.
    return reply.send(bytes);
  }
  if (!stream) return reply.send();
  reply.hijack();
  reply.raw.writeHead(part.status, reply.getHeaders());
  await stream.send().catch((error: unknown) => {
    // The status is sent already: the client learns from the short body.
    log.warn("an object could not be sent whole", { err: error });
    reply.raw.destroy();
  });
  return reply;
}

/** The part of the object that a request asks for. */
function requestedPart(
  request: HttpRequest,
  etag: string,
  { sizeBytes, changedAtMs, ...delivered }: DeliveredObject,
): Part {
  const {
    range = delivered.range,
    "if-range": ifRange,
    "if-none-match": ifNoneMatch,
    "if-match": ifMatch,
    ...otherHeaders
  } = request.headers;
  const { "if-modified-since": ifModifiedSince, "if-unmodified-since": ifUnmodifiedSince } = otherHeaders;
  const conditions = { range, ifRange: ifRange?.toString(), ifNoneMatch, ifMatch, ifModifiedSince, ifUnmodifiedSince };
  return partOf(conditions, etag, sizeBytes, changedAtMs);
}

/** The content type, and whether a browser shows or saves the object. */
export function presentationOf({ mime, attachment, isInline = false }: DeliveredObject): {
  type: string;
  disposition?: string;
} {
  const isDisplayable = displayable.test(mime);
  const type = isDisplayable ? mime : "application/octet-stream";
  if (isDisplayable && isInline) return { type, disposition: disposition(attachment ?? "file", "inline") };
  const name = attachment ?? (isDisplayable ? undefined : "file");
  return { type, ...(name !== undefined && { disposition: disposition(name) }) };
}

/** RFC 6266: an ASCII name for old clients, the whole name for the others. */
export function disposition(name: string, how: "attachment" | "inline" = "attachment"): string {
  // Half of a surrogate pair, at the cut or from the start, has no encoding.
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
