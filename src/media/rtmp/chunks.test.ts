import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { IngestRefusal } from "../frames/ingest-refusal.ts";
import { splitAggregate } from "./aggregate.ts";
import { ChunkReader, pendingBytesMax } from "./chunk-reader.ts";
import { encodeMessage } from "./chunk-writer.ts";
import type { Message } from "./message.ts";
import { PublisherChunks, unbounded } from "./testing.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("chunks", () => {
  it("yield messages with headers of each format", () => {
    assert.deepEqual(
      read(
        "04 0003e8 000002 08 01000000 a1a2",
        "44 000014 000001 09 b1",
        "84 00000a c1",
        "c4 d1",
        "04 000001 000000 08 02000000",
      ),
      [
        message(8, 1, 1000, "a1a2"),
        message(9, 1, 1020, "b1"),
        message(9, 1, 1030, "c1"),
        message(9, 1, 1040, "d1"),
        message(8, 2, 1, ""),
      ],
    );
  });

  it("of format 3 after format 0 count on by the timestamp, and of format 1 may come first", () => {
    assert.deepEqual(read("04 000017 000001 08 01000000 a1", "c4 a2"), [
      message(8, 1, 23, "a1"),
      message(8, 1, 46, "a2"),
    ]);
    assert.deepEqual(read("42 000005 000001 08 a1"), [message(8, 0, 5, "a1")]);
  });

  it("belong to chunk streams with numbers of one, two and three bytes, mixed with each other", () => {
    const [a, b, c] = ["a1".repeat(130), "b2".repeat(130), "c3".repeat(130)] as const;
    assert.deepEqual(
      read(
        `3f 000000 000082 08 01000000 ${a.slice(0, 256)}`,
        `00ff 000000 000082 09 01000000 ${b.slice(0, 256)}`,
        `01ffff 000000 000082 12 01000000 ${c.slice(0, 256)}`,
        `c0ff ${b.slice(256)}`,
        `c1ffff ${c.slice(256)}`,
        `ff ${a.slice(256)}`,
      ),
      [message(9, 1, 0, b), message(18, 1, 0, c), message(8, 1, 0, a)],
    );
  });

  it("name a chunk stream with two bytes or with three, lowest byte first", () => {
    const body = "a1".repeat(130);
    assert.deepEqual(read(`00ff 000000 000082 08 01000000 ${body.slice(0, 256)}`, `c1ff00 ${body.slice(256)}`), [
      message(8, 1, 0, body),
    ]);
  });

  it("have extended timestamps, repeated in the chunks of format 3 or left out there", () => {
    const body = "0100".repeat(100);
    const head = "04 ffffff 0000c8 09 01000000 01000000";
    const expected = [message(9, 1, 0x1_00_00_00, body)];
    assert.deepEqual(read(`${head} ${body.slice(0, 256)}`, `c4 01000000 ${body.slice(256)}`), expected);
    assert.deepEqual(read(`${head} ${body.slice(0, 256)}`, `c4 ${body.slice(256)}`), expected);
    const repeatedDelta = [message(8, 1, 0x1_00_00_00, "a1"), message(8, 1, 0x2_00_00_00, "a2")];
    assert.deepEqual(read("04 ffffff 000001 08 01000000 01000000 a1", "c4 01000000 a2"), repeatedDelta);
  });

  it("without a repeated extended timestamp are read also where the next chunk follows within four bytes", () => {
    assert.deepEqual(
      read("02 000000 000004 01 00000000 00000002", "04 ffffff 000006 09 01000000 01000000 0100", "c4 0100", "c4 0199"),
      [message(9, 1, 0x1_00_00_00, "010001000199")],
    );
  });

  it("have the size that was set, and a message may be aborted", () => {
    const size = (bytes: string): string => `02 000000 000004 01 00000000 ${bytes}`;
    assert.deepEqual(read(size("00000001"), "04 000000 000002 08 01000000 a1", "c4 a2"), [message(8, 1, 0, "a1a2")]);
    assert.deepEqual(read(size("7fffffff"), `04 000000 000082 08 01000000 ${"a1".repeat(130)}`), [
      message(8, 1, 0, "a1".repeat(130)),
    ]);
    const begun = `04 000000 000082 08 01000000 ${"a1".repeat(128)}`;
    assert.deepEqual(read(begun, "02 000000 000004 02 00000000 00000004", "04 000000 000001 08 01000000 b1"), [
      message(8, 1, 0, "b1"),
    ]);
  });

  it("are refused as malformed where they contradict each other", () => {
    for (const chunks of [
      ["84 000000"],
      ["c4"],
      [`04 000000 000082 08 01000000 ${"a1".repeat(128)}`, "04 000000 000082 08 01000000 a1"],
      ["02 000000 000004 01 00000000 00000000"],
      ["02 000000 000004 01 00000000 80000000"],
      ["02 000000 000003 01 00000000 000001"],
      ["02 000000 000003 02 00000000 000001"],
    ])
      assert.throws(() => read(...chunks), refusal("malformed"), chunks.join(" "));
  });

  it("are refused as too large beyond the bound of a type, of all messages and of chunk streams, before they arrive", () => {
    const bounded = new ChunkReader((type) => (type === 20 ? 100 : 16 * 2 ** 20), unbounded);
    assert.throws(() => [...bounded.read(hex("03 000000 000065 14 00000000"))], refusal("too_large"));
    const two = new ChunkReader(() => 16 * 2 ** 20, unbounded);
    const begin = (id: string): Buffer => hex(`${id} 000000 ffffff 09 01000000 ${"00".repeat(128)}`);
    assert.deepEqual([...two.read(begin("04"))], []);
    assert.equal(two.pendingBytes, 0xff_ff_ff);
    assert.throws(() => [...two.read(begin("05"))], refusal("too_large"));
    assert.ok(two.pendingBytes <= pendingBytesMax);
    const many = Array.from({ length: 65 }, (_, n) => `00${n.toString(16).padStart(2, "0")} 000000 000000 08 01000000`);
    assert.equal(read(...many.slice(0, 64)).length, 64);
    assert.throws(() => read(...many), refusal("too_large"));
  });

  it("are written with full headers", () => {
    const { type, streamId, payload } = message(20, 1, 0, "a1a2a3");
    const written = (timestamp: number): Buffer => encodeMessage(3, { type, streamId, timestamp, payload }, 2);
    assert.deepEqual(written(1000), hex("03 0003e8 000003 14 01000000 a1a2 c3 a3"));
    assert.deepEqual(written(0x1_00_00_00), hex("03 ffffff 000003 14 01000000 01000000 a1a2 c3 01000000 a3"));
  });

  it("yield the same messages however the bytes are cut, without use of these bytes afterwards", () => {
    fc.assert(
      fc.property(conversation, pieces, ({ bytes, messages }, sizes) => {
        const reader = new ChunkReader(() => 2 ** 20, unbounded);
        const got: Message[] = [];
        for (let at = 0, n = 0; at < bytes.length; n++) {
          const end = at + (sizes[n % sizes.length] ?? 1);
          const piece = Buffer.from(bytes.subarray(at, end));
          got.push(...reader.read(piece));
          piece.fill(0xee);
          at = end;
        }
        assert.deepEqual(got, messages);
        assert.equal(reader.pendingBytes, 0);
      }),
      { numRuns: 150 },
    );
  });
});

