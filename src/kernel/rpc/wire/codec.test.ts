import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { z } from "zod";
import { command, contract } from "../../contract.ts";
import { Id } from "../../fields.ts";
import { Malformed, Reader, Writer } from "./protobuf.ts";
import { describedNow } from "../testing.ts";

describe("protobuf messages", () => {
  it("encode integers like other implementations, up to 2^53 and below zero", () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -300, max: 300 })), (value) => {
        const writer = new Writer();
        writer.begin(0);
        writer.int64(value);
        assert.deepEqual([...writer.end()], varint(BigInt.asUintN(64, BigInt(value))));
        assert.equal(new Reader(Buffer.from(varint(BigInt.asUintN(64, BigInt(value))))).int64(), value);
      }),
    );
  });

  it("may nest, and may have texts, lists and bytes of any length", () => {
    const sizes = [0, 1, 41, 42, 43, 127, 128, 16_383, 16_384, 70_000];
    for (const size of sizes) {
      const value = {
        id: 1,
        text: "ä".repeat(size),
        bytes: new Uint8Array(size).fill(9),
        tree: nested(20, size),
        numbers: Array.from({ length: size }, (_, n) => n - 5),
      };
      const bytes = input.encode(value);
      assert.deepEqual(input.decode(bytes), value, `${size}`);
      assert.deepEqual(input.decode(Buffer.from(toBinary(desc, fromBinary(desc, bytes)))), value, `${size}`);
    }
  });

  it("leave room before the message on request", () => {
    const value = { id: 1, text: "", numbers: [] };
    assert.deepEqual(input.encode(value, 5).subarray(5), input.encode(value));
  });

  it("are read with fields in any order, unknown fields, and packed or unpacked lists", () => {
    const text = [0x12, 1, 0x61];
    const unknown = [0xa0, 0x06, 0x07, 0xa2, 0x06, 1, 9, 0xa5, 0x06, 1, 2, 3, 4, 0xa3, 0x06, 0x08, 1, 0xa4, 0x06];
    const numbers = [0x28, 1, 0x2a, 2, 2, 3, 0x28, 4];
    const decoded = input.decode(Buffer.from([...numbers, ...unknown, ...text, 0x08, 9]));
    assert.deepEqual(decoded, { id: 9, text: "a", numbers: [1, 2, 3, 4] });
    const twice = Buffer.concat([
      input.encode({ id: 1, text: "x", tree: { label: "a" } }),
      Buffer.from([0x22, 2, 0x12, 0]),
    ]);
    assert.deepEqual(input.decode(twice), {
      id: 1,
      text: "x",
      numbers: [],
      tree: { label: "a", child: { label: "" } },
    });
    // A field that is written as another type is one nobody knows.
    assert.deepEqual(input.decode(Buffer.from([0x0a, 1, 7])), { id: 0, text: "", numbers: [] });
  });

  it("are refused when they are truncated, nested too deeply or not UTF-8", () => {
    const whole = input.encode({ id: 2 ** 40, text: "some text", tree: nested(3, 4), numbers: [1, 2] });
    for (let end = 1; end < whole.byteLength; end++) {
      try {
        input.decode(whole.subarray(0, end));
      } catch (error) {
        assert.ok(error instanceof Malformed, String(error));
      }
    }
    assert.throws(() => input.decode(Buffer.from([0x12, 2, 0xc3, 0x28])), Malformed);
    assert.equal((input.decode(Buffer.from([0x12, 3, 0xef, 0xbf, 0xbd])) as { text: string }).text, "\ufffd");
    assert.throws(() => input.decode(input.encode({ id: 1, text: "", tree: nested(100, 1) })), /too deep/);
    assert.throws(() => input.decode(Buffer.alloc(3_000, 0x0b)), Malformed, "groups in groups");
    assert.throws(() => input.decode(Buffer.alloc(11, 0xff)), Malformed);
    const many = Buffer.concat([Buffer.from([0x2a, 0x81, 0x80, 0x40]), Buffer.alloc(2 ** 20 + 1)]);
    assert.throws(() => input.decode(many), /too many/);
  });

  it("are decoded or refused as malformed, whatever the bytes are", () => {
    const whole = input.encode({
      id: 7,
      text: "some text",
      tree: nested(3, 4),
      numbers: [1, 2],
      bytes: new Uint8Array(9),
    });
    const altered = fc.tuple(fc.nat(whole.byteLength - 1), fc.nat(255)).map(([at, byte]) => {
      const copy = Buffer.from(whole);
      copy[at] = byte;
      return copy;
    });
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      altered,
    );
    fc.assert(
      fc.property(any, (bytes) => {
        let own: object | undefined;
        try {
          own = input.decode(bytes);
        } catch (error) {
          assert.ok(error instanceof Malformed, String(error));
        }
        if (own) assert.ok(own && "id" in own);
      }),
      { numRuns: 2_000 },
    );
  });
});

interface Tree {
  label: string;
  child?: Tree;
}
const Tree: z.ZodObject<{ label: z.ZodString; child: z.ZodOptional<z.ZodType<Tree>> }> = z
  .object({
    label: z.string(),
    get child() {
      return Tree.optional() as z.ZodOptional<z.ZodType<Tree>>;
    },
  })
  .meta({ id: "Tree" });
const one = contract("one", 1, {
  take: command({
    auth: "public",
    input: z.object({
      id: Id,
      text: z.string(),
      bytes: z.instanceof(Uint8Array).optional(),
      tree: Tree.optional(),
      numbers: z.array(z.int()),
    }),
    output: z.object({}),
  }),
});
const take = describedNow(one).methods.get("take");
assert.ok(take);
const { input } = take;
const desc = take.desc.input;

const nested = (depth: number, size: number): Tree => ({
  label: "x".repeat(size),
  ...(depth > 0 && { child: nested(depth - 1, size) }),
});

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return [...bytes, Number(left)];
}
