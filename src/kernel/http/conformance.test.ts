import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { failure, KinoraError } from "../errors.ts";
import type { HttpRoute } from "./port.ts";
import { adapters, assertFailed, assertProtected, echo, Listening, ok, parsed, route, traceOf } from "./testing.ts";
import { until } from "#test/until";

/** The conformance suite of public ports for requests and answers, through sockets, on each adapter. */
for (const [name, open] of adapters)
  describe(`the public port by ${name}`, () => {
    it("routes a request with its decoded path and query parameters", async () => {
      await using port = await Listening.on(open, [
        route("GET", "/things/:id/:name", async ({ params, query, url }) => ({ params, query, url })),
        route("GET", "/things/best/:name", async () => ({ best: true })),
        route(["GET", "PUT"], "/things/:id", async ({ method, params }) => ({ method, params })),
        route("GET", "/*", async ({ url }) => ({ rest: url })),
      ]);
      const { body } = await port.ask("/things/7/%E6%97%A5%2F?a=1&b=x%20y&a=2&c");
      assert.deepEqual(body, {
        params: { id: "7", name: "日/" },
        query: { a: ["1", "2"], b: "x y", c: "" },
        url: "/things/7/%E6%97%A5%2F?a=1&b=x%20y&a=2&c",
      });
      assert.deepEqual((await port.ask("/things/best/x")).body, { best: true });
      assert.deepEqual((await port.ask("/things/7", { method: "PUT" })).body, { method: "PUT", params: { id: "7" } });
      assert.deepEqual((await port.ask("/other/x")).body, { rest: "/other/x" });
      const head = await port.ask("/things/7", { method: "HEAD" });
      assert.deepEqual([head.status, head.text, Number(head.headers["content-length"]) > 0], [200, "", true]);
    });

    it("answers 404 for unknown paths, and 405 with the allowed methods for known ones", async () => {
      await using port = await Listening.on(open, [
        route("POST", "/login", ok),
        route("DELETE", "/things/:id", ok),
        route("PUT", "/things/:id", ok),
        route("GET", "/pages/*", ok),
      ]);
      assertFailed(await port.ask("/nothing"), 404, "gateway.no_route");
      for (const method of ["GET", "PUT", "DELETE", "PATCH"])
        assert.equal(assertFailed(await port.ask("/login", { method }), 405, "gateway.wrong_method").allow, "POST");
      const wrong = await port.ask("/things/7", { method: "POST" });
      assert.equal(assertFailed(wrong, 405, "gateway.wrong_method").allow, "DELETE, PUT");
      assertFailed(await port.ask("/pages/x", { method: "POST" }), 404, "gateway.no_route");
      // Its body is not looked at.
      for (const [type, body] of [
        ["application/x-www-form-urlencoded", "a=b"],
        ["multipart/form-data; boundary=x", "--x"],
        ["application/json", "{"],
        ["text/plain", "x"],
      ] as const) {
        const headers = { "content-type": type };
        assertFailed(await port.ask("/nothing", { method: "POST", headers, body }), 404, "gateway.no_route");
        const refusal = assertFailed(
          await port.ask("/login", { method: "PUT", headers, body }),
          405,
          "gateway.wrong_method",
        );
        assert.equal(refusal.allow, "POST");
      }
    });

    it("does not start with an undeclared route (S1.1)", async () => {
      const undeclared = { method: "GET", url: "/surprise", handler: ok } as unknown as HttpRoute; // The missing field is the point of the case.
      await assert.rejects(Listening.on(open, [undeclared]), /\/surprise is not declared/);
    });

    it("accepts only JSON bodies of bounded size, depth and number of keys (S1.6, S1.7)", async () => {
      await using port = await Listening.on(open, [echo]);
      const parsed = async (body: string) => (await port.json("/echo", body)).body;
      assert.deepEqual(await parsed('{"a":[1,{"b":null}],"a":2,"constructor":1}'), { body: { a: 2, constructor: 1 } });
      assert.deepEqual([await parsed("[1]"), await parsed("null")], [{ body: [1] }, { body: null }]);
      assert.deepEqual([await parsed(""), await parsed(" ")], [{}, {}]);
      assert.deepEqual((await port.ask("/echo", { method: "POST" })).body, {});
      for (const body of [
        "{",
        '{"a":1}x',
        "\ufeff{}",
        '{"a":NaN}',
        '{"__proto__": {"isAdmin": true}}',
        '[{"__proto__":1}]',
      ])
        assertFailed(await port.json("/echo", body), 400, "gateway.bad_request");
      for (const [where, bytes] of [
        ["a byte that begins nothing", [0xff]],
        ["a character cut off", [0xe6, 0x97]],
        ["a longer form than needed", [0xc0, 0xaf]],
        ["half of a pair", [0xed, 0xa0, 0x80]],
        ["a character beyond Unicode", [0xf4, 0x90, 0x80, 0x80]],
      ] as const) {
        const body = Buffer.concat([Buffer.from('"'), Buffer.from(bytes), Buffer.from('"')]);
        const headers = { "content-type": "application/json" };
        const refused = await port.ask("/echo", { method: "POST", headers, body });
        assertFailed(refused, 400, "gateway.bad_request", where);
      }
      const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
      assert.equal((await port.json("/echo", nested(64))).status, 200);
      for (const depth of [66, 100_000])
        assertFailed(await port.json("/echo", nested(depth)), 400, "gateway.bad_request");
      const keys = (count: number) =>
        JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [i, 0])));
      assert.equal((await port.json("/echo", keys(10_000))).status, 200);
      assertFailed(await port.json("/echo", keys(10_001)), 400, "gateway.bad_request");
      assert.equal((await port.json("/echo", `"${"x".repeat(2 ** 20 - 2)}"`)).status, 200);
      assertFailed(await port.json("/echo", `"${"x".repeat(2 ** 20 - 1)}"`), 413, "gateway.too_large");
      for (const type of ["text/plain", "application/x-www-form-urlencoded", "text/json", "application/jsonp", "x"])
        assertFailed(await port.json("/echo", "{}", { "content-type": type }), 415, "gateway.wrong_type");
    });

    it("refuses compressed bodies with 415", async () => {
      await using port = await Listening.on(open, [echo]);
      const headers = { "content-type": "application/json", "content-encoding": "gzip" };
      const zipped = await port.ask("/echo", { method: "POST", body: gzipSync("{}"), headers });
      assertFailed(zipped, 415, "gateway.wrong_type");
    });

    it("streams forms of any length to routes that take them, and refuses forms elsewhere", async () => {
      let seen = 0;
      const form = route("POST", "/form", async ({ raw }) => {
        for await (const chunk of raw as AsyncIterable<Buffer>) seen += chunk.byteLength;
        return {};
      });
      await using port = await Listening.on(open, [{ ...form, takes: "form" }, echo]);
      const headers = { "content-type": "multipart/form-data; boundary=x" };
      const body = Buffer.alloc(3 * 2 ** 20);
      assert.deepEqual((await port.ask("/form", { method: "POST", body, headers })).body, {});
      assert.equal(seen, body.byteLength);
      assertFailed(await port.ask("/echo", { method: "POST", body: "--x--", headers }), 415, "gateway.wrong_type");
    });

    it("sends security headers and a request id with every answer, and failures in one shape (S6.1)", async () => {
      const Busy = failure("exhausted", "test.busy", "wait", undefined);
      await using port = await Listening.on(open, [
        echo,
        route("GET", "/ok", async () => ({})),
        route("GET", "/bare", async (_, reply) => reply.code(204).send()),
        route("GET", "/busy", () => Promise.reject(Busy({}))),
        route("GET", "/broken", () => Promise.reject(new Error("secret of the inside"))),
        route("GET", "/own", async (_, reply) => reply.header("cache-control", "public").type("text/html").send("<p>")),
      ]);
      for (const [path, status] of [
        ["/ok", 200],
        ["/bare", 204],
      ] as const) {
        const answer = await port.ask(path);
        assert.equal(answer.status, status);
        assertProtected(answer);
      }
      const own = await port.ask("/own");
      assert.deepEqual([own.headers["cache-control"], own.headers["content-type"]], ["public", "text/html"]);
      assert.equal(own.headers["x-content-type-options"], "nosniff");
      assertFailed(await port.ask("/busy"), 429, "test.busy");
      const broken = await port.ask("/broken");
      assertFailed(broken, 500, "kernel.internal");
      assert.doesNotMatch(broken.text, /secret|inside/);
      const [line] = port.lines.filter(({ level }) => level === "error");
      assert.ok(line?.["err"] instanceof Error);
      assert.deepEqual([line["traceId"], line["err"].message], [traceOf(broken), "secret of the inside"]);
      const raw: readonly (readonly [string, string])[] = [
        ["an address that cannot be decoded", "GET /%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"],
        ["no host", "GET /ok HTTP/1.1\r\nconnection: close\r\n\r\n"],
        ["no HTTP", "\r\n\r\nnonsense\r\n\r\n"],
        ["another HTTP", "GET / HTTP/9.9\r\n\r\n"],
        ["a zero in a header", "GET /ok HTTP/1.1\r\nhost: x\r\nx-a: \u0000\r\n\r\n"],
        ["headers without end", `GET /ok HTTP/1.1\r\nhost: x\r\nx-a: ${"a".repeat(100_000)}\r\n\r\n`],
        [
          "two lengths",
          "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        ],
        ["a length below zero", "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n"],
      ];
      for (const [what, bytes] of raw)
        assertFailed(parsed(await port.exchange(bytes)), 400, "gateway.bad_request", what);
      assert.equal((await port.ask("/ok")).status, 200);
    });

    it("sends Retry-After with 429 and 503", async () => {
      const later = new KinoraError({ kind: "exhausted", code: "a.b", message: "", details: { retryAfterMs: 1_200 } });
      const Down = failure("unavailable", "test.down", "not now");
      await using port = await Listening.on(open, [
        route("GET", "/later", () => Promise.reject(later)),
        route("GET", "/down", () => Promise.reject(Down({}))),
      ]);
      assert.equal((await port.ask("/later")).headers["retry-after"], "2");
      assert.equal((await port.ask("/down")).headers["retry-after"], "5");
    });

    it("returns a valid request id to the client, and replaces an invalid one", async () => {
      await using port = await Listening.on(open, [route("GET", "/id", async ({ id }) => ({ id }))]);
      const idOf = async (id: string) => {
        const { headers, body } = await port.ask("/id", { headers: { "x-request-id": id } });
        assert.deepEqual(body, { id: headers["x-request-id"] });
        return headers["x-request-id"];
      };
      for (const id of ["abc-1", "a.b:c_d", "x".repeat(128)]) assert.equal(await idOf(id), id);
      for (const id of ["", "a b", "x".repeat(129), "<script>", 'a"b', "a\tb"])
        assert.match(String(await idOf(id)), /^[0-9a-f]{16}$/, id);
      const other = await port.ask("/none", { headers: { "x-request-id": "abc-2" } });
      assert.equal(other.headers["x-request-id"], "abc-2");
      const ids = new Set((await Promise.all([port.ask("/id"), port.ask("/id")])).map(({ text }) => text));
      assert.equal(ids.size, 2);
    });

    it("continues the trace of a valid traceparent header", async () => {
      await using port = await Listening.on(open, [route("GET", "/trace", async ({ traceId }) => ({ traceId }))]);
      const trace = "0af7651916cd43dd8448eb211c80319c";
      const traceFor = async (traceparent: string, path = "/trace") =>
        traceOf(await port.ask(path, { headers: { traceparent } }));
      const sane = `00-${trace}-b7ad6b7169203331-01`;
      assert.deepEqual(
        [await traceFor(sane), await traceFor(sane, "/none"), await traceFor(sane, "/%zz")],
        [trace, trace, trace],
      );
      for (const odd of ["", "x", `00-${trace}`, `00-${trace.toUpperCase()}-b7ad6b7169203331-01`, `${sane}-x`])
        assert.notEqual(await traceFor(odd), trace, odd);
    });

    it("writes one log line and one metric for each request, without secrets (S8.3)", async () => {
      const things = route("POST", "/things/:id/:file", async () => ({}));
      await using port = await Listening.on(open, [{ ...things, declared: "things.put", service: "things" }]);
      const trace = "0af7651916cd43dd8448eb211c80319c";
      const answer = await port.json("/things/7/tell-no-one.mp4?token=secret-1", '{"password":"secret-2"}', {
        authorization: "Bearer secret-3",
        cookie: "access=secret-4",
        "x-request-id": "abc-1",
        traceparent: `00-${trace}-b7ad6b7169203331-01`,
      });
      assert.equal(answer.status, 200);
      await port.ask("/secret-5");
      await until(() => port.lines.length >= 2);
      const [{ durationMs, ...first } = {}, { path, route: declared, status } = {}] = port.lines;
      assert.ok(typeof durationMs === "number" && durationMs >= 0);
      assert.deepEqual(first, {
        level: "info",
        msg: "request",
        requestId: "abc-1",
        traceId: trace,
        method: "POST",
        path: "/things/7/:file",
        route: "things.put",
        status: 200,
      });
      assert.deepEqual([path, declared, status], ["", "none", 404]);
      assert.doesNotMatch(JSON.stringify(port.lines), /secret|tell-no-one/);
      const { body } = await port.metrics.text();
      assert.match(body, /^http_requests_total\{service="things",method="POST",status="200"\} 1$/m);
      assert.match(body, /^http_requests_total\{service="gateway",method="GET",status="404"\} 1$/m);
      assert.match(body, /^http_request_duration_seconds_count\{service="things"\} 1$/m);
      assert.doesNotMatch(body, /secret/);
    });

    it("accepts forwarded headers from trusted proxies only", async () => {
      const who = route("GET", "/who", async ({ ip, protocol, host, raw }) => [
        ip,
        protocol,
        host,
        raw.socket.remoteAddress,
      ]);
      const headers = {
        host: "kinora.test",
        "x-forwarded-for": "198.51.100.7, 203.0.113.9",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "video.example",
      };
      for (const trustedProxies of [[], ["10.0.0.0/8"]]) {
        await using port = await Listening.on(open, [who], { trustedProxies });
        assert.deepEqual((await port.ask("/who", { headers })).body, ["127.0.0.1", "http", "kinora.test", "127.0.0.1"]);
      }
      await using port = await Listening.on(open, [who], { trustedProxies: ["127.0.0.0/8"] });
      const { body } = await port.ask("/who", { headers });
      // The last address is the one our own proxy saw; what stands before it anybody may have written.
      assert.deepEqual(body, ["203.0.113.9", "https", "video.example", "127.0.0.1"]);
    });
  });
