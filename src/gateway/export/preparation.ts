import type { Call, Id } from "#kernel";
import type { StreamedFile } from "../delivery/archives/zip-stream.ts";
import { exportParts } from "./parts/parts.ts";
import type { ExportParts } from "./response.ts";
import { snapshotLifeMs, storeSnapshot } from "./snapshot.ts";

/** An export that begins: the account, and the files in their order. */
export interface Export {
  readonly userId: Id;
  readonly username: string;
  readonly atMs: number;
  readonly files: AsyncIterable<StreamedFile>;
}

/** The files before the parts: the README and what the archive is. */
const headFiles = 2;
const reportMs = 250;

/** The progress of a preparation and its outcome, a line of JSON each. A client that leaves ends it at the next file. */
export async function* linesOf(
  { userId, username, atMs, files }: Export,
  { blob, log }: Pick<ExportParts, "blob" | "log">,
  call: Call,
): AsyncGenerator<string> {
  const line = (value: object) => `${JSON.stringify(value)}\n`;
  const progress = { done: 0, isLeft: false };
  const report = (done: number) => {
    if (progress.isLeft) throw new Error("nobody waits for this export any more");
    progress.done = done;
  };
  const stored = storeSnapshot(blob, { userId, username, madeAtMs: atMs, files, report });
  const outcome = stored.then(
    ({ id, sizeBytes }) => ({
      id,
      url: `/api/v1/users/me/export/${id}`,
      size: sizeBytes,
      expires_at: new Date(atMs + snapshotLifeMs).toISOString(),
    }),
    (error: unknown) => {
      log.warn("an export could not be prepared", { err: error, userId, traceId: call.traceId });
      return { error: "export.failed" };
    },
  );
  try {
    for (;;) {
      const answer = await Promise.race([outcome, pause(reportMs)]);
      if (answer !== undefined) return void (yield line(answer));
      const { done } = progress;
      // How many files follow the parts is not known.
      yield line({ done, total: Math.max(done + 1, exportParts.length + headFiles) });
    }
  } finally {
    progress.isLeft = true;
  }
}

const pause = (ms: number) => new Promise<undefined>((resolve) => setTimeout(resolve, ms, undefined));
