/** Characters 0–255 one by one; shorter at the end of the bytes. */
export function ascii(view: DataView, at: number, length: number): string {
  let text = "";
  for (let i = at; i < Math.min(at + length, view.byteLength); i++) text += String.fromCharCode(view.getUint8(i));
  return text;
}

/** Big-endian, or -1 past the end, which equals no signature. */
export const uint32 = (view: DataView, at: number): number => (at + 4 <= view.byteLength ? view.getUint32(at) : -1);
