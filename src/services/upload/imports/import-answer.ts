import { KinoraError, type OutgoingAnswer, OutgoingFailed } from "#kernel";
import { fileNameOf } from "#policy/file-name";

/** What a version is called, where that means the very same bytes: weak names do not (RFC 9110 §8.8.1). */
export const strongTag = (etag: string | undefined): string | null =>
  etag !== undefined && /^"[\x21\x23-\x7e]{1,200}"$/.test(etag) ? etag : null;

/** Where an answer's bytes belong, and how long the whole is as far as it says; `restart` where they begin anew. Pure. */
export type Begins =
  | { readonly is: "goes on" | "restart"; readonly sizeBytes: number | undefined }
  | { readonly is: "nothing"; readonly isForNow: boolean };

/** What an answer means for an import of which `received` bytes of the version `etag` are there. Pure. */
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

/** What a file is called by the address that answered. Pure. */
export function nameOf(url: string): string {
  const { pathname, hostname } = new URL(url);
  const last = pathname.split("/").findLast((part) => part !== "") ?? hostname;
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // It is no encoding, so it is a name as it stands.
  }
  return fileNameOf(name);
}

/** Whether another try may help: what one asks may be away for a while, what we refuse stays refused. Pure. */
export function isTemporary(error: unknown): boolean {
  if (!(error instanceof KinoraError)) return true;
  // One code for all faults of the other server, permanent or not.
  if (error.code === OutgoingFailed.code) return true;
  return error.kind === "unavailable" || error.kind === "internal" || error.kind === "exhausted";
}
