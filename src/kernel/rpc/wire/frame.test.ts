import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { FrameReader, fillHead, headBytes, withHead } from "./frame.ts";
import { GrpcError, messageText, status, textOfMessage, timeoutMs, timeoutText } from "./grpc.ts";
import { messageBytesMax } from "./limits.ts";

describe("gRPC message frames", () => {
  it("are found in chunks of any size", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), fc.array(fc.nat(200)), (messages, cuts) => {
        const reader = new FrameReader();
        const frames = cut(framesOf(messages), cuts).flatMap((chunk) => reader.read(chunk));
        assert.deepEqual(
          frames.map((one) => [...one]),
          messages.map((one) => [...one]),
        );
        assert.ok(reader.isBetweenMessages);
      }),
    );
  });

  it("keep a message unchanged when more bytes arrive", () => {
    const reader = new FrameReader();
    const bytes = framesOf([Buffer.from("first"), Buffer.from("second")]);
    assert.deepEqual(reader.read(bytes.subarray(0, 3)), []);
    const [first] = reader.read(bytes.subarray(3, 14));
    assert.equal(reader.isBetweenMessages, false);
    const [second] = reader.read(bytes.subarray(14));
    assert.deepEqual([String(first), String(second)], ["first", "second"]);
  });

  it("take time proportional to the bytes, even for the largest message in small chunks", () => {
    const bytes = fillHead(Buffer.alloc(messageBytesMax + headBytes, 7));
    const reader = new FrameReader();
    const began = process.cpuUsage();
    let count = 0;
    for (let at = 0; at < bytes.byteLength; at += 64) count += reader.read(bytes.subarray(at, at + 64)).length;
    assert.equal(count, 1);
    // Some 100 ms; copied again for every chunk it would be minutes.
    assert.ok(process.cpuUsage(began).user < 5_000_000, "it was copied again and again");
  });

  it("are refused with a message when they are compressed, too large or not gRPC", () => {
    const refused = (code: number, ...head: number[]) =>
      assert.throws(
        () => new FrameReader().read(Buffer.from(head)),
        (error) => error instanceof GrpcError && error.code === code && error.message.length > 10,
      );
    refused(status.unimplemented, 1, 0, 0, 0, 1);
    refused(status.internal, 2, 0, 0, 0, 1);
    refused(status.resourceExhausted, 0, 0x80, 0, 0, 0);
    refused(status.resourceExhausted, 0, 0, 0x80, 0, 1);
    assert.throws(() => fillHead(Buffer.alloc(messageBytesMax + headBytes + 1)), { code: status.resourceExhausted });
  });

  it("fail only with a gRPC error, whatever the bytes are", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
        const reader = new FrameReader();
        try {
          for (const chunk of chunks) reader.read(Buffer.from(chunk));
          assert.ok(reader.isBetweenMessages || chunks.length > 0);
        } catch (error) {
          assert.ok(error instanceof GrpcError, String(error));
        }
      }),
    );
  });
});

describe("gRPC headers", () => {
  it("encode any status message as ASCII, and decode it unchanged", () => {
    assert.equal(messageText("100 % ü\n"), "100 %25 %C3%BC%0A");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        assert.match(messageText(text), /^[\x20-\x7e]*$/);
        assert.equal(textOfMessage(messageText(text)), Buffer.from(text).toString());
      }),
    );
    assert.equal(textOfMessage("50 % of %zz"), "50 % of %zz");
  });

  it("accept timeouts in any unit, and refuse invalid ones", () => {
    const texts = ["1H", "2M", "3S", "250m", "5000u", "7000000n", "99999999S"];
    assert.deepEqual(texts.map(timeoutMs), [3_600_000, 120_000, 3_000, 250, 5, 7, 99_999_999_000]);
    assert.equal(timeoutMs(timeoutText(900_000)), 900_000);
    assert.equal(timeoutMs(undefined), undefined);
    for (const text of ["", "1", "S", "-1S", "1.5S", "123456789S", "1s", "1 S"])
      assert.throws(() => timeoutMs(text), { code: status.invalidArgument }, text);
  });
});

const framesOf = (messages: readonly Uint8Array[]): Buffer =>
  Buffer.concat(messages.map((message) => fillHead(withHead(message))));

/** In pieces of these sizes, and the rest. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}