describe("an aggregate", () => {
  it("yields its parts, their times moved to its own", () => {
    const parts = "08 000001 0003e8 00 000000 a1 0000000c 09 000002 0003fc 00 000000 b1b2 0000000d";
    assert.deepEqual(
      [...splitAggregate(message(22, 1, 5000, parts))],
      [message(8, 1, 5000, "a1"), message(9, 1, 5020, "b1b2")],
    );
  });

  it("is refused as malformed where a part is cut off or an aggregate again", () => {
    for (const parts of ["08 0000", "08 000002 000000 00 000000 a1", "16 000000 000000 00 000000 0000000b"])
      assert.throws(() => [...splitAggregate(message(22, 1, 0, parts))], refusal("malformed"), parts);
  });
});

const pieces = fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 20 });
const drawnMessage = fc.record({
  id: fc.constantFrom(3, 4, 5, 63, 64, 319, 320, 65_599),
  type: fc.constantFrom(8, 9, 18, 20),
  streamId: fc.constantFrom(0, 1, 0x01_02_03_04),
  timestamp: fc.oneof(fc.nat(5000), fc.integer({ min: 0xff_ff_f0, max: 0x1_00_00_10 }), fc.nat(0xff_ff_ff_ff)),
  // No payload looks like the start of a repeated timestamp.
  payload: fc.uint8Array({ min: 2, max: 254, maxLength: 700 }).map((bytes) => Buffer.from(bytes)),
});
/** Any input of a publisher: messages of several chunk streams, with the shortest headers, their chunks interleaved. */
const conversation = fc
  .record({
    drawn: fc.array(drawnMessage, { maxLength: 12 }),
    chunkSize: fc.constantFrom(1, 7, 128, 4096),
    isRepeated: fc.boolean(),
    turns: fc.array(fc.nat(7), { minLength: 1, maxLength: 30 }),
  })
  .map(({ drawn, chunkSize, isRepeated, turns }) => {
    const publisher = new PublisherChunks(chunkSize, isRepeated);
    return publisher.interleave(drawn, turns);
  });

function read(...chunks: readonly string[]): Message[] {
  const reader = new ChunkReader(() => 16 * 2 ** 20, unbounded);
  return [...reader.read(hex(chunks.join("")))];
}

const message = (type: number, streamId: number, timestamp: number, payload: string): Message => ({
  type,
  streamId,
  timestamp,
  payload: hex(payload),
});

const refusal = (kind: string) => (error: unknown) => error instanceof IngestRefusal && error.kind === kind;
