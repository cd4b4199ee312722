import assert from "node:assert/strict";
import { type ClientHttp2Session, connect, constants, createServer, type OutgoingHttpHeaders } from "node:http2";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { until } from "#test/until";
import fc from "fast-check";
import { z } from "zod";
import { callOf } from "../host/testing.ts";
import { type Call, newCall } from "../call.ts";
import { type Client, command, contract, query, stream } from "../contract.ts";
import { KinoraError } from "../errors.ts";
import { silentLog } from "../log/port.ts";
import { createStaticRegistry } from "../registry/static.ts";
import { createPrometheusMetrics } from "../telemetry/prometheus.ts";
import { answersCodec, batchCallsMax, batchCodec, batchedBytesMax, batchPath } from "./batch.ts";
import { bus } from "./bus.ts";
import { claimHeader, claimText } from "./claim.ts";
import { RpcClients } from "./client/client.ts";
import { FrameReader, fillHead, withHead } from "./wire/frame.ts";
import { status } from "./wire/grpc.ts";
import {
  authenticatePath,
  challengePath,
  lastingHeader,
  newNonce,
  nonceHeader,
  proofHeader,
  proofOf,
} from "./handshake.ts";
import { callsMax, messageBytesMax, pendingBytesMax } from "./wire/limits.ts";
import { extendLock } from "./wire/lock.ts";
import { type RpcServer, createRpcServer } from "./server/server.ts";
import { describedNow } from "./testing.ts";

describe("the RPC server", () => {
  before(async () => {
    server = await serve();
    session = await connected(server.port);
    await handshake(session);
  });
  after(async () => {
    session.destroy();
    await server.stop(100);
  });
  afterEach(() => handled.splice(0));

  it("answers a message with one message, and with the status in trailers", async () => {
    const { headers, messages, trailers } = await ask(session, "Echo", [echo("hello")]);
    assert.partialDeepStrictEqual(headers, { ":status": 200, "content-type": "application/grpc+proto" });
    assert.deepEqual(messages, [echo("hello")]);
    assert.deepEqual(Object.entries(trailers), [["grpc-status", "0"]]);
  });

  it("answers an error in one block of headers, without internal details", async () => {
    const { headers, messages } = await ask(session, "Fail", [empty]);
    assert.deepEqual(
      [headers[":status"], headers["grpc-status"], headers["grpc-message"]],
      [200, "13", "something went wrong on our side"],
    );
    assert.deepEqual(messages, []);
    assert.doesNotMatch(JSON.stringify(headers), /secret/);
  });

  it("refuses unknown methods, and requests that are not gRPC", async () => {
    assert.equal(await statusOf(session, "Nothing", [empty]), status.unimplemented);
    const html = await ask(session, "Echo", [echo("x")], { "content-type": "text/html" });
    assert.equal(html.headers[":status"], 415);
    const get = await ask(session, "Echo", [], { ":method": "GET" });
    assert.equal(get.headers[":status"], 415);
  });

  it("refuses an incomplete or invalid message, each fault with its own status", async () => {
    const refused = async (code: number, body: readonly Buffer[], headers: OutgoingHttpHeaders = {}) => {
      const { headers: trailers } = await ask(session, "Echo", body, headers);
      assert.deepEqual([trailers["grpc-status"], String(trailers["grpc-message"]).length > 10], [String(code), true]);
    };
    await refused(status.unimplemented, [Buffer.from([1, 0, 0, 0, 1, 7])]);
    await refused(status.internal, [Buffer.from([9, 0, 0, 0, 1, 7])]);
    await refused(status.resourceExhausted, [Buffer.from([0, 0xff, 0, 0, 0])]);
    await refused(status.unimplemented, [echo("one"), echo("two")]);
    await refused(status.unimplemented, [echo("one"), echo("two").subarray(0, 7)]);
    await refused(status.unimplemented, []);
    await refused(status.unimplemented, [echo("whole").subarray(0, 7)]);
    await refused(status.invalidArgument, [fillHead(withHead(Buffer.from([0x0a, 0x7f])))]);
    await refused(status.invalidArgument, [echo("x")], { "grpc-timeout": "soon" });
    assert.equal(await statusOf(session, "Echo", [echo("still here")]), 0);
    assert.equal(handled.length, 1);
  });

  it("ends a call at its deadline, even if its request is incomplete", async () => {
    assert.equal(await statusOf(session, "Hang", [empty], { "grpc-timeout": "100m" }), status.deadlineExceeded);
    assert.equal(handled[0]?.signal.aborted, true);
    const stuck = session.request(headersOf("Echo", { "grpc-timeout": "100m" }));
    stuck.write(echo("x").subarray(0, 6));
    const [headers] = (await once(stuck, "response")) as [Record<string, unknown>];
    assert.equal(headers["grpc-status"], String(status.deadlineExceeded));
    await closed(stuck);
    assert.equal(handled.length, 1);
  });

  it("aborts the handler's signal when its caller cancels, also for a stream", async () => {
    for (const method of ["Hang", "Follow"]) {
      const request = session.request(headersOf(method));
      request.end(empty);
      await until(() => handled.length === 1);
      assert.equal(handled[0]?.signal.aborted, false);
      request.close(constants.NGHTTP2_CANCEL);
      await until(() => handled[0]?.signal.aborted === true);
      handled.splice(0);
    }
  });

  it("produces a stream no faster than it is read", async () => {
    const request = session.request(headersOf("Flood"));
    request.end(empty);
    await until(() => unread > 0);
    let before = -1;
    await until(async () => {
      if (before === unread) return true;
      before = unread;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return false;
    });
    assert.ok(unreadMost < 200, `${unreadMost} messages of 64 KiB were made for nobody`);
    request.close(constants.NGHTTP2_CANCEL);
    await until(() => unread === 0);
  });

  it("carries the largest messages both ways, and limits the pending bytes of a connection", async () => {
    const text = "x".repeat(messageBytesMax - 100);
    const { messages } = await ask(session, "Echo", [echo(text)]);
    assert.ok(messages[0]?.equals(echo(text)));
    const open = Array.from({ length: pendingBytesMax / messageBytesMax + 1 }, () => {
      const request = session.request(headersOf("Echo"));
      request.write(echo(text).subarray(0, -1));
      return request;
    });
    const ended = await Promise.race(open.map((one) => once(one, "response")));
    assert.equal((ended[0] as Record<string, unknown>)["grpc-status"], String(status.resourceExhausted));
    for (const one of open) one.close(constants.NGHTTP2_CANCEL);
    await until(async () => (await statusOf(session, "Echo", [echo("x")])) === 0);
  });
});

