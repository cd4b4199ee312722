import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { Agent, request as requestTls } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { SignInFirst } from "../errors.ts";
import {
  adapters,
  assertFailed,
  assertProtected,
  echo,
  keeping,
  Listening,
  ok,
  parsed,
  route,
  tlsFiles,
} from "./testing.ts";
import { until } from "#test/until";

/** The conformance suite of public ports for connections: slow, broken, long and closing ones, on each adapter. */
for (const [name, open] of adapters)
  describe(`the connections of the public port by ${name}`, () => {
    it("stream a handler's own response at the reader's pace", async () => {
      const piece = Buffer.alloc(2 ** 16, "kinora");
      const pieces = 200;
      let written = 0;
      const long = route("GET", "/long", async (_, reply) => {
        reply.header("x-own", "1").hijack();
        reply.raw.writeHead(206, reply.getHeaders());
        for (; written < pieces; written++) if (!reply.raw.write(piece)) await once(reply.raw, "drain");
        reply.raw.end();
        return reply;
      });
      await using port = await Listening.on(open, [long]);
      const socket = await port.connect();
      socket.pause().write("GET /long HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
      await until(() => written > 0);
      let before = -1;
      while (before !== written) {
        before = written;
        await wait(100);
      }
      assert.ok(written < pieces, "nobody reads, so nobody writes");
      const answer = parsed(await text(socket.resume()));
      assert.equal(answer.status, 206);
      assert.equal(answer.headers["x-own"], "1");
      assertProtected(answer);
      assert.equal(written, pieces);
      await until(() => port.lines.length === 1);
      assert.equal(port.lines[0]?.["status"], 206);
    });

    it("notify a handler of a client that disconnects, and serve other clients", async () => {
      let lost = 0;
      const form = route("POST", "/form", async ({ raw }) => {
        raw.on("error", () => undefined).resume();
        await new Promise((resolve) => raw.once("close", resolve));
        lost += raw.complete ? 0 : 1;
        return {};
      });
      await using port = await Listening.on(open, [{ ...form, takes: "form" }, echo]);
      const heads = [
        "POST /form HTTP/1.1\r\ncontent-type: multipart/form-data; boundary=x",
        "POST /echo HTTP/1.1\r\ncontent-type: application/json",
      ];
      for (const head of heads) {
        const socket = await port.connect();
        socket.end(`${head}\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"a`);
      }
      await until(() => lost === 1);
      assert.deepEqual((await port.json("/echo", "{}")).body, { body: {} });
      assert.deepEqual(
        port.lines.filter(({ level }) => level === "error"),
        [],
      );
    });

    it("accept a request byte by byte, and answer others meanwhile", async () => {
      await using port = await Listening.on(open, [echo]);
      const socket = await port.connect();
      const bytes =
        'POST /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{"a":1}';
      socket.setNoDelay(true);
      for (let at = 0; at < bytes.length; at++) {
        socket.write(bytes.charAt(at));
        await new Promise((resolve) => setImmediate(resolve));
        if (at % 40 === 0) assert.equal((await port.json("/echo", "{}")).status, 200);
      }
      assert.deepEqual(parsed(await text(socket)).body, { body: { a: 1 } });
    });

    it("answer a refused caller before a body has arrived, and cut the connection soon after", async () => {
      const closed = route("POST", "/closed", async () => {
        throw SignInFirst({});
      });
      await using port = await Listening.on(open, [closed, echo], { connectionLimits: { lingerMs: 200 } });
      for (const [path, status] of [
        ["/closed", 401],
        ["/nothing", 404],
      ] as const) {
        const socket = await port.connect();
        const ended = once(socket, "close");
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{`,
        );
        const [first] = (await once(socket, "data")) as [Buffer];
        assert.equal(parsed(String(first)).status, status);
        await ended;
      }
      assert.equal((await port.json("/echo", "{}")).status, 200);
    });

    it("cut a JSON body that does not arrive in time, and answer 408 (S8.7)", async () => {
      await using port = await Listening.on(open, [echo], { connectionLimits: { bodyMs: 200, lingerMs: 200 } });
      const head = "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
      assertFailed(parsed(await port.exchange(head)), 408, "gateway.too_slow");
    });

    it("bound the memory of all unfinished JSON bodies, and refuse what exceeds it with 503 (R7)", async () => {
      await using port = await Listening.on(open, [echo], { connectionLimits: { pendingBodyBytesMax: 10_000 } });
      const json = JSON.stringify("a".repeat(5_998));
      const head = `POST /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 6000\r\n\r\n`;
      const first = await port.connect();
      first.write(head + json.slice(0, 5_990));
      await until(async () => (await port.json("/echo", json)).status === 503);
      assertFailed(await port.json("/echo", json), 503, "gateway.overloaded");
      first.write(json.slice(5_990));
      assert.equal(parsed(await text(first)).status, 200);
      assert.equal((await port.json("/echo", json)).status, 200, "the memory is given back");
    });

    it("cut a silent connection, and give its descriptor back although the client keeps its side open (S8.7)", async () => {
      await using port = await Listening.on(open, [echo], { connectionLimits: { headersMs: 100, lingerMs: 100 } });
      const sockets = () => process.getActiveResourcesInfo().filter((one) => one === "TCPSocketWrap").length;
      const before = sockets();
      const socket = connect({ port: port.port, host: "127.0.0.1", allowHalfOpen: true });
      const ended = once(socket, "end");
      const [answer] = (await once(socket, "data")) as [Buffer];
      assertFailed(parsed(String(answer)), 408, "gateway.too_slow");
      await ended;
      // The client's own is left.
      await until(() => sockets() === before + 1);
      socket.destroy();
    });

    it("answer pipelined requests in their order", async () => {
      const slow = route("GET", "/slow", async () => wait(50, { n: 1 }));
      await using port = await Listening.on(open, [slow, route("GET", "/fast", async () => ({ n: 2 }))]);
      const both = "GET /slow HTTP/1.1\r\nhost: x\r\n\r\nGET /fast HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
      assert.match(await port.exchange(both), /"n":1[^]*"n":2/);
    });

    it("let a front handler answer before the routes", async () => {
      const requests: string[] = [];
      const before = (server: Listening["server"]) =>
        server.front(({ url }, response) => {
          requests.push(String(url));
          if (url !== "/hot") return false;
          response.end("hot");
          return true;
        });
      await using port = await Listening.on(open, [route("GET", "/hot", ok), route("GET", "/cold", ok)], { before });
      assert.deepEqual([(await port.ask("/hot")).text, (await port.ask("/cold")).text], ["hot", "ok"]);
      await until(() => port.lines.length > 0);
      assert.deepEqual([requests, port.lines.map(({ path }) => path)], [["/hot", "/cold"], ["/cold"]]);
    });

    it("serve the files of a folder, but no hidden files and none outside it", async () => {
      const parent = await mkdtemp(join(tmpdir(), "kinora-http-"));
      await using _ = { [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true }) };
      const folder = await mkdtemp(join(parent, "web-"));
      const script = "export {};".repeat(100);
      await writeFile(join(folder, "app.js"), script);
      await writeFile(join(folder, "app.js.gz"), gzipSync(script));
      await writeFile(join(folder, ".hidden"), "hidden");
      await writeFile(join(parent, "outside"), "outside");
      const before = async (server: Listening["server"]) => {
        const send = await server.files(folder);
        const file = route("GET", "/*", async ({ query }, reply) =>
          send(reply.header("cache-control", "no-cache"), String(query["of"])),
        );
        server.route(file);
      };
      await using port = await Listening.on(open, [], { before });
      const plain = await port.ask("/?of=app.js");
      assert.deepEqual([plain.status, plain.text], [200, script]);
      assert.match(String(plain.headers["content-type"]), /^(?:text|application)\/javascript/);
      assert.equal(plain.headers["cache-control"], "no-cache");
      assert.ok(plain.headers["etag"] && plain.headers["x-request-id"]);
      const unchanged = await port.ask("/?of=app.js", { headers: { "if-none-match": plain.headers["etag"] } });
      assert.equal(unchanged.status, 304);
      const zipped = await port.ask("/?of=app.js", { headers: { "accept-encoding": "gzip" } });
      assert.deepEqual([zipped.status, zipped.headers["content-encoding"]], [200, "gzip"]);
      for (const path of [".hidden", "../outside", "%2e%2e/outside", "..%2foutside", "/etc/passwd", "none.js"]) {
        const { status, text: received } = await port.ask(`/?of=${encodeURIComponent(path)}`);
        assert.ok([400, 403, 404].includes(status), `${path} ${status}`);
        assert.doesNotMatch(received, /hidden|outside|root:/, path);
      }
    });

    it("finish running requests on close, refuse new ones, and end when idle", async () => {
      const gate = Promise.withResolvers<void>();
      const happened: string[] = [];
      const slow = route("GET", "/slow", async () => {
        happened.push("began");
        await gate.promise;
        happened.push("answered");
        return { done: true };
      });
      const before = (server: Listening["server"]) => {
        server.onClose(async () => void happened.push("closed"));
        server.front(({ url }, response) => url === "/hot" && Boolean(response.end("hot")));
      };
      await using port = await Listening.on(open, [slow, route("GET", "/ok", ok)], { before });
      using idle = keeping();
      assert.equal((await port.ask("/ok", { agent: idle })).status, 200);
      using kept = keeping();
      const running = port.ask("/slow", { agent: kept });
      // On one connection the second request waits for the first to be answered.
      const late = await port.connect();
      late.write("GET /slow HTTP/1.1\r\nhost: x\r\n\r\n");
      await until(() => happened.length === 2);
      const closing = port.server.close(30_000);
      late.write("GET /hot HTTP/1.1\r\nhost: x\r\nx-request-id: abc-1\r\n\r\n");
      await until(
        async () =>
          (await port.connect().then(
            (socket) => socket.destroy(),
            () => "refused",
          )) === "refused",
      );
      assert.equal(await Promise.race([closing, wait(100, "waits")]), "waits");
      const began = performance.now();
      gate.resolve();
      assert.deepEqual((await running).body, { done: true });
      const [, second = ""] = (await text(late)).split('{"done":true}');
      const refused = parsed(second);
      assertFailed(refused, 503, "gateway.closing");
      assert.deepEqual(
        [refused.headers["x-request-id"], refused.headers["connection"], refused.headers["retry-after"]],
        ["abc-1", "close", "5"],
      );
      await closing;
      assert.ok(performance.now() - began < 25_000, "no idle connection was waited for");
      assert.deepEqual(happened, ["began", "began", "answered", "answered", "closed"]);
    });

    it("cut requests that do not finish within the close timeout", async () => {
      let isCut = false;
      const endless = route("GET", "/endless", async (_, reply) => {
        reply.hijack().raw.writeHead(200).write("x");
        await once(reply.raw, "close");
        isCut = true;
        return reply;
      });
      await using port = await Listening.on(open, [endless]);
      const socket = await port.connect();
      socket.write("GET /endless HTTP/1.1\r\nhost: x\r\n\r\n");
      await once(socket, "data");
      const began = performance.now();
      await port.server.close(200);
      const took = performance.now() - began;
      await until(() => isCut);
      assert.ok(took >= 190 && took < 30_000, `${took} ms`);
    });

    it("speak HTTP/2 and HTTP/1.1 over TLS on one port", async () => {
      await using files = await tlsFiles();
      const { tls, ca } = files;
      const seen = route("POST", "/seen", async (request) => [
        request.raw.httpVersion,
        request.protocol,
        request.host,
        await request.json(),
      ]);
      const own = route("GET", "/own", async (_, reply) => {
        reply.hijack().raw.writeHead(200, reply.getHeaders());
        reply.raw.end("by hand");
        return reply;
      });
      await using port = await Listening.on(open, [seen, own], { tls });
      const headers = { "content-type": "application/json" };
      const old = await new Promise<string>((resolve, reject) => {
        const to = {
          port: port.port,
          path: "/seen",
          method: "POST",
          ca,
          servername: "localhost",
          headers: { ...headers, host: "a.test" },
        };
        requestTls({ ...to, agent: new Agent() }, (answer) => void text(answer).then(resolve, reject))
          .on("error", reject)
          .end("{}");
      });
      assert.deepEqual(JSON.parse(old), ["1.1", "https", "a.test", {}]);
      const session = connectHttp2(`https://localhost:${port.port}`, { ca, host: "127.0.0.1" });
      const ask = async (path: string, method: string, body?: string) => {
        const stream = session.request({
          ":path": path,
          ":method": method,
          ":authority": "b.test",
          ...(body && headers),
        });
        stream.end(body);
        const [answer] = (await once(stream, "response")) as [Record<string, string | number>]; // Node's own event.
        const received = await text(stream);
        const { ":status": status, ...others } = answer;
        const shown = Object.fromEntries(Object.entries(others).map(([k, v]) => [k, String(v)]));
        const parsedBody: unknown = shown["content-type"]?.startsWith("application/json")
          ? JSON.parse(received)
          : undefined;
        return { status: Number(status), headers: shown, text: received, body: parsedBody };
      };
      const response = await ask("/seen", "POST", "{}");
      assertProtected(response);
      assert.deepEqual(response.body, ["2.0", "https", "b.test", {}]);
      const byHand = await ask("/own", "GET");
      assertProtected(byHand);
      assert.equal(byHand.text, "by hand");
      assertFailed(await ask("/none", "GET"), 404, "gateway.no_route");
      assertFailed(await ask("/%zz", "GET"), 400, "gateway.bad_request");
      const lost = once(session, "close");
      await port.server.close();
      await lost;
    });
  });
