import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { connect as connectTls } from "node:tls";
import { until } from "#test/until";
import { adapters, echo, Listening, ok, parsed, route, tlsFiles } from "./testing.ts";

const checkMs = 50;
async function counts(port: Listening, line: string): Promise<void> {
  const isThere = async () => (await port.metrics.text()).body.split("\n").some((one) => one.startsWith(line));
  await until(isThere, { said: () => `no ${line}` });
}
const isEmpty = (port: Listening) => counts(port, 'connections_open{port="public"} 0');
const cut = (port: Listening, reason: string) =>
  counts(port, `connections_cut_total{port="public",reason="${reason}"} 1`);

/** Writes a byte again and again, until the server ends the connection. */
function drip(socket: Socket, bytes: string | Buffer, everyMs: number): void {
  let at = 0;
  const timer = setInterval(() => socket.write(Buffer.from([Buffer.from(bytes)[at++ % bytes.length] ?? 0])), everyMs);
  socket.once("close", () => clearInterval(timer));
}

/** Settles when the connection is gone: whether it was ended or reset is the kernel's to say. */
const closed = (socket: Socket) => new Promise((resolve) => socket.resume().once("close", resolve));

/** The conformance suite of public ports for clients that stop in the middle of a protocol, on each adapter. */
for (const [name, open] of adapters)
  describe(`the public port by ${name}`, () => {
    let files: Awaited<ReturnType<typeof tlsFiles>>;
    before(async () => void (files = await tlsFiles()));
    after(() => files[Symbol.asyncDispose]());

    it("cuts a WebSocket whose client does not read, and reports it to its owner (S8.7)", async () => {
      let closed = 0;
      const before = (server: Listening["server"]) =>
        server.socket({
          url: "/ws",
          declared: "test.socket",
          messageBytesMax: 1_000,
          admit: async () => (socket) => {
            socket.listen({ message: () => undefined, pong: () => undefined, close: () => void (closed += 1) });
            for (let n = 0; n < 64; n++) socket.send("x".repeat(2 ** 20));
          },
        });
      await using port = await Listening.on(open, [], { connectionLimits: { answerMs: 100, checkMs }, before });
      const socket = await port.connect();
      const key = "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-version: 13";
      socket
        .pause()
        .write(`GET /ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n${key}\r\n\r\n`);
      await cut(port, "answer");
      await until(() => closed === 1);
      await isEmpty(port);
      socket.destroy();
    });

    it("serves a request once the answers before it have left, and cuts more than a hundred (R7)", async () => {
      let served = 0;
      const large = route("GET", "/large", async () => {
        served += 1;
        return "x".repeat(2 ** 20);
      });
      await using port = await Listening.on(open, [large], { connectionLimits: { answerMs: 1_000, checkMs } });
      const line = (fields = "") => `GET /large HTTP/1.1\r\nhost: x\r\n${fields}\r\n`;
      const unread = await port.connect();
      unread.pause().write(line().repeat(100));
      await cut(port, "answer");
      await isEmpty(port);
      // Buffers of the kernel between client and server have taken the first ones.
      assert.ok(served < 40, `${served} of 100 were served to a client that reads nothing`);
      served = 0;
      const answers = await port.exchange(line().repeat(30) + line("connection: close\r\n"));
      assert.deepEqual([served, answers.match(/HTTP\/1\.1 200 /g)?.length], [31, 31]);
      const many = await port.connect();
      many.pause().write(line().repeat(102));
      await cut(port, "frames");
      await isEmpty(port);
      for (const socket of [unread, many]) socket.destroy();
    });

    it("cuts a stream of a client that opens no window, and keeps its session (S8.7)", async () => {
      const connectionLimits = { answerMs: 200, checkMs };
      await using port = await Listening.on(open, [route("GET", "/", ok)], { tls: files.tls, connectionLimits });
      const settings = { initialWindowSize: 0 };
      const session = connectHttp2(`https://localhost:${port.port}`, { ca: files.ca, host: "127.0.0.1", settings });
      session.on("error", () => undefined);
      const stream = session.request({ ":path": "/" }).on("error", () => undefined);
      const [headers] = (await once(stream, "response")) as [{ ":status": number }];
      assert.equal(headers[":status"], 200);
      await cut(port, "answer");
      await until(() => stream.destroyed);
      session.settings({ initialWindowSize: 65_535 });
      assert.equal(await text(session.request({ ":path": "/" })), "ok");
      session.destroy();
    });

    it("cuts a TLS handshake that arrives byte by byte (S8.7)", async () => {
      const connectionLimits = { headersMs: 300, checkMs };
      await using port = await Listening.on(open, [route("GET", "/", ok)], { tls: files.tls, connectionLimits });
      const socket = await port.connect();
      drip(socket, Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, ...Array.from({ length: 400 }, () => 0)]), 10);
      await closed(socket);
      await cut(port, "handshake");
      await isEmpty(port);
    });

    for (const [kind, bytes] of [
      ["no request", ""],
      ["headers byte by byte", "GET / HTTP/1.1\r\nhost: x\r\nx-slow: "],
    ] as const)
      it(`cuts an HTTP/1.1 client over TLS that sends ${kind} (S8.7)`, async () => {
        const connectionLimits = { headersMs: 300, checkMs, lingerMs: 100 };
        await using port = await Listening.on(open, [route("GET", "/", ok)], { tls: files.tls, connectionLimits });
        const secure = { port: port.port, host: "127.0.0.1", ca: files.ca, servername: "localhost" };
        const socket = connectTls({ ...secure, ALPNProtocols: ["http/1.1"] }).on("error", () => undefined);
        await once(socket, "secureConnect");
        socket.write(bytes);
        if (bytes !== "") drip(socket, "a", 10);
        await closed(socket);
        await cut(port, "headers");
        await isEmpty(port);
      });

    it("gives the descriptor back of a client that ends its side in the middle of a request (S8.7)", async () => {
      let lost = 0;
      const form = {
        ...route("POST", "/form", async ({ raw }) => {
          raw.on("error", () => undefined).resume();
          await new Promise((resolve) => raw.once("close", resolve));
          lost += raw.complete ? 0 : 1;
          return {};
        }),
        takes: "any" as const,
      };
      await using port = await Listening.on(open, [form, echo, route("GET", "/", ok)], {
        connectionLimits: { lingerMs: 100, checkMs },
      });
      const post = (path: string, fields: string) => `POST ${path} HTTP/1.1\r\nhost: x\r\n${fields}\r\n\r\n`;
      const json = "content-type: application/json\r\n";
      for (const bytes of [
        "",
        "G",
        "GET / HTTP/1.1\r\nhos",
        "GET / HTTP/1.1\r\nhost: x\r\n",
        `${post("/echo", `${json}content-length: 100`)}{"a`,
        `${post("/echo", `${json}transfer-encoding: chunked`)}5\r\n{"a`,
        `${post("/form", "content-length: 100")}abc`,
        `${post("/form", "transfer-encoding: chunked")}5\r\nabcde\r\n`,
      ]) {
        const socket = connect({ port: port.port, host: "127.0.0.1", allowHalfOpen: true }).on(
          "error",
          () => undefined,
        );
        socket.end(bytes).resume();
        await once(socket, "close");
      }
      await until(() => lost === 2);
      await isEmpty(port);
      // A whole request may be all that a client has to say.
      const socket = connect({ port: port.port, host: "127.0.0.1", allowHalfOpen: true });
      socket.end("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
      assert.equal(parsed(await text(socket)).status, 200);
      await isEmpty(port);
    });
  });
