/** The same clip with other bytes, so that its content is not known: a `free` box at its end (ISO/IEC 14496-12 §8.1.2). */
export function distinctClip(clip: Buffer, text: string): Buffer {
  const box = Buffer.concat([Buffer.alloc(4), Buffer.from(`free${text}`)]);
  box.writeUInt32BE(box.byteLength);
  return Buffer.concat([clip, box]);
}
