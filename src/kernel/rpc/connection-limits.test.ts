import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2, constants } from "node:http2";
import { connect, type Socket } from "node:net";
import { describe, it } from "node:test";
import { z } from "zod";
import { until } from "#test/until";
import { contract, query } from "../contract.ts";
import type { HttpLimits } from "../http/limits.ts";
import { silentLog } from "../log/port.ts";
import { createPrometheusMetrics } from "../telemetry/prometheus.ts";
import { bus } from "./bus.ts";
import { fillHead, withHead } from "./wire/frame.ts";
import { status } from "./wire/grpc.ts";
import { extendLock } from "./wire/lock.ts";
import { createRpcServer } from "./server/server.ts";

const wire = contract("wire", 1, {
  echo: query({ auth: "public", input: z.object({ text: z.string().max(100_000) }), output: z.object({}) }),
});

/** A server on loopback, in whose eyes every client is a guest. */
async function listening(connectionLimits: Partial<HttpLimits>) {
  const metrics = createPrometheusMetrics();
  const host = { dispatch: async () => ({}), consumers: new Map(), deliver: async () => undefined };
  const parts = {
    contracts: [wire],
    lock: extendLock({}, [wire, bus]),
    secrets: ["s".repeat(32)] as const,
    host,
    log: silentLog,
    metrics,
  };
  const limits = { checkMs: 50, lingerMs: 50, ...connectionLimits };
  const at = { host: "127.0.0.1", port: 0 };
  const server = await createRpcServer(
    { ...parts, guest: async () => ({}), ready: async () => ({}), connectionLimits: limits },
    at,
  );
  const clients: { destroy(): void }[] = [];
  return {
    async socket(localAddress = "127.0.0.1"): Promise<Socket> {
      const socket = connect({ port: server.port, host: "127.0.0.1", localAddress }).on("error", () => undefined);
      clients.push(socket);
      await once(socket, "connect");
      return socket.resume();
    },
    async session(settings = {}): Promise<ClientHttp2Session> {
      const session = connectHttp2(`http://127.0.0.1:${server.port}`, { settings }).on("error", () => undefined);
      clients.push(session);
      await once(session, "remoteSettings");
      return session;
    },
    async counted(what: string): Promise<void> {
      await until(async () =>
        (await metrics.text()).body.split("\n").some((line) => line.includes(what) && !line.endsWith(" 0")),
      );
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy();
      await server.stop(100);
    },
  };
}

const message = fillHead(withHead(Buffer.from([0x0a, 1, 0x78])));
function begin(session: ClientHttp2Session) {
  const headers = {
    ":method": "POST",
    ":path": "/kinora.wire.v1.WireService/Echo",
    "content-type": "application/grpc",
  };
  return session.request(headers).on("error", () => undefined);
}
async function statusOf(session: ClientHttp2Session, bytes = message): Promise<number> {
  const stream = begin(session).resume();
  let code: unknown;
  for (const event of ["response", "trailers"] as const)
    stream.on(event, (headers: Record<string, unknown>) => (code = headers["grpc-status"] ?? code));
  stream.end(bytes);
  await once(stream, "close");
  return Number(code);
}

describe("the limits of connections of the RPC port", () => {
  it("cut a silent connection, and end a session that never began or is idle (S8.7)", async () => {
    await using port = await listening({ headersMs: 150, idleMs: 50 });
    const [silent, unused, idle] = [await port.socket(), await port.session(), await port.session()];
    // Any of them may end while the call is under way.
    const ends = Promise.all([
      once(silent, "close"),
      once(unused, "close"),
      once(idle, "close"),
      once(idle, "goaway").then(([code]) => assert.equal(code, constants.NGHTTP2_NO_ERROR)),
    ]);
    assert.equal(await statusOf(idle), status.ok);
    await ends;
    await port.counted('cut_total{port="rpc",reason="headers"}');
  });

  it("fail a call whose message does not arrive in time (S8.7)", async () => {
    await using port = await listening({ bodyMs: 100 });
    const session = await port.session();
    const stream = begin(session).resume();
    stream.write(message.subarray(0, 6));
    const [headers] = (await once(stream, "response")) as [Record<string, string>];
    assert.equal(Number(headers["grpc-status"]), status.deadlineExceeded);
    await port.counted('cut_total{port="rpc",reason="body"}');
    assert.equal(await statusOf(session), status.ok);
  });

  it("cut a call whose answer is not read, and keep its session (S8.7)", async () => {
    await using port = await listening({ answerMs: 200 });
    const session = await port.session({ initialWindowSize: 0 });
    const stream = begin(session);
    stream.end(message);
    await port.counted('cut_total{port="rpc",reason="answer"}');
    await until(() => stream.destroyed);
    session.settings({ initialWindowSize: 65_535 });
    assert.equal(await statusOf(session), status.ok);
  });

  it("bound the memory of unanswered messages of all guests together (R7)", async () => {
    await using port = await listening({ pendingBodyBytesMax: 10_000 });
    const [first, second] = [await port.session(), await port.session()];
    const whole = fillHead(withHead(Buffer.concat([Buffer.from([0x0a, 0x80, 0x7d]), Buffer.alloc(16_000, "x")])));
    const slow = begin(first).resume();
    slow.write(whole.subarray(0, -1));
    await new Promise((resolve) => first.ping(resolve));
    await until(async () => (await statusOf(second, whole)) === status.unavailable);
    slow.end(whole.subarray(-1));
    await once(slow, "close");
    assert.equal(await statusOf(second, whole), status.ok);
  });

  it("hold for each address, and for all connections together (R8)", async () => {
    await using port = await listening({ socketsPerAddressMax: 2, socketsMax: 3, limitsLoopback: true });
    for (let n = 0; n < 2; n++) await port.socket("127.0.0.2");
    await once(await port.socket("127.0.0.2"), "close");
    await port.counted('refused_total{port="rpc",reason="address"}');
    const session = await port.session();
    assert.equal(await statusOf(session), status.ok);
    await once(await port.socket("127.0.0.4"), "close");
    await port.counted('refused_total{port="rpc",reason="all"}');
  });

  it("disconnect a guest that resets its calls again and again, and serve others (CVE-2023-44487)", async () => {
    await using port = await listening({ resetsMax: 1 });
    const [good, bad] = [await port.session(), await port.session()];
    assert.equal(await statusOf(good), status.ok);
    assert.equal(bad.remoteSettings.maxConcurrentStreams, 100);
    for (let n = 0; n < 10 && !bad.destroyed; n++) {
      const streams = Array.from({ length: 50 }, () => begin(bad).resume());
      await new Promise(setImmediate);
      for (const stream of streams) stream.close(constants.NGHTTP2_CANCEL);
    }
    await port.counted('cut_total{port="rpc",reason="frames"}');
    assert.equal(await statusOf(good), status.ok);
  });
});
