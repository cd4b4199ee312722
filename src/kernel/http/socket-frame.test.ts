import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { frameOfMessage } from "./socket-frame.ts";

describe("the frame of a message (RFC 6455 §5.2)", () => {
  for (const [length, header] of [
    [0, [0x81, 0]],
    [125, [0x81, 125]],
    [126, [0x81, 126, 0, 126]],
    [65_535, [0x81, 126, 0xff, 0xff]],
    [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ] as const)
    it(`states a length of ${length} bytes in the shortest form`, () => {
      const frame = frameOfMessage(Buffer.alloc(length, 0x78), false);
      assert.deepEqual([...frame.subarray(0, header.length)], [...header]);
      assert.equal(frame.length, header.length + length);
    });

  it("is final, says whether it is text or binary, and ends with the bytes of the message", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (message, isBinary) => {
        const frame = frameOfMessage(message, isBinary);
        assert.equal(frame[0], isBinary ? 0x82 : 0x81);
        assert.deepEqual([...frame.subarray(frame.length - message.length)], [...message]);
      }),
    );
  });
});
