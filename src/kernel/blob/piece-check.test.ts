import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { checkedPieces } from "./piece-check.ts";
import type { Piece } from "./port.ts";

describe("checked pieces", () => {
  it("pass unchanged, in chunks of any size, when each has its recorded digest", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, cuts, async (lengths, at) => {
        const { pieces, bytes } = made(lengths);
        assert.deepEqual(Buffer.concat(await Array.fromAsync(checkedPieces(pieces, inParts(bytes, at)))), bytes);
      }),
    );
  });

  it("are rejected before their last byte when one bit of one piece differs", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, cuts, fc.nat(), async (lengths, at, n) => {
        const { pieces, bytes } = made(lengths);
        fc.pre(bytes.byteLength > 0);
        const wrong = n % bytes.byteLength;
        bytes[wrong] = (bytes[wrong] ?? 0) ^ 1;
        let passed = 0;
        const all = async () => {
          for await (const chunk of checkedPieces(pieces, inParts(bytes, at))) passed += chunk.byteLength;
        };
        await assert.rejects(all, { code: "kernel.storage_unavailable" });
        assert.ok(passed < bytes.byteLength);
      }),
    );
  });
});

const sizes = fc.array(fc.nat({ max: 50 }), { maxLength: 6 });
const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 });

function made(lengths: readonly number[]): { pieces: Piece[]; bytes: Buffer } {
  const parts = lengths.map((length) => randomBytes(length));
  const pieces = parts.map((part, n) => ({
    name: String(n),
    sizeBytes: part.byteLength,
    sha256: createHash("sha256").update(part).digest("hex"),
  }));
  return { pieces, bytes: Buffer.concat(parts) };
}

async function* inParts(bytes: Buffer, lengths: readonly number[]): AsyncIterable<Buffer> {
  for (let at = 0, n = 0; at < bytes.byteLength; n++) {
    const length = lengths[n % lengths.length] ?? 1;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}
