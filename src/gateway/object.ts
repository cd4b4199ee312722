import type { ServerResponse } from "node:http";
import type { BlobReader, BlobStore, Log } from "#kernel";
import { NoRoute } from "#kernel/http/errors";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import type { HotParts } from "./hot.ts";
import type { HotAnswers } from "./hot-answers.ts";
import { partOf } from "./range.ts";

/** An object somebody may have, and how it is to be handed out. */
export interface Handed {
  readonly key: string;
  readonly sizeBytes: number;
  readonly mime: string;
  /** Anybody may keep it for ever under this address. */
  readonly isPublic: boolean;
  /** Saved under this name instead of being shown. */
  readonly attachment?: string | undefined;
}

export interface ObjectParts {
  readonly blob: BlobStore;
  readonly hot: HotParts;
  readonly answers: HotAnswers;
  readonly log: Log;
}

const chunkBytes = 512 * 1_024;
/** What a browser may show by itself; everything else is saved (security S4.2). */
const shown = /^(?:video|audio)\/|^image\/(?:jpeg|png|webp|avif|gif)$/;

/** Sends an object or a part of it: exact 200, 206, 304 and 416, from memory where it is hot. */
export async function sendObject(
  request: HttpRequest,
  reply: HttpReply,
  { key, sizeBytes, mime, isPublic, attachment }: Handed,
  { blob, hot, answers, log }: ObjectParts,
): Promise<HttpReply> {
  const etag = `"${key.split("/")[1]?.slice(0, 32)}"`;
  const { range, "if-range": ifRange, "if-none-match": ifNoneMatch } = request.headers;
  const part = partOf({ range, ifRange: ifRange?.toString(), ifNoneMatch }, etag, sizeBytes);
  const [start, end] = part.status === 206 ? [part.start, part.end] : [0, sizeBytes - 1];
  const isBodied = request.method !== "HEAD" && part.status !== 304 && part.status !== 416;
  // Before anything is said of it: what goes wrong here must not be told under headers that keep it for a year.
  const bytes = isBodied && end - start < hot.partBytesMax ? await hot.read(blob, key, start, end) : undefined;
  const object = isBodied && !bytes ? await blob.open(key) : undefined;
  if (isBodied && !bytes && !object) throw NoRoute({});
  reply.headers({
    etag,
    "accept-ranges": "bytes",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "content-security-policy": "sandbox; default-src 'none'",
    "cache-control": isPublic ? "public, max-age=31536000, immutable" : "private, no-store",
  });
  if (part.status === 304) return reply.code(304).send();
  if (part.status === 416) {
    reply.header("content-range", `bytes */${sizeBytes}`);
    return reply.code(416).type("application/octet-stream").send(Buffer.alloc(0));
  }
  const name = attachment ?? (shown.test(mime) ? undefined : "file");
  if (name !== undefined) reply.header("content-disposition", disposition(name));
  reply.type(shown.test(mime) ? mime : "application/octet-stream").code(part.status);
  reply.header("content-length", end - start + 1);
  if (part.status === 206) reply.header("content-range", `bytes ${start}-${end}/${sizeBytes}`);
  if (bytes) {
    if (isPublic) answers.keep(request.raw, part.status, reply.getHeaders() as Record<string, string>, bytes); // Set above.
    return reply.send(bytes);
  }
  if (!object) return reply.send();
  reply.hijack();
  reply.raw.writeHead(part.status, reply.getHeaders());
  await pour(object, start, end, reply.raw).catch((error: unknown) => {
    // The status is out: all that is left is to let the client see that the body is short.
    log.warn("an object could not be sent whole", { err: error });
    reply.raw.destroy();
  });
  return reply;
}

/** Writes from an object with back-pressure; returns early when the reader went away. */
async function pour(object: BlobReader, start: number, end: number, to: ServerResponse): Promise<void> {
  // Of the two protocols' responses one alone says afterwards that it is closed.
  const gone = new AbortController();
  let wake = () => {};
  const leave = () => {
    gone.abort();
    wake();
  };
  const goOn = () => wake();
  to.once("close", leave).on("drain", goOn);
  try {
    for (let at = start; at <= end && !to.destroyed && !gone.signal.aborted; ) {
      const bytes = await object.read(at, Math.min(chunkBytes, end - at + 1));
      at += bytes.byteLength;
      if (gone.signal.aborted || to.write(bytes)) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (!to.destroyed && !gone.signal.aborted) to.end();
  } finally {
    to.off("close", leave).off("drain", goOn);
    await object.close();
  }
}

/** RFC 6266: an ASCII name for old clients, the whole name for the others. */
export function disposition(name: string): string {
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
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
