/** Bits of a number, each of which depends on all of its own (the finalizer of MurmurHash3). Pure. */
export function mixedBits(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 32 bits of an id, evenly spread: ids are times, with zeros behind. Pure. */
export const idHash = (id: number): number => mixedBits((id >>> 0) ^ mixedBits(Math.floor(id / 2 ** 32)));
