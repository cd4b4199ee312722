import { type Call, callerOf, failure } from "#kernel";
import type { HttpReply, HttpRequest, HttpServer } from "#kernel/http/port";
import { rangeOf } from "../delivery/archives/zip-range.ts";
import { partOf } from "../delivery/range.ts";
import { type ExportParts, nameOf, secretHeaders, sendStream } from "./response.ts";
import { openSnapshot } from "./snapshot.ts";

const ExportNotFound = failure("not_found", "export.not_found", "no such export of yours, or its day is over");

export const downloadPath = "/api/v1/users/me/export/:id";
/** Checksums of objects that were sent whole: a resumed download needs them, and reads the objects otherwise. */
const sumsMax = 50_000;

/** Sends prepared exports, whole or by range: their bytes are the same each time. */
export function serveDownload(
  server: HttpServer,
  { blob, log }: Pick<ExportParts, "blob" | "log">,
  admit: (request: HttpRequest, reply: HttpReply) => Promise<Call>,
): void {
  const sums = new Map<string, number>();
  const open = async (key: string) => {
    const object = await blob.open(key);
    // Its video or file was deleted since. It is no damage of the store.
    if (!object) throw new Error("a file of an export is not stored any more");
    return object;
  };
  server.route({
    method: ["GET", "HEAD"],
    url: downloadPath,
    declared: "export.download",
    async handler(request, reply) {
      const call = await admit(request, reply);
      const id = request.params["id"] ?? "";
      const snapshot = await openSnapshot(blob, id, callerOf(call), Date.now());
      if (!snapshot) throw ExportNotFound({});
      const { plan, username, madeAtMs } = snapshot;
      const etag = `"${id.slice(0, 32)}"`;
      const { range, "if-range": ifRange, "if-none-match": ifNoneMatch, "if-match": ifMatch } = request.headers;
      const part = partOf({ range, ifRange: ifRange?.toString(), ifNoneMatch, ifMatch }, etag, plan.sizeBytes);
      reply
        .headers({ ...secretHeaders, "accept-ranges": "bytes", etag })
        .type("application/zip")
        .code(part.status);
      if (part.status === 416) reply.header("content-range", `bytes */${plan.sizeBytes}`);
      if (part.status !== 200 && part.status !== 206) return reply.send();
      const { start, end } = part.status === 206 ? part : { start: 0, end: plan.sizeBytes - 1 };
      reply.headers({ "content-disposition": nameOf(username, madeAtMs), "content-length": end - start + 1 });
      if (part.status === 206) reply.header("content-range", `bytes ${start}-${end}/${plan.sizeBytes}`);
      if (request.method === "HEAD") return reply.send();
      if (sums.size > sumsMax) sums.clear();
      return sendStream(reply, part.status, rangeOf(plan, { start, end }, open, sums), (error) =>
        log.warn("an export could not be sent whole", { err: error, userId: callerOf(call), traceId: call.traceId }),
      );
    },
  });
}
