import { retryMs } from "../../../../../sdk/retry.ts";
import { withinSession } from "./client.ts";
import { type Answer, exchange } from "./exchange.ts";
import { asFailure, Failure, readEnvelope } from "./failure.ts";

/**
 * The one way a file goes to the server: tus 1.0 in slices, each durable by itself, so that whatever breaks, sending
 * goes on at the server's end and repeats at most one slice.
 */
const base = "/api/v1/tus";
const sliceBytes = 8 * 2 ** 20;
/** The first is small: while it is out, the hash of a file of a few MiB becomes known. */
const firstSliceBytes = 2 ** 20;
/** Files up to this size go with the request that begins the upload. */
const smallBytes = 256 * 1_024;

/** The destination of a finished file. */
export interface Destination {
  purpose: "media" | "drive";
  /** `null` for the root. */
  folderId?: number | null;
  conflict?: "rename" | "replace" | "skip";
}

/** The result of a file's upload; `null` where that answer was lost, and the file is there all the same. */
export interface Made {
  mediaId: number | null;
  entryId: number | null;
}

interface Sending {
  file: Blob;
  name: string;
  to: Destination;
  /** The address of an upload that was begun before. */
  url: string | null;
  signal: AbortSignal;
  /** It has an address now, at which it can be resumed. */
  onUrl: (url: string) => void;
  /** Bytes that are durable or on their way. */
  onProgress: (bytes: number) => void;
  /** `null` while it moves, else what it waits for. */
  onWaiting: (failure: Failure | null) => void;
  /** The last byte is out. */
  onSent?: () => void;
  /** Waited for before the last slice goes out, which makes the file. */
  beforeLast?: () => Promise<void>;
}

/** The state of an upload on the server: how much of it is durable, and its result. */
interface Place {
  offset: number;
  made: Made | null;
}

/**
 * Sends a file, from where it was left when it has an address. It waits out lost connections and busy servers.
 * @throws {Failure} what only a person can mend, `AbortError` when the signal said so
 */
export async function sendFile(sending: Sending): Promise<Made> {
  const { file, signal } = sending;
  let url = sending.url;
  let furthest = -1;
  let failures = 0;
  for (;;) {
    try {
      let place: Place;
      if (url === null) {
        const begun = await begin(sending);
        url = begun.url;
        place = begun;
      } else place = await look(url, signal);
      sending.onWaiting(null);
      for (;;) {
        if (place.offset > furthest) failures = 0;
        furthest = Math.max(furthest, place.offset);
        sending.onProgress(place.offset);
        if (place.made !== null) return place.made;
        // The last answer was lost: the file was made, and nobody says what it became.
        if (place.offset >= file.size) return { mediaId: null, entryId: null };
        place = await append(url, place.offset, sending);
      }
    } catch (thrown) {
      if (signal.aborted) throw new DOMException("cancelled", "AbortError");
      const failure = asFailure(thrown);
      const waitMs = retryMs(failure, failures);
      if (waitMs === null) throw failure;
      failures += 1;
      if (failure.status !== 409) sending.onWaiting(failure);
      await pause(waitMs, signal);
    }
  }
}

/** Forgets what the server has of an upload; a lost request does no harm, it ends by itself in a few days. */
export function dropUpload(url: string): void {
  withinSession(() => exchange("DELETE", url, { headers: tus })).catch(() => undefined);
}

const tus = { "tus-resumable": "1.0.0" };
const bytesType = { "content-type": "application/offset+octet-stream" };

async function begin({ file, name, to, signal, onUrl, onSent }: Sending): Promise<Place & { url: string }> {
  const body = file.size <= smallBytes && file.size > 0 ? file : undefined;
  const headers = {
    ...tus,
    "upload-length": String(file.size),
    "upload-metadata": metadataOf(name, to),
    ...(body && bytesType),
  };
  const answer = await requireSuccess(() =>
    exchange("POST", base, { headers, signal, ...(body && { body }), ...(body && onSent && { onSent }) }),
  );
  const location = answer.header("location");
  if (location === null) throw new Failure(answer.status, "network.bad_answer", "");
  const url = new URL(location, window.location.href).pathname;
  onUrl(url);
  return { url, ...placeIn(answer, body === undefined ? 0 : file.size) };
}

const look = async (url: string, signal: AbortSignal): Promise<Place> =>
  placeIn(await requireSuccess(() => exchange("HEAD", url, { headers: tus, signal })), 0);

async function append(url: string, offset: number, sending: Sending): Promise<Place> {
  const { file, signal, onProgress, onSent, beforeLast } = sending;
  const end = Math.min(file.size, offset + (offset === 0 ? firstSliceBytes : sliceBytes));
  const isLast = end === file.size;
  if (isLast) await beforeLast?.();
  if (signal.aborted) throw new DOMException("cancelled", "AbortError");
  const answer = await requireSuccess(() =>
    exchange("PATCH", url, {
      headers: { ...tus, ...bytesType, "upload-offset": String(offset) },
      body: file.slice(offset, end),
      signal,
      onProgress: (bytes) => onProgress(Math.min(end, offset + bytes)),
      ...(isLast && onSent && { onSent }),
    }),
  );
  return placeIn(answer, end);
}

/** The answer, or what it refuses with. */
async function requireSuccess(send: () => Promise<Answer>): Promise<Answer> {
  const answer = await withinSession(send, { act: { operation: "upload" } });
  if (answer.status < 200 || answer.status >= 300) {
    const seconds = Number(answer.header("retry-after") ?? Number.NaN);
    // The answer to HEAD has no body to say it.
    if (answer.text === "") throw new Failure(answer.status, codes[answer.status] ?? "network.bad_answer", "");
    readEnvelope(answer.status, answer.text, Number.isFinite(seconds) ? seconds * 1_000 : undefined);
  }
  return answer;
}
const codes: Readonly<Record<number, string>> = {
  401: "gateway.sign_in_first",
  404: "upload.not_found",
  409: "upload.busy",
  410: "upload.gone",
  429: "gateway.rate_limited",
};

function placeIn(answer: Answer, offset: number): Place {
  const id = (name: string) => Number(answer.header(`kinora-${name}-id`) ?? 0) || null;
  const result = id("file") === null ? null : { mediaId: id("media"), entryId: id("entry") };
  return { offset: Number(answer.header("upload-offset") ?? offset), made: result };
}

/** Keys and base64 values, as tus has them. */
function metadataOf(name: string, { purpose, folderId, conflict }: Destination): string {
  const metadata = { filename: name, purpose, folder_id: folderId ?? undefined, conflict };
  const toBase64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  return Object.entries(metadata)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([key, value]) => `${key} ${toBase64(String(value))}`)
    .join(",");
}

/** Waits, shorter when the connection comes back. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      window.removeEventListener("online", finish);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    window.addEventListener("online", finish);
    signal.addEventListener("abort", finish);
  });
}
