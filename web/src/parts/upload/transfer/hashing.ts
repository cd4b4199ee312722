interface Range {
  offset: number;
  length: number;
}
interface Asked {
  whole: { file: Blob };
  answers: { file: Blob; nonce: string; ranges: readonly Range[] };
  cancel: unknown;
}

/** The orders of the worker. */
export type HashOrder = { [Kind in keyof Asked]: { id: number; kind: Kind } & Asked[Kind] }[keyof Asked];
/** Its answers. */
export type HashAnswer = { id: number; digests: string[] } | { id: number; problem: string };

interface Waiting {
  resolve: (digests: string[]) => void;
  reject: (error: Error) => void;
}

let worker: Worker | null = null;
let lastId = 0;
const waiting = new Map<number, Waiting>();

/** SHA-256 of the whole, hexadecimal. */
export async function hashOf(file: Blob, signal?: AbortSignal): Promise<string> {
  const [digest = ""] = await order({ kind: "whole", file }, signal);
  return digest;
}

const headBytes = 2 ** 20;

/** SHA-256 of the first MiB: whether a file that was chosen again begins as it did. */
export const headHashOf = (file: Blob): Promise<string> => hashOf(file.slice(0, headBytes));

/** The answer to a challenge that needs the bytes: for each range the hash of nonce and bytes. */
export const answersTo = (
  file: Blob,
  { nonce, ranges }: { nonce: string; ranges: readonly Range[] },
): Promise<string[]> => order({ kind: "answers", file, nonce, ranges });

type Order = ({ kind: "whole" } & Asked["whole"]) | ({ kind: "answers" } & Asked["answers"]);

function order(job: Order, signal?: AbortSignal): Promise<string[]> {
  const running = (worker ??= begin());
  lastId += 1;
  const id = lastId;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new DOMException("cancelled", "AbortError"));
      return;
    }
    waiting.set(id, { resolve, reject });
    signal?.addEventListener("abort", () => {
      if (!waiting.delete(id)) return;
      post(running, { id, kind: "cancel" });
      reject(new DOMException("cancelled", "AbortError"));
    });
    post(running, { ...job, id });
  });
}

// A worker has no origin to name: it is the page's own.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const post = (to: Worker, message: HashOrder): void => to.postMessage(message);

function begin(): Worker {
  const begun = new Worker(new URL("./hash-worker.ts", import.meta.url), { type: "module", name: "hash" });
  begun.addEventListener("message", ({ data }: MessageEvent<HashAnswer>) => {
    const request = waiting.get(data.id);
    waiting.delete(data.id);
    if ("digests" in data) request?.resolve(data.digests);
    else request?.reject(new Error(data.problem));
  });
  // A browser that cannot run it sends files without their hashes.
  begun.addEventListener("error", () => {
    for (const { reject } of waiting.values()) reject(new Error("the hashing worker does not run"));
    waiting.clear();
  });
  return begun;
}
