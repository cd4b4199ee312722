import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { Account } from "#test/platform/platform";
import { Rooms } from "./testing.ts";

/** Malformed frames of RFC 6455 §5, below what any WebSocket client would send. */
describe("the frames of a room's socket", () => {
  before(async () => {
    await rooms.open();
    mira = await rooms.platform.join();
    id = await rooms.live(mira);
  });
  after(() => rooms.close());

  /** The fault, the bytes, and the code the server closes with. */
  const malformed: readonly (readonly [string, Buffer, number])[] = [
    ["a reserved bit", masked(0xc1, Buffer.from("{}")), 1002],
    ["a reserved opcode", masked(0x83, Buffer.from("{}")), 1002],
    ["a reserved control opcode", masked(0x8b, Buffer.alloc(0)), 1002],
    ["no mask", Buffer.from([0x81, 2, 0x7b, 0x7d]), 1002],
    ["a continuation of nothing", masked(0x80, Buffer.from("{}")), 1002],
    [
      "a message within a message",
      Buffer.concat([masked(0x01, Buffer.from("{")), masked(0x81, Buffer.from("}"))]),
      1002,
    ],
    ["a ping in fragments", masked(0x09, Buffer.alloc(1)), 1002],
    ["a ping of 126 bytes", masked(0x89, Buffer.alloc(126)), 1002],
    ["text that is not UTF-8", masked(0x81, Buffer.from([0xc3, 0x28])), 1007],
    ["a close frame with half a code", masked(0x88, Buffer.from([3])), 1002],
    ["a close code that is reserved", masked(0x88, Buffer.from([3, 0xed])), 1002],
    ["a length above what numbers hold", Buffer.from([0x81, 0xff, 0x7f, ...Array<number>(7).fill(0xff)]), 1009],
    ["a length above the limit", Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1]), 1009],
  ];
  for (const [name, bytes, code] of malformed)
    it(`close the connection with ${code} for ${name} (S6.4)`, async () => {
      const answer = await answered(bytes);
      assert.equal(answer[0], 0x88, "a close frame");
      assert.equal(answer.readUInt16BE(2), code);
    });

  for (const seed of [1, 20_261_127, 777])
    it(`end one connection at most where they are any bytes (seed ${seed})`, async () => {
      const witness = await rooms.enter(mira, id);
      const header = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }));
      const frame = fc
        .tuple(header, fc.uint8Array({ maxLength: 200 }))
        .map(([first, rest]) => Buffer.from([...first, ...rest]));
      const whole = fc
        .tuple(fc.constantFrom(0x01, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8a), fc.uint8Array({ maxLength: 125 }))
        .map(([first, payload]) => masked(first, Buffer.from(payload)));
      const bytes = fc
        .array(fc.oneof(frame, whole), { minLength: 1, maxLength: 5 })
        .map((parts) => Buffer.concat(parts));
      await fc.assert(
        fc.asyncProperty(bytes, async (sent) => void (await answered(sent))),
        { seed, numRuns: 40 },
      );
      witness.send("ping");
      await witness.type("pong");
    });
});

const rooms = new Rooms();
let mira: Account;
let id: number;

/** A frame with a first byte, the mask of zeros, and a payload below 64 KiB. */
function masked(first: number, payload: Buffer): Buffer {
  const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
  const [size = 0, ...more] = length;
  return Buffer.concat([Buffer.from([first, 0x80 | size, ...more, 0, 0, 0, 0]), payload]);
}

/** All the server sends after these bytes, from its first close frame on; settles when the connection is over. */
async function answered(bytes: Buffer): Promise<Buffer> {
  const socket = await upgraded();
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  // A server that closes what is malformed may do so before all of it is written.
  socket.on("error", () => undefined);
  socket.end(bytes);
  await once(socket, "close");
  const all = Buffer.concat(chunks);
  return all.subarray(Math.max(0, all.lastIndexOf(0x88)));
}

async function upgraded(): Promise<Socket> {
  const socket = connect(rooms.port, "127.0.0.1");
  const lines = [
    `GET /api/v1/lives/${id}/ws HTTP/1.1`,
    "host: x",
    "connection: upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==",
    `authorization: Bearer ${mira.token}`,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const [head] = (await once(socket, "data")) as [Buffer]; // The head of the answer, at least.
  assert.match(head.toString("latin1"), /^HTTP\/1.1 101 /);
  return socket;
}
