import { asFailure } from "#base/api/request/failure.ts";
import { publishNow } from "../publication.ts";
import { toStart } from "../queue.ts";
import { change, changeDraft, changeLive, itemOf, items, liveOf } from "../upload-state.ts";
import { carry } from "./carry.ts";
import { headHashOf } from "./hashing.ts";
import { sentBefore } from "./instant.ts";
import { addSample } from "./rate.ts";

/** Starts what may start. */
export function pump(): void {
  for (const { key } of toStart(items.values())) {
    change(key, { status: "sending" });
    void send(key);
  }
}

/** Sends the file of an upload, from where the server has it. */
async function send(key: string): Promise<void> {
  const live = liveOf(key);
  const file = live?.file;
  if (live === undefined || file == null) return;
  const { signal } = live.stop;
  changeLive(key, { samples: [], waitsFor: null });
  try {
    const mediaId = await carryItem(key, file, signal);
    if (signal.aborted) return;
    changeDraft(key, { media: { id: mediaId, name: file.name, sizeBytes: file.size } });
    changeLive(key, { waitsFor: null });
    change(key, { status: "stored", sentBytes: file.size, url: null, headHash: null });
    if (itemOf(key)?.publish === "wanted") void publishNow(key);
  } catch (thrown) {
    if (signal.aborted) return;
    const isUnreadable = thrown instanceof DOMException && thrown.name !== "AbortError";
    const failure = asFailure(thrown);
    // An upload that the server gave up or refused is begun anew; anything else is resumed.
    const isLost = failure.status >= 400 && failure.status < 500 && failure.status !== 401;
    changeLive(key, { waitsFor: null });
    change(key, {
      status: "failed",
      failure: isUnreadable
        ? { code: "queue.unreadable", message: "" }
        : { code: failure.code, message: failure.message },
      publish: "no",
      ...(isLost && { url: null, headHash: null, sentBytes: 0 }),
    });
  } finally {
    pump();
  }
}

async function carryItem(key: string, file: File, signal: AbortSignal): Promise<number> {
  const still = (work: () => void) => signal.aborted || work();
  // A file that is not there any more, or cannot be read, says so here and not in the middle.
  await file.slice(0, 1).arrayBuffer();
  const result = await carry({
    file,
    name: file.name,
    to: { purpose: "media" },
    url: itemOf(key)?.url ?? null,
    sha256: null,
    signal,
    onUrl: (url) => {
      still(() => change(key, { url }));
      headHashOf(file).then(
        (headHash) => still(() => change(key, { headHash })),
        // Without the hash it is not resumed after a reload, and sent anew.
        () => undefined,
      );
    },
    onHash: () => undefined,
    onProgress: (loadedBytes) =>
      still(() => {
        const samples = addSample(liveOf(key)?.samples ?? [], { atMs: performance.now(), loadedBytes });
        changeLive(key, { samples });
        change(key, { sentBytes: loadedBytes });
      }),
    onWaiting: (waitsFor) => still(() => changeLive(key, { waitsFor, ...(waitsFor !== null && { samples: [] }) })),
    onSent: () => still(() => change(key, { status: "checking", sentBytes: file.size })),
  });
  if (result.mediaId !== null) return result.mediaId;
  still(() => change(key, { status: "checking" }));
  return sentBefore(file, signal);
}
