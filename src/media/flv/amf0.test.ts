import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { IngestRefusal } from "../frames/ingest-refusal.ts";
import { Amf0Reader, type Amf0Value, EcmaArray, encodeAmf0 } from "./amf0.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("AMF0", () => {
  it("writes and reads each kind of value byte by byte as the format says", () => {
    for (const [value, bytes] of [
      [1, "00 3ff0000000000000"],
      [true, "01 01"],
      ["live", "02 0004 6c697665"],
      [new Map<string, Amf0Value>([["a", null]]), "03 0001 61 05 0000 09"],
      [null, "05"],
      [undefined, "06"],
      [new EcmaArray([["a", false]]), "08 00000001 0001 61 01 00 0000 09"],
      [["", 0], "0a 00000002 02 0000 00 0000000000000000"],
      [new Date(1000), "0b 408f400000000000 0000"],
    ] as const) {
      assert.deepEqual(encodeAmf0(value), hex(bytes));
      assert.deepEqual(readAll(hex(bytes)), [value]);
    }
  });

  it("writes text of more than 65,535 bytes as a long string", () => {
    const long = encodeAmf0("é".repeat(32_768));
    assert.deepEqual(long.subarray(0, 7), hex("0c 00010000 c3a9"));
    assert.deepEqual(readAll(long), ["é".repeat(32_768)]);
    assert.deepEqual(encodeAmf0("x".repeat(65_535)).subarray(0, 3), hex("02 ffff"));
  });

  it("reads what it wrote", () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 5 }), (written) => {
        assert.deepEqual(readAll(encodeAmf0(...written)), written);
      }),
    );
  });

  it("reads an ECMA array to its mark, whatever its count says, and names without effect on prototypes", () => {
    const [read] = readAll(hex("08 ffffffff 0009 5f5f70726f746f5f5f 05 0000 09"));
    assert.ok(read instanceof EcmaArray);
    assert.deepEqual([...read], [["__proto__", null]]);
  });

  it("is refused as malformed wherever it is cut off", () => {
    const whole = encodeAmf0(new Map<string, Amf0Value>([["list", [1, "two", new Date(3)]]]));
    for (let size = 0; size < whole.length; size++)
      assert.throws(() => new Amf0Reader(whole.subarray(0, size)).value(), refusal("malformed"), String(size));
    assert.throws(() => readAll(hex("0a ffffffff 05")), refusal("malformed"));
    assert.throws(() => readAll(hex("0c ffffffff 61")), refusal("malformed"));
  });

  it("is refused as too large beyond its bounds, and as unsupported with the markers of AMF3 and references", () => {
    assert.throws(() => readAll(Buffer.from("0a00000001".repeat(2000), "hex")), refusal("too_large"));
    assert.throws(() => readAll(Buffer.concat([hex("0a 00010000"), Buffer.alloc(65_536, 5)])), refusal("too_large"));
    for (const marker of ["11", "07 0001", "10", "0f", "ff"])
      assert.throws(() => readAll(hex(marker)), refusal("unsupported"), marker);
  });

  it("throws nothing but refusals for any bytes", () => {
    const begun = fc
      .tuple(values, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }))
      .map(([value, changes]) => {
        const bytes = encodeAmf0(value);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        return bytes;
      });
    const any = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(begun, any), (bytes) => {
        try {
          readAll(bytes);
        } catch (error) {
          assert.ok(error instanceof IngestRefusal, String(error));
        }
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});

const text = fc.string({ unit: "grapheme", maxLength: 20 });
const { value: values } = fc.letrec<{ value: Amf0Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.double({ noNaN: true }),
    fc.boolean(),
    text,
    fc.constantFrom(null, undefined),
    fc.date({ noInvalidDate: true }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(fc.tuple(text, tie("value")), { maxLength: 4 }).map((entries) => new EcmaArray(entries)),
  ),
}));

function readAll(bytes: Buffer): Amf0Value[] {
  const reader = new Amf0Reader(bytes);
  const read: Amf0Value[] = [];
  while (!reader.isAtEnd) read.push(reader.value());
  return read;
}

const refusal = (kind: string) => (error: unknown) => error instanceof IngestRefusal && error.kind === kind;