describe("random bytes", () => {
  before(async () => {
    server = await serve();
    session = await connected(server.port);
    await handshake(session);
  });
  after(async () => {
    session.destroy();
    await server.stop(100);
    clients?.close();
    for (const close of closing.splice(0)) close();
  });

  it("get a status from the server, which continues to work", async () => {
    const message = fc.uint8Array({ maxLength: 60 }).map((bytes) => fillHead(withHead(bytes)));
    const parts = fc.array(
      fc.oneof(
        message,
        fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
      ),
      {
        maxLength: 3,
      },
    );
    const path = fc.constantFrom("/kinora.wire.v1.WireService/Echo", batchPath, "/kinora.wire.v1.WireService/Follow2");
    await fc.assert(
      fc.asyncProperty(path, parts, async (asked, body) => {
        const code = await statusOf(session, "", body, { ":path": asked });
        assert.ok(Number.isInteger(code) && code <= 16, String(code));
      }),
      { numRuns: 150 },
    );
    assert.equal(await statusOf(session, "Echo", [echo("still here")]), 0);
  });

  it("fail the client only with its own errors, alone and in a batch", async () => {
    let body: Buffer = Buffer.alloc(0);
    let end = "0";
    let requestCount = 0;
    const port = await impostor(friend, (answer, path) => {
      requestCount += path === batchPath ? 3 : 1;
      answer.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      answer.on("wantTrailers", () => answer.sendTrailers({ "grpc-status": end }));
      answer.end(body);
    });
    const bytes = fc.uint8Array({ maxLength: 60 });
    const answers = fc.oneof(
      bytes.map((some) => Buffer.from(some)),
      bytes.map((some) => fillHead(withHead(some))),
    );
    await fc.assert(
      fc.asyncProperty(
        answers,
        fc.constantFrom("0", "2", "14", "x"),
        fc.integer({ min: 1, max: 3 }),
        async (sent, code, n) => {
          [body, end, requestCount] = [sent, code, 0];
          // A client of its own each time: one that failed often stops asking.
          const client = clientAt(port);
          const calls = Array.from({ length: n }, () => client.change({ text: "" }, callOf()));
          for (const result of await Promise.allSettled(calls))
            assert.ok(result.status === "fulfilled" || result.reason instanceof KinoraError);
          assert.ok(requestCount >= n, "nothing was sent");
          clients?.close();
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("request headers", () => {
  before(async () => void (server = await serve()));
  beforeEach(() => handled.splice(0));
  after(() => server.stop(100));

  it("end only their own call when they are too large", async () => {
    await using one = await disposable(server.port);
    await handshake(one.session);
    const large = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`x-${n}`, "x".repeat(1_000)]));
    assert.ok(Number.isNaN(await statusOf(one.session, "Echo", [echo("x")], large)), "it was answered");
    assert.equal(handled.length, 0);
    await using another = await disposable(server.port);
    await handshake(another.session);
    assert.equal(await statusOf(another.session, "Echo", [echo("x")]), 0);
  });
});

describe("the identity of a connection", () => {
  before(async () => void (server = await serve()));
  after(() => server.stop(100));

  it("is refused for a claim without a proof (S2.8)", async () => {
    await using fresh = await disposable(server.port);
    assert.equal(await statusOf(fresh.session, "Who", [empty]), status.unauthenticated);
    await handshake(fresh.session);
    assert.equal(await statusOf(fresh.session, "Who", [empty]), 0);
    assert.equal(handled.at(-1)?.caller, "user");
    assert.equal(await statusOf(fresh.session, "Who", [empty], { [claimHeader]: "{}" }), status.unauthenticated);
  });

  it("is refused for a wrong proof, another connection's proof, or a second attempt with one challenge", async () => {
    await using one = await disposable(server.port);
    await using two = await disposable(server.port);
    const client = newNonce();
    const challenge = async ({ session }: { session: ClientHttp2Session }) =>
      String((await bareAsk(session, challengePath, { [nonceHeader]: client }))[nonceHeader]);
    const prove = async ({ session }: { session: ClientHttp2Session }, proof: string) =>
      (await bareAsk(session, authenticatePath, { [proofHeader]: proof }))["grpc-status"];
    const ownChallenge = await challenge(one);
    assert.notEqual(await challenge(two), ownChallenge);
    const proof = proofOf("client", secret, { client, server: ownChallenge });
    assert.equal(await prove(two, proof), String(status.unauthenticated));
    assert.equal(await prove(two, proof), String(status.unauthenticated), "without a challenge");
    assert.equal(
      await prove(one, proofOf("server", secret, { client, server: ownChallenge })),
      String(status.unauthenticated),
    );
    assert.equal(await prove(one, proof), String(status.unauthenticated), "the challenge was used");
    assert.equal(await statusOf(one.session, "Who", [empty]), status.unauthenticated);
    assert.equal(await statusOf(two.session, "Who", [empty]), status.unauthenticated);
  });
});

describe("the RPC client", () => {
  afterEach(() => {
    handled.splice(0);
    clients?.close();
    for (const close of closing.splice(0)) close();
  });

  it("reveals no call and no identity to a process without the secret", async () => {
    const seen: string[] = [];
    const port = await impostor((path, headers) => {
      seen.push(path, JSON.stringify(headers));
      return {
        [nonceHeader]: newNonce(),
        [proofHeader]: proofOf("server", "not the secret", { client: "", server: "" }),
      };
    });
    await assert.rejects(clientAt(port).echo({ text: "for friends" }, callOf(7)), {
      code: "kernel.service_unavailable",
    });
    assert.deepEqual([...new Set(seen.filter((text) => text.startsWith("/")))], [challengePath]);
    assert.doesNotMatch(seen.join(), /"userId"|for friends|kinora-claim/);
  });

  it("reports a server error for answers that are not gRPC", async () => {
    let body: Buffer = Buffer.from("<html>");
    const port = await impostor(friend, (answer) => {
      answer.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      answer.on("wantTrailers", () => answer.sendTrailers({ "grpc-status": "0" }));
      answer.end(body);
    });
    const client = clientAt(port);
    for (const bytes of [
      body,
      Buffer.from([1, 0, 0, 0, 0]),
      Buffer.alloc(3),
      echo("a").subarray(0, 6),
      Buffer.concat([empty, empty]),
      Buffer.concat([empty, empty.subarray(0, 3)]),
    ]) {
      body = bytes;
      await assert.rejects(client.echo({ text: "" }, callOf()), ({ http }: { http: number }) =>
        [500, 503].includes(http),
      );
    }
  });

  it("reconnects when the server has closed the connection, without a failed call", async () => {
    const first = await serve();
    const client = clientAt(first.port);
    const slow = client.echo({ text: "wait" }, callOf());
    await until(() => handled.length === 1);
    const stopped = first.stop(5_000);
    assert.deepEqual(await slow, { text: "wait" }, "what was begun is answered");
    await stopped;
    const second = await serve(first.port);
    closing.push(() => void second.stop(0));
    assert.deepEqual(await client.echo({ text: "again" }, callOf()), { text: "again" });
  });

  it("makes no call on a connection that the server is closing", async () => {
    let unansweredCall: Answering | undefined;
    const sessions = new Set<unknown>();
    const port = await impostor(friend, (answer) => {
      sessions.add(answer.session);
      if (unansweredCall) answer.respond({ ":status": 200, "grpc-status": "3" }, { endStream: true });
      else {
        unansweredCall = answer;
        answer.session?.goaway(constants.NGHTTP2_NO_ERROR);
      }
    });
    const client = clientAt(port);
    const first = codeOf(client.change({ text: "" }, callOf()));
    await until(() => unansweredCall !== undefined);
    // The answer to the client arrives before anything else does.
    await until(
      async () => (await codeOf(client.change({ text: "" }, callOf()))) === "kernel.internal" && sessions.size > 1,
    );
    unansweredCall?.respond({ ":status": 200, "grpc-status": "3" }, { endStream: true });
    assert.equal(await first, "kernel.internal", "what was begun there is answered there");
  });

  it("moves a call that the server refused to begin to another process, commands too", async () => {
    const refusing = await impostor(friend, (answer) => answer.close(constants.NGHTTP2_REFUSED_STREAM));
    const fine = await serve();
    closing.push(() => void fine.stop(0));
    const client = clientAt(refusing, fine.port);
    for (let n = 0; n < 8; n++) assert.deepEqual(await client.change({ text: `${n}` }, callOf()), { text: `${n}` });
  });

  it("cancels a call that its caller aborts", async () => {
    const fine = await serve();
    closing.push(() => void fine.stop(0));
    const client = clientAt(fine.port);
    const controller = new AbortController();
    const call = client.hang({}, callOf(undefined, { signal: controller.signal }));
    await until(() => handled.length === 1);
    controller.abort(new Error("gone"));
    await assert.rejects(call, { code: "kernel.deadline_exceeded" });
    await until(() => handled.at(-1)?.signal.aborted === true);
  });

  it("limits the number of calls that wait for one process", async () => {
    const fine = await serve();
    closing.push(() => void fine.stop(0));
    const client = clientAt(fine.port);
    const controller = new AbortController();
    const calls = Array.from({ length: callsMax }, () =>
      client.hang({}, callOf(undefined, { signal: controller.signal })).catch(() => undefined),
    );
    await assert.rejects(client.echo({ text: "one more" }, callOf()), { code: "kernel.service_unavailable" });
    controller.abort();
    await Promise.all(calls);
    assert.deepEqual(await client.echo({ text: "now" }, callOf()), { text: "now" });
  });

  it("gives streams that stay open places of their own", async () => {
    const fine = await serve();
    closing.push(() => void fine.stop(0));
    const client = clientAt(fine.port);
    const controller = new AbortController();
    closing.push(() => controller.abort());
    const streams = Array.from({ length: callsMax + 1 }, () =>
      client.follow({}, callOf(undefined, { signal: controller.signal }))[Symbol.asyncIterator](),
    );
    for (const first of await Promise.all(streams.map((one) => one.next())))
      assert.deepEqual(first, { done: false, value: { text: "first" } });
    assert.deepEqual(await client.echo({ text: "beside them" }, callOf()), { text: "beside them" });
    const rests = streams.map((one) => one.next().catch(() => undefined));
    controller.abort();
    await Promise.all(rests);
  });
});

describe("calls of one turn of the event loop", () => {
  before(async () => void (server = await serve()));
  beforeEach(() => handled.splice(0));
  afterEach(() => {
    clients?.close();
    for (const close of closing.splice(0)) close();
  });
  after(() => server.stop(100));

  it("are batched, unless they are single, large or cancellable", async () => {
    const paths: string[] = [];
    const port = await impostor(friend, (answer, path) => {
      paths.push(path.slice(path.lastIndexOf("/") + 1));
      answer.respond({ ":status": 200, "grpc-status": "3" }, { endStream: true });
    });
    const client = clientAt(port);
    const pathsOf = async (...calls: (() => Promise<object>)[]) => {
      paths.splice(0);
      await Promise.allSettled(calls.map((one) => one()));
      return paths.toSorted();
    };
    const small = () => client.echo({ text: "x" }, callOf());
    const own = () => client.echo({ text: "x" }, callOf(1, { signal: new AbortController().signal }));
    const large = () => client.echo({ text: "x".repeat(batchedBytesMax) }, callOf());
    await small().catch(() => undefined);
    assert.deepEqual(await pathsOf(small), ["Echo"]);
    assert.deepEqual(await pathsOf(small, small, small), ["Calls"]);
    assert.deepEqual(await pathsOf(small, own, large, small), ["Calls", "Echo", "Echo"]);
    const many = Array.from({ length: 2 * batchCallsMax + 1 }, () => small);
    assert.deepEqual(await pathsOf(...many), ["Calls", "Calls", "Echo"]);
  });

  it("each have their own answer, error, user and duration", async () => {
    const client = await warm(server.port);
    const [seven, nine, failed, slow, quick] = await Promise.all([
      client.echo({ text: "of seven" }, callOf(7)),
      client.echo({ text: "of nine" }, callOf(9)),
      codeOf(client.fail({}, callOf())),
      client.echo({ text: "wait" }, callOf()).then(() => performance.now()),
      client.echo({ text: "quick" }, callOf()).then(() => performance.now()),
    ]);
    assert.deepEqual([seven, nine], [{ text: "of seven" }, { text: "of nine" }]);
    assert.equal(failed, "kernel.internal");
    assert.ok(slow - quick > 100, "the quick answer waited for the slow one");
    assert.deepEqual(
      handled.map(({ userId }) => userId),
      [7, 9, undefined, undefined, undefined],
    );
  });

  it("end at their own deadlines, for the caller and the handler", async () => {
    const client = await warm(server.port);
    const short = newCall({ waitMs: 200 });
    // Keeps the batch open, so that the end of one is not the end of all.
    const long = codeOf(client.change({ text: "hang" }, callOf()));
    const [late, fine] = await Promise.all([codeOf(client.hang({}, short)), client.echo({ text: "x" }, callOf())]);
    assert.equal(late, "kernel.deadline_exceeded");
    assert.deepEqual(fine, { text: "x" });
    await until(() => handled[1]?.signal.aborted === true);
    assert.equal(handled[0]?.signal.aborted, false);
    clients?.close();
    assert.equal(await long, "kernel.service_unavailable");
  });

  it("end at their deadlines when the server does not answer, and are cancelled there", async () => {
    const codes: number[] = [];
    const port = await impostor(friend, (silent) => silent.on("close", () => codes.push(silent.rstCode)));
    const client = clientAt(port);
    const calls = [1, 2].map(() => codeOf(client.change({ text: "" }, newCall({ waitMs: 200 }))));
    assert.deepEqual(await Promise.all(calls), ["kernel.deadline_exceeded", "kernel.deadline_exceeded"]);
    await until(() => codes.length === 1);
    assert.deepEqual(codes, [constants.NGHTTP2_CANCEL]);
  });

  it("carry large answers, also several of them concurrently", async () => {
    const client = await warm(server.port);
    const sizes = [3, 4, 5].map((mebibytes) => mebibytes * 2 ** 20);
    const answers = await Promise.all(sizes.map((size) => client.grow({ size }, callOf())));
    assert.deepEqual(
      answers.map(({ text }) => text.length),
      sizes,
    );
    const whole = { size: messageBytesMax - 10 };
    const [tooLarge] = await Promise.all([codeOf(client.grow(whole, callOf())), client.echo({ text: "x" }, callOf())]);
    assert.equal(tooLarge, "kernel.internal");
  });

  it("fail together when the connection fails, and abort their handlers", async () => {
    const client = await warm(server.port);
    // Commands, which may have been done and are not repeated.
    const calls = [1, 2, 3].map(() => codeOf(client.change({ text: "hang" }, callOf())));
    await until(() => handled.length === 3);
    clients?.close();
    assert.deepEqual([...new Set(await Promise.all(calls))], ["kernel.service_unavailable"]);
    await until(() => handled.every(({ signal }) => signal.aborted));
  });

  it("are refused as a batch without an identity, above the limit of calls, or when malformed", async () => {
    await using fresh = await disposable(server.port);
    const claim = claimText("user", callOf(7));
    const call = {
      path: "/kinora.wire.v1.WireService/Who",
      claim,
      timeoutMs: 1_000,
      message: new Uint8Array(),
    };
    const batch = (calls: readonly object[]) => fillHead(batchCodec.encode({ calls }, 5));
    const statusOfBatch = (body: Buffer) => statusOf(fresh.session, "", [body], { ":path": batchPath });
    assert.equal(await statusOfBatch(batch([call])), status.unauthenticated);
    assert.equal(handled.length, 0);
    await handshake(fresh.session);
    assert.equal(await statusOfBatch(batch([call])), 0);
    assert.equal(handled.length, 1);
    const many = Array.from({ length: batchCallsMax + 1 }, () => call);
    assert.equal(await statusOfBatch(batch(many)), status.resourceExhausted);
    assert.equal(await statusOfBatch(fillHead(withHead(Buffer.from([0x0a, 0x7f])))), status.invalidArgument);
    // A batch holds calls like any other, and no batch.
    assert.equal(
      await statusOfBatch(
        batch([
          { ...call, claim: "{}" },
          { ...call, path: batchPath },
        ]),
      ),
      0,
    );
    assert.equal(handled.length, 1);
  });
});

describe("calls on a stream that lasts", () => {
  before(async () => void (server = await serve()));
  beforeEach(() => handled.splice(0));
  afterEach(() => {
    clients?.close();
    for (const close of closing.splice(0)) close();
  });
  after(() => server.stop(100));

  it("are all on one, also single and cancellable ones, except for large ones", async () => {
    const paths: string[] = [];
    let batches = 0;
    const port = await impostor(lastingFriend, (answer, path) => {
      paths.push(path.slice(path.lastIndexOf("/") + 1));
      answer.on("data", () => (batches += 1));
    });
    const client = clientAt(port);
    const controller = new AbortController();
    const results: Promise<unknown>[] = [];
    const send = (text: string, call = callOf()) => results.push(client.change({ text }, call).catch(() => undefined));
    send("x");
    await until(() => batches === 1);
    send("x", callOf(1, { signal: controller.signal }));
    send("x");
    await until(() => batches === 2);
    assert.deepEqual(paths, ["Calls"]);
    send("x".repeat(batchedBytesMax));
    await until(() => paths.length > 1);
    assert.deepEqual(paths, ["Calls", "Change"]);
    clients?.close();
    await Promise.all(results);
  });

  it("end alone when their callers leave", async () => {
    const client = await warm(server.port);
    const controller = new AbortController();
    const leaving = codeOf(client.hang({}, callOf(1, { signal: controller.signal })));
    const staying = codeOf(client.change({ text: "hang" }, callOf(2)));
    await until(() => handled.length === 2);
    controller.abort();
    assert.equal(await leaving, "kernel.deadline_exceeded");
    await until(() => handled[0]?.signal.aborted === true);
    assert.equal(handled[1]?.signal.aborted, false);
    assert.deepEqual(await client.echo({ text: "x" }, callOf()), { text: "x" });
    clients?.close();
    await staying;
  });

  it("are not sent when their callers have left before", async () => {
    const client = await warm(server.port);
    const signal = AbortSignal.abort();
    assert.equal(await codeOf(client.echo({ text: "x" }, callOf(1, { signal }))), "kernel.deadline_exceeded");
    await client.echo({ text: "y" }, callOf());
    assert.equal(handled.length, 1);
  });

  it("are answered by a server that stops, which does not wait for its time to run out", async () => {
    const stopping = await serve();
    const client = await warm(stopping.port);
    // Commands, which are not repeated.
    const calls = Array.from({ length: 100 }, () => client.change({ text: "wait" }, callOf()));
    await until(() => handled.length === 100);
    const stopped = stopping.stop(60_000);
    assert.equal((await Promise.all(calls)).length, 100);
    await stopped;
  });

  it("get another stream after theirs failed", async () => {
    const sessions: unknown[] = [];
    const port = await impostor(lastingFriend, (answer) => {
      sessions.push(answer.session);
      answer.respond({ ":status": 200, "content-type": "application/grpc" });
      answer.write(fillHead(withHead(Buffer.from([0x0a, 0x7f]))));
    });
    const client = clientAt(port);
    for (const count of [1, 2]) {
      await assert.rejects(client.change({ text: "" }, callOf()), KinoraError);
      assert.equal(sessions.length, count);
    }
    assert.equal(new Set(sessions).size, 1, "they have one connection");
  });

  it("are refused above the limit of unanswered calls, whatever the client is", async () => {
    await using own = await disposable(server.port);
    await handshake(own.session);
    const call = {
      path: "/kinora.wire.v1.WireService/Hang",
      claim: claimText("user", callOf(7)),
      timeoutMs: 60_000,
      message: new Uint8Array(),
    };
    const request = own.session.request(headersOf("", { ":path": batchPath }));
    const answers: { readonly place: number; readonly trailers?: string }[] = [];
    const frames = new FrameReader();
    request.on("data", (chunk: Buffer) => {
      for (const message of frames.read(chunk))
        answers.push(...(answersCodec.decode(message) as { answers: typeof answers }).answers);
    });
    const send = (count: number, cancelled: readonly number[] = []) =>
      request.write(fillHead(batchCodec.encode({ calls: Array.from({ length: count }, () => call), cancelled }, 5)));
    for (let sent = 0; sent < callsMax; sent += batchCallsMax) send(batchCallsMax);
    send(1);
    await until(() => answers.length === 1);
    assert.partialDeepStrictEqual(answers, [{ place: callsMax }]);
    assert.equal(JSON.parse(answers[0]?.trailers ?? "{}")["grpc-status"], String(status.resourceExhausted));
    send(1, [0]);
    await until(() => handled.length === callsMax + 1);
    assert.equal(answers.length, 1);
  });
});

const Text = z.object({ text: z.string() });
const wire = contract("wire", 1, {
  echo: query({ auth: "public", input: Text, output: Text }),
  change: command({ auth: "public", input: Text, output: Text }),
  who: query({ auth: "service", input: z.object({}), output: z.object({}) }),
  fail: query({ auth: "public", input: z.object({}), output: z.object({}) }),
  hang: query({ auth: "public", input: z.object({}), output: z.object({}) }),
  grow: query({ auth: "public", input: z.object({ size: z.int() }), output: Text }),
  follow: stream({ auth: "public", input: z.object({}), output: Text }),
  flood: stream({ auth: "public", input: z.object({}), output: Text }),
});
const lock = extendLock({}, [wire, bus]);
const secret = "of-thirty-two-letters-or-a-few-more";

/** The calls that reached their handlers. */
const handled: Call[] = [];
let unread = 0;
let unreadMost = 0;
let server: RpcServer;
let session: ClientHttp2Session;
let clients: RpcClients | undefined;
const closing: (() => void)[] = [];

const ended = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("over"))));

async function* follow({ signal }: Call) {
  yield { text: "first" };
  await ended(signal);
}
async function* flood() {
  try {
    for (;;) {
      unread += 1;
      unreadMost = Math.max(unread, unreadMost);
      yield { text: "x".repeat(2 ** 16) };
    }
  } finally {
    unread = 0;
  }
}

function serve(port = 0): Promise<RpcServer> {
  const dispatch = (_: string, method: string, input: unknown, call: Call) => {
    handled.push(call);
    if (method === "follow") return follow(call);
    if (method === "flood") return flood();
    return answer(method, input as { text?: string }, call);
  };
  const answer = async (method: string, input: { text?: string; size?: number }, call: Call): Promise<object> => {
    if (method === "grow") return { text: "x".repeat(input.size ?? 0) };
    if (method === "fail") throw new Error("a secret of the database");
    if (method === "hang" || input.text === "hang") return ended(call.signal);
    if (input.text === "wait") await new Promise((resolve) => setTimeout(resolve, 300));
    return input;
  };
  const host = { dispatch, consumers: new Map(), deliver: async () => undefined };
  const parts = { contracts: [wire], lock, secrets: [secret] as const, host, ready: async () => ({}), log: silentLog };
  return createRpcServer({ ...parts, metrics: createPrometheusMetrics() }, { host: "127.0.0.1", port });
}

/** How a call failed. */
const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => assert.fail("it did not fail"),
    ({ code }: { readonly code: unknown }) => code,
  );

