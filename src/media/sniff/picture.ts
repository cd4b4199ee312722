import { ascii, uint32 } from "./bytes.ts";

export const isPng = (view: DataView): boolean =>
  uint32(view, 0) === 0x89504e47 && uint32(view, 4) === 0x0d0a1a0a && ascii(view, 12, 4) === "IHDR";

const sideMax = 16_384;

/**
 * GIF89a §18–20: after the screen descriptor and its colour table a block must follow. Comments that open a script right
 * after the signature ("GIF89a/*") read as a giant screen or as a wrong block, and are not pictures.
 */
export function isGif(view: DataView): boolean {
  const signature = ascii(view, 0, 6);
  if ((signature !== "GIF89a" && signature !== "GIF87a") || view.byteLength < 14) return false;
  const width = view.getUint16(6, true);
  const height = view.getUint16(8, true);
  if (width === 0 || height === 0 || width > sideMax || height > sideMax) return false;
  const flags = view.getUint8(10);
  const block = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  if (block >= view.byteLength) return false;
  const kind = view.getUint8(block);
  if (kind !== 0x2c) return kind === 0x21 && isExtension(view, block + 1);
  // §20, §22: a picture's own colour table, then how many bits its codes begin with; text has neither.
  const colourFlags = block + 9 < view.byteLength ? view.getUint8(block + 9) : 0;
  const data = block + 10 + (colourFlags & 0x80 ? 3 * 2 ** ((colourFlags & 7) + 1) : 0);
  return data < view.byteLength && view.getUint8(data) >= 2 && view.getUint8(data) <= 11;
}

/** GIF89a §23–26: a label, then how long its first block is. No label is a printable character, so text has none. */
function isExtension(view: DataView, at: number): boolean {
  if (at + 2 > view.byteLength) return false;
  const label = view.getUint8(at);
  return label === 0xfe || extensionBytes.get(label) === view.getUint8(at + 1);
}

/** Graphic control, application, plain text. A comment (0xfe) may have any length. */
const extensionBytes: ReadonlyMap<number, number> = new Map([
  [0xf9, 4],
  [0xff, 11],
  [0x01, 12],
]);
