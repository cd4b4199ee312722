import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2, type ClientHttp2Stream, constants } from "node:http2";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { until } from "#test/until";
import { adapters, assertFailed, echo, Listening, ok, parsed, route, tlsFiles } from "./testing.ts";

const hello = route("GET", "/", ok);
const checkMs = 50;
/** A handler that waits for a body to its end, as uploads do. */
const form = {
  ...route("POST", "/form", async ({ raw }) => {
    let bytes = 0;
    for await (const chunk of raw as AsyncIterable<Buffer>) bytes += chunk.byteLength;
    return { bytes };
  }),
  takes: "any" as const,
};
/** An answer larger than all buffers between server and client. */
const long = route("GET", "/long/:mebibytes", async ({ params }, reply) => {
  reply.hijack().raw.writeHead(200);
  reply.raw.write(Buffer.alloc(Number(params["mebibytes"]) * 2 ** 20));
  await once(reply.raw, "close");
  ended += 1;
  return reply;
});
let ended = 0;

const cuts = async ({ metrics }: Listening): Promise<string[]> =>
  (await metrics.text()).body.split("\n").filter((line) => /^connections_(?:cut|refused)_total\{/.test(line));
async function counted(port: Listening, what: string): Promise<void> {
  await until(async () => (await cuts(port)).some((line) => line.includes(what) && !line.endsWith(" 0")));
}

/** The conformance suite of public ports for the limits of connections, on each adapter. */
for (const [name, open] of adapters) {
  describe(`the limits of connections of the public port by ${name}`, () => {
    it("hold for all connections together, and give places and descriptors back (R8)", async () => {
      await using port = await Listening.on(open, [hello], { connectionLimits: { socketsMax: 3 } });
      const held = [await port.connect(), await port.connect(), await port.connect()];
      const refused = await port.connect();
      await once(refused, "close");
      await counted(port, 'port="public",reason="all"');
      for (const socket of held) socket.destroy();
      await until(async () => (await port.ask("/").catch(() => undefined))?.status === 200);
      assert.match((await port.metrics.text()).body, /^connections_open\{port="public"\} \d$/m);
    });

    it("hold for each address, where others are still served (S8.7)", async () => {
      const connectionLimits = { socketsPerAddressMax: 2, limitsLoopback: true };
      const trustedProxies = ["127.0.0.8/30"];
      await using port = await Listening.on(open, [hello], { connectionLimits, trustedProxies });
      const held = [await port.connect("127.0.0.2"), await port.connect("127.0.0.2")];
      await once(await port.connect("127.0.0.2"), "close");
      assert.match((await cuts(port)).join(), /refused_total\{port="public",reason="address"\} 1/);
      const request = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
      const other = await port.connect("127.0.0.3");
      other.write(request);
      assert.equal(parsed(await text(other)).status, 200);
      // A reverse proxy carries all clients.
      const carried = await Promise.all([1, 2, 3, 4].map(() => port.connect("127.0.0.9")));
      for (const socket of carried) {
        socket.write(request);
        assert.equal(parsed(await text(socket)).status, 200);
      }
      held[0]?.destroy();
      await until(async () => {
        const socket = await port.connect("127.0.0.2");
        socket.write(request);
        return (await text(socket)).startsWith("HTTP/1.1 200");
      });
      held[1]?.destroy();
    });

    it("leave loopback addresses, where a reverse proxy runs, without a limit of their own", async () => {
      await using port = await Listening.on(open, [hello], { connectionLimits: { socketsPerAddressMax: 1 } });
      const held = [await port.connect(), await port.connect()];
      assert.equal((await port.ask("/")).status, 200);
      for (const socket of held) socket.destroy();
    });

    it("answer an upload below the floor of speed with 408 in the words of its API, and release its handler (S8.7)", async () => {
      const foreign = { ...form, url: "/foreign", refuses: () => ({ status: 200, body: { slow: true } }) };
      const connectionLimits = { uploadMs: 100, lingerMs: 100, checkMs };
      await using port = await Listening.on(open, [form, foreign], { connectionLimits });
      const head = (path: string) => `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\nabc`;
      assertFailed(parsed(await port.exchange(head("/form"))), 408, "gateway.too_slow");
      const own = parsed(await port.exchange(head("/foreign")));
      assert.deepEqual([own.status, own.body], [200, { slow: true }]);
      await until(() => port.lines.length === 2);
      assert.deepEqual(
        port.lines.map(({ level, status }) => [level, status]),
        [
          ["info", 408],
          ["info", 200],
        ],
      );
      await counted(port, 'reason="upload"');
    });

    it("cut a client that does not read its answer (S8.7)", async () => {
      await using port = await Listening.on(open, [long], { connectionLimits: { answerMs: 100, checkMs } });
      ended = 0;
      const socket = await port.connect();
      socket.pause().write("GET /long/64 HTTP/1.1\r\nhost: x\r\n\r\n");
      await counted(port, 'reason="answer"');
      await until(() => ended === 1);
      socket.destroy();
    });

    it("are no smaller than a body that is sent at once", async () => {
      await using port = await Listening.on(open, [form, echo], { connectionLimits: { uploadMs: 100, checkMs } });
      const body = Buffer.alloc(4 * 2 ** 20);
      assert.deepEqual((await port.ask("/form", { method: "POST", body })).body, { bytes: body.byteLength });
      const small = { connectionLimits: { bodyBytesMax: 10 } };
      await using other = await Listening.on(open, [echo], small);
      assertFailed(await other.json("/echo", '"123456789"'), 413, "gateway.too_large");
      assert.equal((await other.json("/echo", '"12345678"')).status, 200);
    });
  });

  describe(`the limits of HTTP/2 and TLS of the public port by ${name}`, () => {
    let files: Awaited<ReturnType<typeof tlsFiles>>;
    before(async () => void (files = await tlsFiles()));
    after(() => files[Symbol.asyncDispose]());
    const listening = (limits: object) =>
      Listening.on(open, [hello, form, long], { tls: files.tls, connectionLimits: { checkMs, ...limits } });
    async function session(port: Listening): Promise<ClientHttp2Session> {
      const one = connectHttp2(`https://localhost:${port.port}`, { ca: files.ca, host: "127.0.0.1" });
      one.on("error", () => undefined);
      await once(one, "remoteSettings");
      return one;
    }
    const asked = (one: ClientHttp2Session, headers: object = {}): ClientHttp2Stream =>
      one.request({ ":path": "/", ...headers }).on("error", () => undefined);

    it("disconnect a client that resets its requests again and again, and serve others (CVE-2023-44487)", async () => {
      await using port = await listening({ resetsMax: 20 });
      const [good, bad] = [await session(port), await session(port)];
      for (let n = 0; n < 200 && !bad.destroyed; n++) {
        const stream = asked(bad, { ":path": "/form", ":method": "POST" }).resume();
        // Otherwise the request would not be sent.
        await new Promise(setImmediate);
        stream.close(constants.NGHTTP2_CANCEL);
      }
      await counted(port, 'reason="frames"');
      await until(async () => (await port.metrics.text()).body.includes('connections_open{port="public"} 1'));
      const stream = asked(good);
      const [headers] = (await once(stream, "response")) as [{ ":status": number }];
      assert.equal(headers[":status"], 200);
      for (const one of [good, bad]) one.destroy();
    });

    it("announce how many requests may be open on one connection", async () => {
      await using port = await listening({ streamsMax: 7 });
      const one = await session(port);
      assert.equal(one.remoteSettings.maxConcurrentStreams, 7);
      one.destroy();
    });

    it("end a session without requests, one that never began and one that is idle (S8.7)", async () => {
      await using port = await listening({ headersMs: 150, idleMs: 50, lingerMs: 50 });
      const [silent, idle] = [await session(port), await session(port)];
      const stream = asked(idle);
      await text(stream);
      const [[code]] = await Promise.all([once(idle, "goaway") as Promise<[number]>, once(idle, "close")]);
      assert.equal(code, constants.NGHTTP2_NO_ERROR);
      await once(silent, "close");
      await counted(port, 'reason="headers"');
    });

    it("cut a flood of PING frames", async () => {
      await using port = await listening({ controlFramesMax: 100 });
      const one = await session(port);
      const closed = once(one, "close");
      const ping = () => !one.destroyed && one.ping(() => setImmediate(ping));
      for (let n = 0; n < 8; n++) ping();
      await closed;
      await counted(port, 'reason="frames"');
    });

    it("cut a stream whose answer is not read, and keep its session", async () => {
      await using port = await listening({ answerMs: 200 });
      ended = 0;
      const one = await session(port);
      const stream = asked(one, { ":path": "/long/2" });
      await counted(port, 'reason="answer"');
      await until(() => ended === 1);
      stream.resume();
      const next = asked(one);
      assert.equal(await text(next), "ok");
      one.destroy();
    });

    it("answer a slow stream of an upload with 408 (S8.7)", async () => {
      await using port = await listening({ uploadMs: 100, lingerMs: 100 });
      const one = await session(port);
      const stream = one.request({ ":path": "/form", ":method": "POST" }).on("error", () => undefined);
      stream.write("abc");
      const [headers] = (await once(stream, "response")) as [{ ":status": number }];
      assert.equal(headers[":status"], 408);
      stream.resume();
      await until(() => stream.destroyed);
      one.destroy();
    });

    it("cut a TLS handshake that does not come (S8.7)", async () => {
      await using port = await listening({ headersMs: 100 });
      const socket = connect(port.port, "127.0.0.1").on("error", () => undefined);
      await once(socket, "close");
      await counted(port, 'reason="handshake"');
    });
  });
}
