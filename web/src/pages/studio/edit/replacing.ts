import { patchVideo } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure, Failure } from "#base/api/request/failure.ts";
import { dropUpload } from "#base/api/request/sending.ts";
import { createAccountStore, useStore } from "#base/api/session/store.ts";
import { carry } from "#parts/upload/transfer/carry.ts";
import { sentBefore } from "#parts/upload/transfer/instant.ts";

/** A file on its way to take the place of a video's own. The server reports what it prepares. */
export interface Replacing {
  name: string;
  sizeBytes: number;
  sentBytes: number;
  /** Why it did not get there; `null` while it is on its way. */
  failure: Failure | null;
}

interface Running extends Replacing {
  stop: AbortController;
  url: string | null;
}

const running = new Map<number, Running>();
const replacements = createAccountStore<ReadonlyMap<number, Replacing>>(new Map(), () => {
  for (const videoId of running.keys()) stopReplacing(videoId);
});

function change(videoId: number, part: Partial<Running> | null) {
  const before = running.get(videoId);
  if (part === null) running.delete(videoId);
  else if (before !== undefined) running.set(videoId, { ...before, ...part });
  replacements.set(new Map(running));
}

/** The file that is sent for this video, wherever it was chosen: closing the sheet does not stop it. */
export const useReplacing = (videoId: number): Replacing | undefined =>
  useStore(replacements, (current) => current.get(videoId));

/** Sends the file and gives it to the video. */
export async function replaceFile(videoId: number, file: File, bytesMax: number): Promise<void> {
  stopReplacing(videoId);
  const stop = new AbortController();
  running.set(videoId, { name: file.name, sizeBytes: file.size, sentBytes: 0, failure: null, stop, url: null });
  change(videoId, {});
  const isMine = () => running.get(videoId)?.stop === stop;
  try {
    const refused = file.size === 0 ? "media.empty" : bytesMax > 0 && file.size > bytesMax ? "upload.too_large" : null;
    if (refused !== null) throw new Failure(0, refused, "");
    window.addEventListener("beforeunload", warn);
    const result = await carry({
      file,
      name: file.name,
      to: { purpose: "media" },
      url: null,
      sha256: null,
      signal: stop.signal,
      onUrl: (url) => isMine() && change(videoId, { url }),
      onHash: () => undefined,
      onProgress: (sentBytes) => isMine() && change(videoId, { sentBytes }),
      onWaiting: () => undefined,
    });
    const mediaId = result.mediaId ?? (await sentBefore(file, stop.signal));
    if (!isMine()) return;
    patchVideo(videoId, await ask("video.replaceMedia", { path: { id: videoId }, body: { media_id: mediaId } }));
    if (isMine()) change(videoId, null);
  } catch (thrown) {
    if (isMine()) change(videoId, { failure: asFailure(thrown) });
  } finally {
    if ([...running.values()].every(({ failure }) => failure !== null))
      window.removeEventListener("beforeunload", warn);
  }
}

/** Stops a file on its way and forgets it, also one that did not get there. */
export function stopReplacing(videoId: number): void {
  const before = running.get(videoId);
  if (before === undefined) return;
  change(videoId, null);
  before.stop.abort();
  if (before.url !== null) dropUpload(before.url);
}

/** Asks before the page goes and takes a running upload with it. */
const warn = (event: BeforeUnloadEvent) => event.preventDefault();