interface Clients {
  echo(input: object, call: Call): Promise<object>;
  change(input: object, call: Call): Promise<object>;
  hang(input: object, call: Call): Promise<object>;
  fail(input: object, call: Call): Promise<object>;
  grow(input: object, call: Call): Promise<{ text: string }>;
  follow(input: object, call: Call): AsyncIterable<{ readonly text: string }>;
}
/** A client whose connection is there. */
async function warm(port: number): Promise<Clients> {
  const client = clientAt(port);
  await client.echo({ text: "" }, callOf());
  handled.splice(0);
  return client;
}
function clientAt(...ports: readonly number[]): Clients {
  const registry = createStaticRegistry({ wire: ports.map((port) => `127.0.0.1:${port}`) });
  const elapsed = () => performance.now();
  clients = new RpcClients({ registry, lock, secrets: [secret], log: silentLog, elapsed, random: Math.random });
  const client = clients.client(wire, "test");
  assert.ok(client);
  return client as unknown as Client<typeof wire>; // Made from this contract.
}

const { methods } = describedNow(wire);
function framedInput(method: string, value: object): Buffer {
  const one = methods.get(method);
  assert.ok(one);
  return fillHead(one.input.encode(value, 5));
}
const echo = (text: string): Buffer => framedInput("echo", { text });
const empty = framedInput("who", {});

