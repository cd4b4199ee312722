import { sessionHeader } from "../session/session.ts";
import { Failure } from "./failure.ts";

interface Exchange {
  headers?: Readonly<Record<string, string>>;
  body?: Blob | FormData;
  signal?: AbortSignal;
  /** Bytes of the body handed to the network so far. */
  onProgress?: (bytes: number) => void;
  /** The last byte of the body is out. */
  onSent?: () => void;
}

/** The answer to a request, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  header(name: string): string | null;
}

/** A body of which nothing more goes out for this long is stuck. */
const stillMsMax = 60_000;
/** How long the server may think about what it got. */
const answerMsMax = 600_000;

/**
 * One request with a body whose progress is seen. XHR, because fetch does not report it. Any answer resolves, whatever
 * its status; without one it rejects with a {@link Failure}, or with an `AbortError` when the signal said so.
 */
export function exchange(method: string, url: string, options: Exchange = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { signal } = options;
    const rejectAborted = () => reject(new DOMException("cancelled", "AbortError"));
    if (signal?.aborted === true) {
      rejectAborted();
      return;
    }
    const xhr = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const watch = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        reject(new Failure(0, "network.timeout", ""));
        xhr.abort();
      }, ms);
    };
    const abort = () => xhr.abort();
    xhr.open(method, url);
    for (const [name, value] of Object.entries({ ...sessionHeader, ...options.headers })) {
      xhr.setRequestHeader(name, value);
    }
    xhr.upload.addEventListener("progress", (event) => {
      watch(stillMsMax);
      options.onProgress?.(event.loaded);
    });
    xhr.upload.addEventListener("load", () => {
      watch(answerMsMax);
      options.onSent?.();
    });
    xhr.addEventListener("load", () => {
      resolve({ status: xhr.status, text: xhr.responseText, header: (name) => xhr.getResponseHeader(name) });
    });
    xhr.addEventListener("error", () => {
      reject(new Failure(0, navigator.onLine ? "network.unreachable" : "network.offline", ""));
    });
    xhr.addEventListener("abort", rejectAborted);
    xhr.addEventListener("loadend", () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    });
    signal?.addEventListener("abort", abort);
    watch(stillMsMax);
    xhr.send(options.body ?? null);
  });
}
