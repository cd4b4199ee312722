import { createSHA256 } from "hash-wasm";
import type { WorkAnswer, WorkOrder } from "./sign-up-work.ts";

/** The search is reported to the page so often. */
const reportEvery = 20_000;

// A worker answers its own page and nobody else.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const answer = (message: WorkAnswer) => self.postMessage(message);

self.addEventListener("message", ({ data: { puzzle, bits } }: MessageEvent<WorkOrder>) => void search(puzzle, bits));

/** The least number for which the hash of the puzzle and it begins with so many zero bits. */
async function search(puzzle: string, bits: number): Promise<void> {
  const hash = await createSHA256();
  for (let nonce = 0; ; nonce++) {
    const digest = hash.init().update(`${puzzle}:${nonce}`).digest("binary");
    const head = new DataView(digest.buffer, digest.byteOffset).getUint32(0);
    if (head < 2 ** (32 - bits)) return answer({ nonce });
    if (nonce % reportEvery === 0) answer({ tries: nonce });
  }
}
