import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { silentLog } from "#kernel/log/port";
import { until } from "#test/until";
import { createGuardedOutgoing } from "./guarded.ts";
import type { OutgoingRequest } from "./port.ts";

/* S5.1: time, bytes and types are limited, whatever the other side does. */
describe("the answer to an outgoing request", () => {
  before(() => Promise.all([listen(http), listen(tcp)]));
  beforeEach(() => void (sockets.length = 0));
  after(async () => {
    for (const socket of sockets) socket.destroy();
    http.closeAllConnections();
    await Promise.all([http, tcp].map((server) => new Promise((resolve) => server.close(resolve))));
  });

  it("has its status, bare media type, length and whole body", async () => {
    answers = (request, response) => {
      response.writeHead(206, { "content-type": "Video/MP4; codecs=x", "content-length": "5" });
      response.end(`${request.method} x`);
    };
    const { status, contentType, lengthBytes, text } = await asked();
    assert.deepEqual([status, contentType, lengthBytes, text], [206, "video/mp4", 5, "GET x"]);
  });

  it("is to a request with Kinora's user agent and the whole body", async () => {
    let sent = "";
    answers = async (request, response) => {
      for await (const chunk of request) sent += String(chunk);
      const { host: _, ...headers } = request.headers;
      response.end(JSON.stringify(headers));
    };
    const { text } = await asked({ method: "POST", body: "söt", headers: { "content-type": "text/plain" } });
    assert.equal(sent, "söt");
    assert.deepEqual(JSON.parse(text), {
      "user-agent": "Kinora",
      accept: "*/*",
      "content-type": "text/plain",
      "accept-encoding": "identity",
      connection: "close",
      "content-length": "4",
    });
  });

  it("has no body for HEAD or 204, whatever length is announced", async () => {
    answers = (_, response) => response.writeHead(200, { "content-length": "999999999" }).end();
    const { text, lengthBytes } = await asked({ method: "HEAD" });
    assert.deepEqual([text, lengthBytes], ["", 999_999_999]);
    answers = (_, response) => response.writeHead(204).end();
    assert.equal((await asked({ types: ["image/png"] })).status, 204);
  });

  it("is refused when it announces more bytes than allowed, before any of them comes", async () => {
    answers = (_, response) => response.writeHead(200, { "content-length": "1001" }).flushHeaders();
    const began = performance.now();
    await assert.rejects(outgoing.ask(addressOf(http), limits), failed);
    assert.ok(performance.now() - began < limits.totalMs / 2, "it ended by its time");
    answers = (_, response) => response.writeHead(200, { "content-length": "1000" }).end("x".repeat(1_000));
    assert.equal((await asked()).text.length, 1_000);
  });

  it("ends at the byte limit, even if the server sends endlessly", async () => {
    let isClosed = false;
    answers = (_, response) => {
      response.once("close", () => void (isClosed = true));
      flood(response);
    };
    const answer = await outgoing.ask(addressOf(http), { ...limits, bytesMax: 1_000_000 });
    let taken = 0;
    await assert.rejects(async () => {
      for await (const { length } of answer.body) taken += length;
    }, failed);
    assert.ok(taken > 900_000 && taken <= 1_000_000, `${taken} bytes`);
    await until(() => isClosed);
  });

  it("is refused when its media type is not a requested one", async () => {
    const types = ["image/*", "video/mp4"];
    for (const [type, isTaken] of [
      ["image/png", true],
      ["IMAGE/jpeg;x=y", true],
      ["video/mp4", true],
      ["video/mp4x", false],
      ["text/html", false],
      ["image", false],
      ["imagex/png", false],
      [undefined, false],
    ] as const) {
      answers = (_, response) => response.writeHead(200, type === undefined ? {} : { "content-type": type }).end("x");
      if (isTaken) assert.equal((await asked({ types })).text, "x");
      else await fails({ types });
    }
  });

  it("is refused with a content encoding, and compressed files stay compressed", async () => {
    const packed = gzipSync("x".repeat(100_000));
    answers = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(packed);
    await fails({});
    answers = (_, response) => response.writeHead(200, { "content-type": "application/gzip" }).end(packed);
    assert.equal((await asked()).bytes, packed.length);
  });

  it("fails unless it is complete and valid HTTP", async () => {
    const head = "HTTP/1.1 200 OK\r\n";
    for (const [text, isWhole] of [
      [`${head}content-length: 3\r\n\r\nabc`, true],
      [`${head}content-length: 4\r\n\r\nabc`, false],
      [`${head}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`, true],
      [`${head}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`, false],
      [`${head}transfer-encoding: chunked\r\n\r\n9\r\nabc`, false],
      [`${head}transfer-encoding: chunked\r\n\r\nzz\r\nabc`, false],
      [`${head}transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n`, false],
      [`${head}content-length: 3\r\ncontent-length: 4\r\n\r\nabcd`, false],
      ["", false],
      [head, false],
      ["SSH-2.0-x\r\n", false],
      ["HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n", false],
    ] as const) {
      says = (socket) => socket.end(text);
      if (isWhole) assert.equal((await asked({}, tcp)).text, "abc", text);
      else await fails({}, tcp);
    }
  });

  it("fails when its headers are too long or too many", async () => {
    says = (socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(20_000)}\r\ncontent-length: 0\r\n\r\n`);
    await fails({}, tcp);
    says = (socket) => socket.end(`HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(10_000)}content-length: 0\r\n\r\n`);
    await fails({}, tcp);
  });

  it("fails when its head or body stalls, or when it exceeds the total time", async () => {
    const trickle = (text: string) => (socket: Socket) => {
      const timer = setInterval(() => socket.write(text), 10);
      socket.once("close", () => clearInterval(timer));
    };
    const slowHead = (socket: Socket) => {
      socket.write("HTTP/1.1 200 OK\r\nx: ");
      trickle("y")(socket);
    };
    const body = (go: (socket: Socket) => void) => (socket: Socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\nab");
      go(socket);
    };
    const patient = { totalMs: 30_000, stallMs: 200 };
    for (const [say, times] of [
      [() => undefined, patient],
      [trickle("HTTP/1.1 100 Continue\r\n\r\n"), patient],
      [slowHead, patient],
      [body(() => undefined), patient],
      [body(trickle("x")), { totalMs: 300, stallMs: 30_000 }],
    ] as const) {
      says = say;
      const began = performance.now();
      await fails(times, tcp);
      const tookMs = performance.now() - began;
      // The other limit would have ended it later.
      assert.ok(tookMs >= 190 && tookMs < 20_000, `${tookMs} ms`);
      await until(() => sockets.every(({ destroyed }) => destroyed));
    }
  });

  it("ends when its caller aborts, before or during the body", async () => {
    says = () => undefined;
    await fails({ signal: AbortSignal.abort() }, tcp);
    const caller = new AbortController();
    says = () => caller.abort();
    await fails({ signal: caller.signal }, tcp);
    const reader = new AbortController();
    says = (socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\nab");
    const answer = await outgoing.ask(addressOf(tcp), { ...limits, signal: reader.signal });
    await assert.rejects(async () => {
      for await (const chunk of answer.body) {
        assert.equal(String(chunk), "ab");
        reader.abort();
      }
    }, failed);
    await until(() => sockets.every(({ destroyed }) => destroyed));
  });

  it("waits for a slow reader, whose pauses do not count as a stall", async () => {
    let response: ServerResponse | undefined;
    let sent = 0;
    answers = (_, made) => {
      response = made;
      flood(made, (bytes) => void (sent += bytes));
    };
    // Connecting and the head have as long, on a busy machine too.
    const stallMs = 5_000;
    const answer = await outgoing.ask(addressOf(http), { bytesMax: 1e9, totalMs: 100_000, stallMs });
    const chunks = answer.body[Symbol.asyncIterator]();
    assert.equal((await chunks.next()).done, false);
    let seen = -1;
    let since = 0;
    // The sender is held back when nothing more went out for longer than a stall may take.
    await until(() => {
      if (sent !== seen) since = performance.now();
      seen = sent;
      return performance.now() - since > stallMs + 500 && response?.writableNeedDrain === true;
    });
    assert.ok(sent < 16 * 2 ** 20, `${sent} bytes were taken for a reader who stands still`);
    assert.equal((await chunks.next()).done, false);
    answer[Symbol.dispose]();
    await until(() => response?.destroyed, soon);
  });

  it("closes its connection when it is dropped unread or read in part", async () => {
    says = (socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\nab");
    {
      using answer = await outgoing.ask(addressOf(tcp), limits);
      assert.equal(answer.status, 200);
    }
    await until(() => sockets.length === 1 && sockets.every(({ destroyed }) => destroyed), soon);
    const { body } = await outgoing.ask(addressOf(tcp), limits);
    for await (const chunk of body) {
      assert.equal(String(chunk), "ab");
      break;
    }
    await until(() => sockets.length === 2 && sockets.every(({ destroyed }) => destroyed), soon);
  });
});

let answers: (request: IncomingMessage, response: ServerResponse) => unknown;
let says: (socket: Socket) => unknown;
const sockets: Socket[] = [];
const http = createServer((request, response) => void answers(request, response));
const tcp = createTcpServer((socket) => {
  sockets.push(socket);
  socket.on("error", () => undefined);
  socket.once("data", () => says(socket));
});
const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const addressOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`; // It listens on TCP.

const outgoing = createGuardedOutgoing({ allow: ["127.0.0.1"], log: silentLog });
/** Before any limit on time ends it. */
const soon = { waitMs: 30_000 };
const limits = { bytesMax: 1_000, totalMs: 60_000 };
const failed = {
  code: "outgoing.failed",
  message: "what is at this address could not be fetched",
  details: {},
};

async function asked(request: Partial<OutgoingRequest> = {}, server: Server = http) {
  const answer = await outgoing.ask(addressOf(server), { ...limits, ...request });
  const chunks = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  const all = Buffer.concat(chunks);
  return { ...answer, text: all.toString(), bytes: all.length };
}
const fails = (request: Partial<OutgoingRequest>, server: Server = http) =>
  assert.rejects(asked(request, server), failed);

/** Writes without end, as fast as it is taken. */
function flood(response: ServerResponse, sent: (bytes: number) => void = () => undefined): void {
  const chunk = Buffer.alloc(65_536, "x");
  const more = () => {
    while (!response.destroyed) {
      sent(chunk.length);
      if (!response.write(chunk)) {
        response.once("drain", more);
        return;
      }
    }
  };
  more();
}
