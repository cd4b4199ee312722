import type { Host } from "#kernel";

/** Numbers from 0 to 1 without it, each draw anew: xorshift (Marsaglia, 2003), seeded by the host. */
export function drawsFrom(random: Host["random"]): () => number {
  let state = random(4).readUInt32LE() || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
