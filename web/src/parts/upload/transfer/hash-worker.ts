import { createSHA256 } from "hash-wasm";
import type { HashAnswer, HashOrder } from "./hashing.ts";

/** Hashes beside the page, a few MiB at a time, so that neither it nor the sending is slowed. */
const stepBytes = 4 * 2 ** 20;
const cancelled = new Set<number>();

// A worker answers its own page and nobody else.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const answer = (message: HashAnswer) => self.postMessage(message);

self.addEventListener("message", ({ data }: MessageEvent<HashOrder>) => {
  if (data.kind === "cancel") {
    cancelled.add(data.id);
    return;
  }
  const work = data.kind === "whole" ? wholeOf(data.id, data.file) : answersTo(data.file, data.nonce, data.ranges);
  work.then(
    (digests) => answer({ id: data.id, digests }),
    (thrown: unknown) => answer({ id: data.id, problem: String(thrown) }),
  );
});

async function wholeOf(id: number, file: Blob): Promise<string[]> {
  const hash = await createSHA256();
  for (let at = 0; at < file.size; at += stepBytes) {
    if (cancelled.delete(id)) throw new Error("cancelled");
    hash.update(new Uint8Array(await file.slice(at, at + stepBytes).arrayBuffer()));
  }
  return [hash.digest("hex")];
}

async function answersTo(file: Blob, nonce: string, ranges: readonly { offset: number; length: number }[]) {
  const digests: string[] = [];
  for (const { offset, length } of ranges) {
    const hash = await createSHA256();
    hash.update(Uint8Array.from(nonce.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
    hash.update(new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()));
    digests.push(hash.digest("hex"));
  }
  return digests;
}
