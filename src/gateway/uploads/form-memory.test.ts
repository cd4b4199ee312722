import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { test } from "node:test";
import type { HttpRequest } from "#kernel/http/port";
import { spentOf } from "#kernel/http/socket-memory";
import { onDisk } from "#kernel/blob/testing";
import { readForm } from "./form.ts";
import { storeBytes } from "./stored-bytes.ts";

test("a file in a form is stored as it was sent, while the memory of its bytes is freed", async () => {
  await using disk = await onDisk();
  // Bytes that look like a boundary, also at the borders of what arrives at once.
  const likely = Buffer.from(`\r\n--${boundary.slice(0, -1)}x`);
  const bytes = Buffer.concat(
    Array.from({ length: 400 }, () => [randomBytes(65_536 - likely.byteLength), likely]).flat(),
  );
  const stored = Promise.withResolvers<Awaited<ReturnType<typeof storeBytes>>>();
  let freedChunks = 0;
  const receive = (raw: IncomingMessage) => {
    const request = { raw, headers: raw.headers } as HttpRequest; // A form reads nothing else of it.
    const free = spentOf(raw);
    const release = (chunk: Buffer) => {
      free(chunk);
      if (chunk.byteLength === 0) freedChunks += 1;
    };
    const tooLarge = () => new Error("too large");
    return readForm(request, ["file"], (incoming) =>
      storeBytes(incoming, disk.store, { bytesMax: bytes.byteLength, tooLarge, release }),
    );
  };
  await using server = createServer((raw, reply) => {
    receive(raw).then(({ file }) => stored.resolve(file), stored.reject);
    stored.promise.then(
      () => reply.end(),
      () => reply.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // It listens on a port.
  const socket = connect(port, "127.0.0.1");
  const [head, tail] = [`--${boundary}\r\n${disposition}\r\n\r\n`, `\r\n--${boundary}--\r\n`];
  const length = head.length + bytes.byteLength + tail.length;
  socket.write(
    `POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=${boundary}\r\n`,
  );
  socket.write(`content-length: ${length}\r\n\r\n${head}`);
  socket.write(bytes);
  socket.write(tail);
  const { pieces, sizeBytes, digests } = await stored.promise;
  socket.destroy();
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  assert.deepEqual([sizeBytes, digests.sha256], [bytes.byteLength, sha256]);
  assert.equal((await disk.store.assemble("upload", pieces)).sha256, sha256);
  assert.ok(freedChunks > 100, `${freedChunks} chunks were freed`);
});

const boundary = "----boundary7MA4YWxkTrZu0gW";
const disposition = 'content-disposition: form-data; name="file"; filename="a.mp4"\r\ncontent-type: video/mp4';
