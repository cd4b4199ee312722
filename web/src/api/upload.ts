import { ask } from "./client.ts";
import { Failure, asFailure, readEnvelope } from "./failure.ts";
import { hasSession, sessionHeader } from "./session.ts";
import type { Media } from "./types.ts";

type Purpose = "video" | "cover" | "avatar" | "background";

interface UploadWatch {
  /** Bytes of the body handed to the network so far. */
  onProgress?: (loadedBytes: number) => void;
  /** The last byte is out; the server looks at what it got. */
  onSent?: () => void;
  signal?: AbortSignal;
}

/** Sends one file and resolves to what the server made of it. XHR, because fetch does not report upload progress. */
export async function uploadFile(file: File, purpose: Purpose, watch: UploadWatch = {}): Promise<Media> {
  // A body of hours must not start with tokens that end in seconds: asking who we are renews them when needed.
  if (hasSession()) await ask("user.get", { path: { id: "me" }, signal: watch.signal });
  const form = new FormData();
  form.append("purpose", purpose);
  form.append("file", file);
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", "/api/v1/media/upload");
    for (const [name, value] of Object.entries(sessionHeader)) xhr.setRequestHeader(name, value);
    xhr.upload.addEventListener("progress", (event) => watch.onProgress?.(Math.min(event.loaded, file.size)));
    xhr.upload.addEventListener("load", () => watch.onSent?.());
    xhr.addEventListener("load", () => {
      try {
        // The shape is the contract's, as in `request`.
        resolve(readEnvelope(xhr.status, xhr.responseText) as Media);
      } catch (thrown) {
        reject(asFailure(thrown));
      }
    });
    xhr.addEventListener("error", () => {
      reject(new Failure(0, navigator.onLine ? "upload.interrupted" : "network.offline", ""));
    });
    xhr.addEventListener("abort", () => reject(new DOMException("cancelled", "AbortError")));
    watch.signal?.addEventListener("abort", () => xhr.abort());
    xhr.send(form);
  });
}
