import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import { type ClientHttp2Stream, connect, constants } from "node:http2";
import { request as requestTls } from "node:https";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { BlobReader } from "#kernel";
import { onDisk } from "#kernel/blob/testing";
import { createFastifyServer } from "#kernel/http/fastify/fastify";
import { selfSigned } from "#kernel/http/self-signed";
import { Listening, route } from "#kernel/http/testing";
import { silentLog } from "#kernel/log/port";
import { until } from "#test/until";
import { bufferBytes, BufferPool } from "./buffer-pool.ts";
import { ResponseCache } from "./response-cache.ts";
import { RangeCache } from "./range-cache.ts";
import { sendObject } from "./object-response.ts";
import { SharedReaders } from "./shared-readers.ts";

interface Client extends AsyncDisposable {
  /** Begins a download of so many bytes, on a connection or stream of its own. */
  open(start: number, length: number): Promise<Readable>;
}

const film = randomBytes(24 * 2 ** 20);
const idleBytesMax = 4 * bufferBytes;

describe("the buffer pool of downloads", () => {
  for (const [protocol, over] of [
    ["HTTP/1.1", overHttp],
    ["HTTP/1.1 with TLS", overTls],
    ["HTTP/2", overHttp2],
  ] as const)
    it(`never mixes bytes of clients over ${protocol} despite slow reads and disconnects, and gets each buffer back once`, async () => {
      const chunks = new Counted(idleBytesMax);
      await using server = await serving(chunks, { isSecure: over !== overHttp });
      await using client = over(server.listening.port);
      // Their last chunks wait in every place between the file and the reader.
      const slow = await Promise.all(
        Array.from({ length: 16 }, async (_, i) => {
          const length = (i + 1) * bufferBytes - i * 1_000;
          return { start: i * 2 ** 20, length, body: await client.open(i * 2 ** 20, length) };
        }),
      );
      const leaving = Array.from({ length: 12 }, async (_, i) => {
        const body = await client.open(i * 1_000, 8 * 2 ** 20);
        await assertFilm(body, i * 1_000, 300_000 * (i + 1));
        // As browsers do it over HTTP/2; Node's own end of a stream there is none for the other side.
        if ("close" in body) (body as ClientHttp2Stream).close(constants.NGHTTP2_CANCEL);
        body.destroy();
      });
      const quick = Array.from({ length: 40 }, async (_, i) => {
        const [start, length] = [i * 300_001, 100_000 + i * 30_000];
        await assertFilm(await client.open(start, length), start, length);
      });
      await Promise.all([...leaving, ...quick]);
      for (const { body, start, length } of slow) await assertFilm(body, start, length);
      await until(() => chunks.lent.size === 0);
      assert.equal(chunks.idleBytes, idleBytesMax, "what there is no room for is let go");
      const idle = Array.from({ length: 4 }, () => chunks.take());
      assert.equal(new Set(idle).size, 4);
    });

  it("opens no file for responses that wait behind others on their connection, and lends them no buffer", async () => {
    const chunks = new Counted(idleBytesMax);
    await using server = await serving(chunks);
    const socket = await server.listening.connect();
    socket.pause().write("GET /film HTTP/1.1\r\nhost: x\r\n\r\n".repeat(3));
    await until(() => chunks.lent.size > 0);
    await setTimeout(100); // Enough for the two others, which arrived with the first.
    assert.deepEqual([server.open.size, chunks.lent.size], [1, 1]);
    socket.destroy();
    await until(() => server.open.size === 0);
    assert.equal(chunks.lent.size, 0);
  });

  it("serves pipelined responses in turn with the right bytes, and gets all buffers back", async () => {
    const chunks = new Counted(idleBytesMax);
    await using server = await serving(chunks);
    const socket = await server.listening.connect();
    const starts = [5_000_000, 0, 20_000_000];
    for (const start of starts) {
      const { range } = rangeOf(start, 3_000_000);
      const connection = start === starts.at(-1) ? "close" : "keep-alive";
      socket.write(`GET /film HTTP/1.1\r\nhost: x\r\nrange: ${range}\r\nconnection: ${connection}\r\n\r\n`);
    }
    let answers = await buffer(socket);
    for (const start of starts) {
      answers = answers.subarray(answers.indexOf("\r\n\r\n") + 4);
      assert.equal(Buffer.compare(answers.subarray(0, 3_000_000), film.subarray(start, start + 3_000_000)), 0);
      answers = answers.subarray(3_000_000);
    }
    assert.deepEqual([answers.byteLength, chunks.lent.size], [0, 0]);
  });
});

