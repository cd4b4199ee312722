import { asFailure, type Failure } from "#base/api/request/failure.ts";
import { carry } from "../transfer/carry.ts";
import { headHashOf } from "../transfer/hashing.ts";
import { addSample } from "../transfer/rate.ts";
import { atOnce, type Event, toStart } from "./item.ts";
import { apply, entries, type Entry, notify } from "./store.ts";

/** Starts what may start. */
export function pump(): void {
  const items = Array.from(entries.values(), ({ item }) => item);
  for (const { key } of toStart(items, atOnce, (item) => entries.get(item.key)?.view.isUrgent?.(item) === true)) {
    const entry = entries.get(key);
    apply(key, { kind: "start" });
    if (entry?.file == null) apply(key, { kind: "lose" });
    else void send(entry, entry.file);
  }
}

async function send(entry: Entry, file: File): Promise<void> {
  const { view, item } = entry;
  const { key } = item;
  const controller = new AbortController();
  Object.assign(entry, { sending: controller, samples: [], waitsFor: null });
  // A file that was removed or replaced in the meantime changes nothing.
  const isCurrent = () => entries.get(key) === entry;
  const report = (event: Event) => isCurrent() && apply(key, event);
  try {
    const made = await carryItem(entry, file, controller.signal, report);
    const details = isCurrent() ? ((await view.arrive?.(entry.item, made, file, controller.signal)) ?? null) : null;
    report({ kind: "done", details: details ?? entry.item.details });
    // It was paused and went on while its first sending made the file.
    if (isCurrent() && entry.sending !== controller) entry.sending?.abort();
  } catch (thrown) {
    if (!controller.signal.aborted) report(failEvent(thrown));
  } finally {
    if (entry.sending === controller) Object.assign(entry, { sending: null, waitsFor: null });
    notify(view.kind);
    pump();
  }
}

function failEvent(thrown: unknown): Event {
  if (thrown instanceof DOMException && thrown.name !== "AbortError")
    return { kind: "fail", failure: { code: "queue.unreadable", message: "" }, isAnew: false };
  const { code, message, status } = asFailure(thrown);
  // After a refusal it is begun anew; a new log-in or more space let it go on where it was.
  const isAnew = status >= 400 && status < 500 && status !== 401 && status !== 413;
  return { kind: "fail", failure: { code, message }, isAnew };
}

async function carryItem(entry: Entry, file: File, signal: AbortSignal, report: (event: Event) => unknown) {
  const { item, view } = entry;
  // A file that is not there any more, or cannot be read, says so here and not in the middle.
  await file.slice(0, 1).arrayBuffer();
  return carry({
    file,
    name: item.name,
    to: view.destination(item),
    url: item.url,
    sha256: item.sha256,
    signal,
    onUrl: (url) => {
      report({ kind: "begun", url });
      headHashOf(file).then(
        (headHash) => report({ kind: "hashed", hashes: { headHash } }),
        // Without it the file is sent anew after a reload.
        () => undefined,
      );
    },
    onHash: (sha256) => report({ kind: "hashed", hashes: { sha256 } }),
    onProgress: (sentBytes) => {
      entry.samples = addSample(entry.samples, { atMs: performance.now(), loadedBytes: sentBytes });
      report({ kind: "moved", sentBytes });
    },
    onWaiting: (waitsFor: Failure | null) => {
      if (waitsFor !== null) entry.samples = [];
      entry.waitsFor = waitsFor;
      notify(view.kind);
    },
  });
}
