import { isUtf8 } from "node:buffer";
import { sniff, sniffBytesMax } from "#media/sniff";
import type { StoredFile } from "../contract.ts";

/** How many first bytes {@link fileTypeOf} wants to see, where the file has them. */
export const fileTypeBytes = sniffBytesMax;

interface FileType {
  readonly mime: string;
  readonly kind: StoredFile["kind"];
}

/** First bytes of what people keep besides media: PDF 32000-1 §7.5.2; APPNOTE 4.3.7; RFC 1952 §2.3. */
const marks: readonly (readonly [mark: string, mime: string])[] = [
  ["%PDF-", "application/pdf"],
  ["PK\u0003\u0004", "application/zip"],
  ["\u001f\u008b", "application/gzip"],
];

/**
 * The type of a file, decided by its first bytes and never by its name (security S4.2). UTF-8 without control
 * characters is text.
 */
export function fileTypeOf(head: Uint8Array, sizeBytes: number): FileType {
  const media = sniff(head);
  if (media) return { mime: media.mime, kind: media.kind };
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, 16)).toString("latin1");
  const signature = marks.find(([mark]) => start.startsWith(mark));
  if (signature) return { mime: signature[1], kind: "other" };
  const mime = sizeBytes > 0 && isText(head, sizeBytes) ? "text/plain" : "application/octet-stream";
  return { mime, kind: "other" };
}

const control = new Set([...Array(32).keys()].filter((c) => ![9, 10, 12, 13, 27].includes(c)));

function isText(head: Uint8Array, sizeBytes: number): boolean {
  if (head.some((byte) => control.has(byte))) return false;
  // The head may end inside a character of up to four bytes.
  const cuts = head.byteLength < sizeBytes ? [0, 1, 2, 3] : [0];
  return cuts.some((cut) => isUtf8(head.subarray(0, head.byteLength - cut)));
}