/** Counts the buffers that are lent. */
class Counted extends BufferPool {
  readonly lent = new Set<Buffer>();
  override take(): Buffer {
    const chunk = super.take();
    assert.ok(!this.lent.has(chunk), "a buffer is lent once");
    this.lent.add(chunk);
    return chunk;
  }
  override release(chunk: Buffer): void {
    assert.ok(this.lent.delete(chunk), "a buffer is released once");
    super.release(chunk);
  }
}

/** Reads so many bytes and compares each with the film's. */
async function assertFilm(body: Readable, start: number, length: number): Promise<void> {
  let at = start;
  for await (const bytes of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    assert.equal(Buffer.compare(bytes, film.subarray(at, at + bytes.byteLength)), 0, `at ${at} of ${start}+${length}`);
    at += bytes.byteLength;
    if (at >= start + length) return;
  }
  assert.fail(`it ended ${start + length - at} bytes early`);
}

interface Serving extends AsyncDisposable {
  readonly listening: Listening;
  /** The open readers. */
  readonly open: ReadonlySet<BlobReader>;
}

/** Delivers the film from a disk, nothing of it from a cache. */
async function serving(buffers: BufferPool, { isSecure = false } = {}): Promise<Serving> {
  const disk = await onDisk();
  const { store } = disk;
  const open = new Set<BlobReader>();
  const openNow = store.open.bind(store);
  store.open = async (name) => {
    const reader = await openNow(name);
    assert.ok(reader);
    open.add(reader);
    return { ...reader, close: () => reader.close().finally(() => open.delete(reader)) };
  };
  const writer = await store.create("media");
  await writer.write(film);
  const { key, sizeBytes } = await writer.commit();
  const delivered = { key, sizeBytes, mime: "video/mp4", isPublic: true };
  const parts = {
    blob: store,
    ranges: new RangeCache(0),
    responses: new ResponseCache({ add: () => undefined }, 0),
    readers: new SharedReaders(store),
    buffers,
    log: silentLog,
  };
  const routes = [route("GET", "/film", (asked, reply) => sendObject(asked, reply, delivered, parts))];
  const tls = isSecure ? { tls: await certificateIn(disk.folder) } : {};
  const listening = await Listening.on(createFastifyServer, routes, tls);
  return {
    listening,
    open,
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await parts.readers.close();
      await disk[Symbol.asyncDispose]();
    },
  };
}

async function certificateIn(folder: string): Promise<{ cert: string; key: string }> {
  const { cert, key } = selfSigned();
  const paths = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  await Promise.all([writeFile(paths.cert, cert), writeFile(paths.key, key)]);
  return paths;
}

const rangeOf = (start: number, length: number) => ({ range: `bytes=${start}-${start + length - 1}` });

function overHttp(port: number, ask: typeof request = request): Client {
  return {
    async open(start, length) {
      const options = { host: "127.0.0.1", port, path: "/film", agent: false, rejectUnauthorized: false };
      const request = ask({ ...options, headers: rangeOf(start, length) }).end();
      const [answer] = (await once(request, "response")) as [Readable]; // Its first argument.
      return answer;
    },
    async [Symbol.asyncDispose]() {},
  };
}

function overTls(port: number): Client {
  return overHttp(port, requestTls);
}

function overHttp2(port: number): Client {
  const session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  return {
    async open(start, length) {
      const stream = session.request({ ":path": "/film", ...rangeOf(start, length) });
      await once(stream, "response");
      return stream;
    },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => session.close(resolve));
    },
  };
}