const headersOf = (method: string, more: OutgoingHttpHeaders = {}): OutgoingHttpHeaders => ({
  ":method": "POST",
  ":path": `/kinora.wire.v1.WireService/${method}`,
  "content-type": "application/grpc",
  te: "trailers",
  [claimHeader]: claimText("user", callOf(7)),
  ...more,
});

async function connected(port: number): Promise<ClientHttp2Session> {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on("error", () => undefined);
  await once(session, "connect");
  return session;
}
async function disposable(port: number) {
  const session = await connected(port);
  return { session: session, [Symbol.asyncDispose]: async () => session.destroy() };
}

async function handshake(on: ClientHttp2Session): Promise<void> {
  const client = newNonce();
  const answer = await bareAsk(on, challengePath, { [nonceHeader]: client });
  const proof = proofOf("client", secret, { client, server: String(answer[nonceHeader]) });
  assert.equal((await bareAsk(on, authenticatePath, { [proofHeader]: proof }))["grpc-status"], "0");
}

async function bareAsk(on: ClientHttp2Session, path: string, headers: OutgoingHttpHeaders) {
  const request = on.request(headersOf("", { ":path": path, ...headers }), { endStream: true });
  request.resume();
  const [answer] = (await once(request, "response")) as [Record<string, unknown>];
  return answer;
}

