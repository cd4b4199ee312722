import { KinoraError, type OutgoingAnswer, OutgoingFailed } from "#kernel";
import { fileNameOf } from "#policy/file-name";

/** The tag of a version, if it names exactly these bytes: weak tags do not (RFC 9110 §8.8.1). */
export const strongTag = (etag: string | undefined): string | null =>
  etag !== undefined && /^"[\x21\x23-\x7e]{1,200}"$/.test(etag) ? etag : null;

/**
 * The place of an answer's bytes, and the size of the whole if the answer says it; `restart` means from the beginning.
 * Pure.
 */
export type Begins =
  | { readonly is: "goes on" | "restart"; readonly sizeBytes: number | undefined }
  | { readonly is: "nothing"; readonly isForNow: boolean };

/** The meaning of an answer for an import that has `received` bytes of the version `knownTag`. Pure. */
export function beginsAt(
  { status, etag, contentRange, lengthBytes }: Pick<OutgoingAnswer, "status" | "etag" | "contentRange" | "lengthBytes">,
  received: number,
  knownTag: string | null,
): Begins {
  if (status === 200) return { is: received === 0 ? "goes on" : "restart", sizeBytes: lengthBytes };
  if (status === 206) {
    const [, first, size] = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(contentRange ?? "") ?? [];
    const isNext = received > 0 && Number(first) === received && knownTag !== null && strongTag(etag) === knownTag;
    // An answer to something else than was asked: all of it is asked for again.
    if (!isNext || first === undefined) return { is: "nothing", isForNow: true };
    return { is: "goes on", sizeBytes: size === "*" ? undefined : Number(size) };
  }
  // The version there now ends before the one that was begun.
  const isForNow = status >= 500 || status === 408 || status === 416 || status === 425 || status === 429;
  return { is: "nothing", isForNow };
}

/** The file name according to the address that answered. Pure. */
export function nameOf(url: string): string {
  const { pathname, hostname } = new URL(url);
  const last = pathname.split("/").findLast((part) => part !== "") ?? hostname;
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // The text is not percent-encoded, so it is the name itself.
  }
  return fileNameOf(name);
}

/** True if another try may help: the other server may be away for a while, but our own refusals stay. Pure. */
export function isTemporary(error: unknown): boolean {
  if (!(error instanceof KinoraError)) return true;
  // One code for all faults of the other server, permanent or not.
  if (error.code === OutgoingFailed.code) return true;
  return error.kind === "unavailable" || error.kind === "internal" || error.kind === "exhausted";
}