/** Sends these bytes as one request, and yields all that came back. */
async function ask(on: ClientHttp2Session, method: string, body: readonly Buffer[], more: OutgoingHttpHeaders = {}) {
  const request = on.request(headersOf(method, more));
  let [headers, trailers]: Record<string, unknown>[] = [{}, {}];
  const chunks: Buffer[] = [];
  request.on("response", (found) => (headers = found));
  request.on("trailers", (found) => (trailers = found));
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("error", () => undefined);
  for (const part of body) if (!request.closed) request.write(part);
  request.end();
  await closed(request);
  const bytes = Buffer.concat(chunks);
  return { headers: headers ?? {}, trailers: trailers ?? {}, messages: bytes.byteLength > 0 ? [bytes] : [] };
}
const closed = (stream: { readonly closed: boolean } & NodeJS.EventEmitter): Promise<unknown> =>
  new Promise((resolve) => (stream.closed ? resolve(undefined) : stream.once("close", resolve)));

async function statusOf(
  on: ClientHttp2Session,
  method: string,
  body: readonly Buffer[],
  more: OutgoingHttpHeaders = {},
) {
  const { headers, trailers } = await ask(on, method, body, more);
  return Number(trailers["grpc-status"] ?? headers["grpc-status"]);
}

type Answering = import("node:http2").ServerHttp2Stream;
/** A server of nobody's: answers the handshake with these headers, and every other call by `answer`. */
async function impostor(
  greet: (path: string, headers: Record<string, unknown>) => OutgoingHttpHeaders,
  answer: (stream: Answering, path: string) => void = (one) => one.close(),
): Promise<number> {
  const server = createServer();
  server.on("stream", (asked, headers) => {
    asked.on("error", () => undefined);
    asked.resume();
    const path = headers[":path"] ?? "";
    if (path !== challengePath && path !== authenticatePath) answer(asked, path);
    else asked.respond({ ":status": 200, "grpc-status": "0", ...greet(path, headers) }, { endStream: true });
  });
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (one) => sessions.add(one));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    for (const one of sessions) one.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port; // It listens on TCP.
}
/** The handshake of a process that has the secret. */
function friend(path: string, headers: Record<string, unknown>): OutgoingHttpHeaders {
  if (path !== challengePath) return {};
  const nonces = { client: String(headers[nonceHeader]), server: newNonce() };
  return { [nonceHeader]: nonces.server, [proofHeader]: proofOf("server", secret, nonces) };
}
/** As {@link friend}, of a process that takes many batches on one stream. */
const lastingFriend: typeof friend = (path, headers) => ({ ...friend(path, headers), [lastingHeader]: "1" });
