import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import {
  createFileRegistry,
  type DescMethod,
  type DescMethodStreaming,
  type DescMethodUnary,
  type DescService,
  fromBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { command, contract, event, failure, type Host, Id, on, plugin, query, stream, type Tx } from "#kernel";
import { z } from "zod";
import { until } from "#test/until";
import { callOf, TestHost } from "../host/testing.ts";
import type { Call } from "../call.ts";
import type { Client, Contract } from "../contract.ts";
import { KinoraError } from "../errors.ts";
import { silentLog } from "../log/port.ts";
import { createStaticRegistry } from "../registry/static.ts";
import { createPrometheusMetrics } from "../telemetry/prometheus.ts";
import { createDirectBus } from "../bus/direct.ts";
import { bus, createRemoteRoutes } from "./bus.ts";
import { claimHeader, claimText } from "./claim.ts";
import { RpcClients } from "./client/client.ts";
import { describeContract } from "./wire/contract-descriptor.ts";
import { extendLock } from "./wire/lock.ts";
import { type RpcServer, type RpcServerParts, createRpcServer } from "./server/server.ts";

/** The outcome of a call as its caller sees it. */
type Seen = { readonly answer: unknown } | { readonly error: object };
interface Case {
  readonly name: string;
  readonly run: (client: Client<typeof note>) => Promise<unknown>;
  /** The expected outcome, beside that it is the same on both ways. */
  readonly sees?: object;
}

const cases: readonly Case[] = [
  {
    name: "an answer",
    run: (c) => c.echo({ text: "hello 日落", numbers: [1, -2, 2 ** 53 - 1], ratio: 0.1 }, callOf()),
  },
  {
    name: "defaults and absent fields",
    run: (c) => c.echo({ text: "", numbers: [] }, callOf()),
    sees: { answer: { text: "", numbers: [], size: 20, note: null } },
  },
  {
    name: "an input out of its limits",
    run: (c) => c.echo({ text: "x".repeat(60), numbers: [] }, callOf()),
    sees: { error: { code: "kernel.invalid_input", http: 400 } },
  },
  // Inputs that a caller in another language, or without types, may send.
  {
    name: "an input of another type",
    run: (c) => c.echo({ text: 7, numbers: ["a"] } as never, callOf()),
    sees: { error: { code: "kernel.invalid_input" } },
  },
  {
    name: "an input that is missing",
    run: (c) => c.echo({} as never, callOf()),
    sees: { error: { code: "kernel.invalid_input" } },
  },
  {
    name: "an anonymous caller without the required input",
    run: (c) => c.add({} as never, callOf()),
    sees: { error: { code: "gateway.sign_in_first" } },
  },
  {
    name: "a declared failure with its details",
    run: (c) => c.fail({ how: "declared" }, callOf()),
    sees: { error: { code: "note.too_long", http: 413, grpc: 3, details: { max: 5, by: ["ä"] } } },
  },
  {
    name: "a retryable failure",
    run: (c) => c.failingCommand({}, callOf()),
    sees: { error: { kind: "exhausted", retryable: true } },
  },
  {
    name: "an unexpected error",
    run: (c) => c.fail({ how: "bug" }, callOf()),
    sees: { error: { code: "kernel.internal", http: 500, message: "something went wrong on our side" } },
  },
  {
    name: "an anonymous caller",
    run: (c) => c.add({ topic: 1, text: "x" }, callOf()),
    sees: { error: { http: 401, grpc: 16 } },
  },
  {
    name: "a user where an administrator is required",
    run: (c) => c.purge({}, callOf(1)),
    sees: { error: { http: 403, grpc: 7 } },
  },
  { name: "an administrator", run: (c) => c.purge({}, callOf(1, { role: "admin" })), sees: { answer: {} } },
  {
    name: "a deadline that passes",
    run: (c) => c.slow({}, callOf(undefined, { deadline: performance.now() + 80, signal: AbortSignal.timeout(80) })),
    sees: { error: { code: "kernel.deadline_exceeded", http: 503 } },
  },
  {
    name: "a caller with a deadline of hours, as for an upload",
    run: (c) => c.echo({ text: "", numbers: [] }, callOf(undefined, { deadline: performance.now() + 12 * 3_600_000 })),
    sees: { answer: { size: 20 } },
  },
  {
    name: "a caller that goes away",
    run: (c) => c.slow({}, callOf(undefined, { signal: aborting(50) })),
    sees: { error: { code: "kernel.deadline_exceeded" } },
  },
  {
    name: "the caller, user, session, idempotency key and trace",
    run: (c) =>
      c.who(
        {},
        callOf(7, {
          traceId: "1".repeat(32),
          sessionId: "s",
          source: "from",
          idempotencyKey: "k",
          deadline: performance.now() + 30_000,
        }),
      ),
    sees: {
      answer: {
        caller: "test",
        userId: 7,
        role: "user",
        traceId: "1".repeat(32),
        sessionId: "s",
        source: "from",
        idempotencyKey: "k",
        isUrgent: true,
      },
    },
  },
  { name: "a method for services", run: (c) => c.internal({}, callOf()), sees: { answer: {} } },
  {
    name: "a stream to its end",
    run: (c) => all(c.count({ to: 3 }, callOf())),
    sees: { answer: [{ at: 1 }, { at: 2 }, { at: 3 }] },
  },
  {
    name: "a stream that fails after its first message",
    run: (c) => all(c.count({ to: 3, failsAt: 2 }, callOf())),
    sees: { error: { code: "note.too_long", details: { max: 2, by: [] } } },
  },
  {
    name: "a stream with an invalid input",
    run: (c) => all(c.count({ to: -1 }, callOf())),
    sees: { error: { code: "kernel.invalid_input" } },
  },
  {
    name: "a stream that exceeds its deadline",
    run: (c) => all(c.count({ to: 1, hangs: true }, callOf(undefined, { signal: AbortSignal.timeout(80) }))),
    sees: { error: { code: "kernel.deadline_exceeded" } },
  },
  {
    name: "one idempotency key, twice",
    async run(c) {
      const call = () => callOf(1, { idempotencyKey: "same" });
      const [first, second] = [
        await c.add({ topic: 1, text: "once" }, call()),
        await c.add({ topic: 1, text: "once" }, call()),
      ];
      const other = await seen(c.add({ topic: 1, text: "other" }, call()));
      return { isSame: first.id === second.id, other };
    },
  },
];

describe("a call over the wire", () => {
  before(async () => {
    await here.add(notePlugin);
    server = await serve(here);
    open = await serve(here, {
      guest: async (_, __, { authorization }) => (authorization === "Bearer seven" ? { userId: 7, role: "user" } : {}),
    });
    await there.add(readerPlugin);
    clients.push(await direct(here), await direct(there));
  });
  beforeEach(async () => {
    consumed.length = 0;
    await here.clear();
    await there.clear();
  });
  after(async () => {
    await there[Symbol.asyncDispose]();
    rpc.close();
    await server.stop(100);
    await open.stop(100);
    await reader?.stop(100);
    await here[Symbol.asyncDispose]();
  });

  for (const { name, run, sees } of cases)
    it(`has the same outcome as in one process: ${name}`, async () => {
      const [local, remote] = clients;
      assert.ok(local && remote);
      const near = await seen(run(local));
      await here.clear();
      const far = await seen(run(remote));
      assert.deepEqual(far, near);
      await here.clear();
      const [batched] = await Promise.all([seen(run(remote)), remote.echo({ text: "", numbers: [] }, callOf())]);
      assert.deepEqual(batched, near, "beside another call of the same turn");
      if (sees) assert.partialDeepStrictEqual(far, sees);
    });

  it("is refused on an unauthenticated connection, whatever it claims (S2.8)", async () => {
    const claim = claimText("user", callOf(1, { role: "admin" }));
    for (const headers of [
      {},
      { [claimHeader]: claim },
      { "kinora-caller": "gateway", "x-user-id": "1", authorization: "Bearer x" },
    ])
      await assert.rejects(
        externally(grpc(), "Who", {}, headers),
        (error) => error instanceof ConnectError && error.code === Code.Unauthenticated,
      );
  });

  it("is a guest's where guests are admitted, and never a service's, whatever it claims", async () => {
    const headers = { [claimHeader]: claimText("user", callOf(1, { role: "admin" })), authorization: "Bearer seven" };
    const who = await externally(grpc(open), "Who", {}, headers);
    assert.partialDeepStrictEqual(who, { userId: 7n, role: "user" });
    assert.equal((who as { caller?: string }).caller, undefined);
    await assert.rejects(
      externally(grpc(open), "Internal", {}, headers),
      (error) => error instanceof ConnectError && error.code === Code.PermissionDenied,
    );
  });

  it("is refused for a guest of a denied network, and not for a process of the fleet", async () => {
    const seenAddresses: string[] = [];
    const addressRules = {
      admits(address: string): boolean {
        seenAddresses.push(address);
        return false;
      },
    };
    const closed = await serve(here, { guest: async () => ({}), addressRules });
    await assert.rejects(
      externally(grpc(closed), "Who", {}),
      (error) =>
        error instanceof ConnectError && error.code === Code.PermissionDenied && /your network/.test(error.message),
    );
    assert.deepEqual(seenAddresses, ["127.0.0.1"]);
    const client = rpc.at(note, "user", { service: "note", host: "127.0.0.1", port: closed.port });
    await client.echo({ text: "", numbers: [] }, callOf());
    await closed.stop(0);
  });

  it("reports a wrong cluster secret as an unavailable service, not as the user's fault", async () => {
    const strangers = new RpcClients({ ...clientParts(), secrets: ["another secret of the same length, or so"] });
    const client = strangers.at(note, "user", { service: "note", host: "127.0.0.1", port: server.port });
    await assert.rejects(client.echo({ text: "", numbers: [] }, callOf()), { code: "kernel.service_unavailable" });
    strangers.close();
  });

  it("works from another gRPC client, with the status codes of failures and deadlines", async () => {
    assert.partialDeepStrictEqual(await externally(grpc(open), "Echo", { text: "hi 日", numbers: [5n] }), {
      text: "hi 日",
      numbers: [5n],
      size: 20n,
    });
    const refused = async (code: Code, message: RegExp, asked: Promise<unknown>) =>
      assert.rejects(asked, (error) => {
        assert.ok(error instanceof ConnectError);
        assert.deepEqual([error.code, message.test(error.rawMessage)], [code, true], error.message);
        return true;
      });
    await refused(Code.InvalidArgument, /^this is too long$/, externally(grpc(open), "Fail", { how: "declared" }));
    await refused(Code.Unauthenticated, /does not say who/, externally(grpc(), "Who", {}));
    await refused(Code.DeadlineExceeded, /./, externally(grpc(open), "Slow", {}, {}, 80));
  });

  it("streams to another gRPC client", async () => {
    assert.deepEqual(
      (await externalStream({ to: 3n })).map((one) => (one as { at: bigint }).at),
      [1n, 2n, 3n],
    );
    await assert.rejects(
      externalStream({ to: 3n, failsAt: 2n }),
      (error) => error instanceof ConnectError && error.code === Code.InvalidArgument,
    );
  });

  it("is described by gRPC reflection, in both versions", async () => {
    for (const version of ["v1", "v1alpha"]) {
      const [list, file, nothing] = await reflect(version, [
        { case: "listServices", value: "" },
        { case: "fileContainingSymbol", value: "kinora.note.v1.NoteService" },
        { case: "fileContainingSymbol", value: "no.such.Thing" },
      ]);
      const names = answerOf(list).service.map(({ name }) => name);
      for (const name of [
        "kinora.note.v1.NoteService",
        "kinora.bus.v1.BusService",
        "grpc.health.v1.Health",
        `grpc.reflection.${version}.ServerReflection`,
      ])
        assert.ok(names.includes(name), `${name} of ${names.join(", ")}`);
      const [bytes] = answerOf(file).fileDescriptorProto;
      assert.ok(bytes);
      const registry = createFileRegistry(fromBinary(FileDescriptorProtoSchema, bytes), () => undefined);
      assert.ok(registry.getService("kinora.note.v1.NoteService"));
      assert.equal(nothing?.case, "errorResponse");
    }
  });

  it("reaches gRPC health, which answers for the process and for each service", async () => {
    const health = await reflected("grpc.health.v1.Health");
    const client = createClient(health, grpc()) as unknown as {
      check(request: object): Promise<{ status: number }>;
    };
    assert.equal((await client.check({})).status, 1);
    assert.equal((await client.check({ service: "kinora.note.v1.NoteService" })).status, 1);
    missing = { note: "the database cannot be reached" };
    assert.equal((await client.check({})).status, 2);
    assert.equal((await client.check({ service: "kinora.bus.v1.BusService" })).status, 1);
    missing = {};
    await assert.rejects(
      client.check({ service: "nobody" }),
      (error) => error instanceof ConnectError && error.code === Code.NotFound,
    );
  });

  it("delivers an event to another process once, also after that process was away", async () => {
    const client = here.client(note);
    await client.add({ topic: 1, text: "while it is away" }, callOf(1));
    await here.drain();
    assert.deepEqual(consumed, []);
    reader = await serve(there);
    addresses["reader"] = [`127.0.0.1:${reader.port}`];
    await until(async () => {
      await here.drain();
      return consumed.length === 1;
    });
    await client.add({ topic: 1, text: "and now" }, callOf(1, { traceId: "5".repeat(32) }));
    await here.drain();
    assert.deepEqual(consumed, ["while it is away", "and now"]);
    const delivery = {
      eventId: "e",
      type: "note.added.v1",
      source: "note",
      position: 1,
      key: 1,
      payload: JSON.stringify({ text: "twice" }),
      traceId: "t",
    };
    const [route] = routes().filter(({ name }) => name === "reader");
    for (let n = 0; n < 2; n++) await route?.send([delivery]);
    assert.deepEqual(consumed.slice(2), ["twice"]);
  });
});

const TooLong = failure(
  "invalid",
  "note.too_long",
  "this is too long",
  z.object({ max: z.int(), by: z.array(z.string()) }),
  413,
);
const Wait = failure("exhausted", "note.wait", "wait a little", z.object({ retryAfterMs: z.int() }));
const Note = z.object({ id: Id, text: z.string() });
const note = contract("note", 1, {
  echo: query({
    auth: "public",
    input: z.object({
      text: z.string().max(50),
      numbers: z.array(z.int()),
      ratio: z.number().optional(),
      size: z.int().max(99).default(20),
    }),
    output: z.object({
      text: z.string(),
      numbers: z.array(z.int()),
      ratio: z.number().optional(),
      size: z.int(),
      note: z.string().nullable(),
    }),
  }),
  add: command({ auth: "user", input: z.object({ topic: Id, text: z.string().max(50) }), output: Note }),
  fail: query({
    auth: "public",
    input: z.object({ how: z.enum(["declared", "bug"]) }),
    output: z.object({}),
    errors: [TooLong],
  }),
  failingCommand: command({ auth: "public", input: z.object({}), output: z.object({}), errors: [Wait] }),
  purge: command({ auth: "admin", input: z.object({}), output: z.object({}) }),
  internal: query({ auth: "service", input: z.object({}), output: z.object({}) }),
  slow: query({ auth: "public", input: z.object({}), output: z.object({}) }),
  who: query({
    auth: "public",
    input: z.object({}),
    output: z.object({
      caller: z.string().optional(),
      userId: Id.optional(),
      role: z.string().optional(),
      traceId: z.string(),
      sessionId: z.string().optional(),
      source: z.string().optional(),
      idempotencyKey: z.string().optional(),
      /** The deadline is what was asked: without one a call has ten seconds, and our own callers have minutes. */
      isUrgent: z.boolean(),
    }),
  }),
  count: stream({
    auth: "public",
    input: z.object({ to: z.int().min(0), failsAt: z.int().optional(), hangs: z.boolean().default(false) }),
    output: z.object({ at: z.int() }),
    errors: [TooLong],
  }),
});
const noteAdded = event("note.added.v1", z.object({ text: z.string() }));

interface Tables {
  notes: { id: number; text: string };
}
const notePlugin = plugin({
  contract: note,
  needs: [],
  migrations: [`CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT NOT NULL)`],
  start: ({ db, emit, nextId }: Host<Tables>) => ({
    handlers: {
      echo: async (input) => ({ ...input, note: null }),
      add: ({ topic, text }) =>
        db.tx(async (tx: Tx<Tables>) => {
          const row = await tx
            .insertInto("notes")
            .values({ id: nextId(), text })
            .returning(["id", "text"])
            .executeTakeFirstOrThrow();
          await emit(tx, noteAdded, topic, { text });
          return row;
        }),
      async fail({ how }) {
        if (how === "bug") throw new Error("a secret of the database");
        throw TooLong({ max: 5, by: ["ä"] });
      },
      failingCommand: async () => {
        throw Wait({ retryAfterMs: 50 });
      },
      purge: async () => ({}),
      internal: async () => ({}),
      slow: () => new Promise<Record<string, never>>((resolve) => setTimeout(resolve, 60_000, {}).unref()),
      async who(_, { signal: __, deadline, ...call }) {
        const leftMs = (deadline ?? Number.NaN) - performance.now();
        return { ...call, isUrgent: leftMs > 10_000 && leftMs <= 30_000 };
      },
      async *count({ to, failsAt, hangs }) {
        if (hangs) await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
        for (let at = 1; at <= to; at++) {
          if (at === failsAt) throw TooLong({ max: at, by: [] });
          yield { at };
        }
      },
    },
  }),
});
const consumed: string[] = [];
const readerContract = contract("reader", 1, {});
const readerPlugin = plugin({
  contract: readerContract,
  needs: [note],
  migrations: [],
  start: () => ({ handlers: {}, subscriptions: [on(noteAdded, async (_, { text }) => void consumed.push(text))] }),
});

const secret = "of-thirty-two-letters-or-a-few-more";
const lock = extendLock({}, [note, readerContract, bus]);
let server: RpcServer;
/** The same for guests. */
let open: RpcServer;
let reader: RpcServer | undefined;
let missing: Record<string, string> = {};
const clients: Client<typeof note>[] = [];
/** Filled once the ports are known; the registry is asked anew for every call. */
const addresses: Record<string, readonly string[]> = { reader: ["127.0.0.1:1"] };
const registry = {
  find: (service: string) => createStaticRegistry(addresses).find(service),
  services: () => Object.keys(addresses),
};
const clientParts = () => ({
  registry,
  lock,
  secrets: [secret] as const,
  log: silentLog,
  elapsed: () => performance.now(),
  random: Math.random,
});
const rpc = new RpcClients(clientParts());
const remote = (c: Contract, caller: string) => rpc.client(c, caller);
const routes = createRemoteRoutes({
  registry,
  consumers: () => registry.services(),
  at: (instance) => rpc.at(bus, "bus", instance),
});
const here = new TestHost({
  parts: {
    bus: createDirectBus(routes),
  },
});
const there = new TestHost({ parts: { remote } });

const direct = async (host: TestHost) => (await host.host()).client(note, "test");
/** Another client of gRPC than ours. */
const grpc = (to = server) =>
  createGrpcTransport({ baseUrl: `http://127.0.0.1:${to.port}`, idleConnectionTimeoutMs: 200 });

async function serve(of: TestHost, more: Pick<RpcServerParts, "guest" | "addressRules"> = {}): Promise<RpcServer> {
  const host = await of.host();
  const started = await createRpcServer(
    {
      contracts: host.contracts,
      lock,
      secrets: [secret],
      host,
      ready: async () => missing,
      log: silentLog,
      metrics: createPrometheusMetrics(),
      ...more,
    },
    { host: "127.0.0.1", port: 0 },
  );
  if (of === here && !more.guest) addresses["note"] = [`127.0.0.1:${started.port}`];
  return started;
}

async function seen(run: Promise<unknown>): Promise<Seen> {
  try {
    return { answer: await run };
  } catch (error) {
    assert.ok(error instanceof KinoraError, String(error));
    const { kind, code, message, details, http, grpc, retryable } = error;
    return { error: { kind, code, message, details, http, grpc, retryable } };
  }
}
const all = <T>(messages: AsyncIterable<T>): Promise<T[]> => Array.fromAsync(messages);
function aborting(ms: number): Call["signal"] {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("gone")), ms);
  return controller.signal;
}

/** As a stranger's client would, from the descriptors alone. */
async function externally(
  transport: Transport,
  method: string,
  input: Record<string, unknown>,
  headers: Record<string, string> = {},
  timeoutMs = 60_000,
): Promise<unknown> {
  const { message } = await transport.unary(descOf(method) as DescMethodUnary, undefined, timeoutMs, headers, input);
  return message;
}
function descOf(method: string): DescMethod {
  const desc = describeContract(note, lock).service.methods.find(({ name }) => name === method);
  assert.ok(desc);
  return desc;
}
async function externalStream(input: Record<string, unknown>): Promise<unknown[]> {
  const requests = (async function* () {
    yield input;
  })();
  const desc = descOf("Count") as DescMethodStreaming;
  const { message } = await grpc(open).stream(desc, undefined, 60_000, {}, requests as never); // Described at run time.
  return all(message);
}

interface Reflected {
  readonly case: string;
  readonly value: unknown;
}
/** One of these, as its case says. */
interface Answer {
  readonly service: readonly { readonly name: string }[];
  readonly fileDescriptorProto: readonly Uint8Array[];
}
function answerOf(reflected: Reflected | undefined): Answer {
  assert.ok(reflected);
  return reflected.value as Answer; // As reflection.proto says.
}
/** Asks by the descriptor that reflection gives of itself, which it is asked for with the other version's. */
async function reflect(version: string, questions: readonly object[]): Promise<Reflected[]> {
  const { createReflectionRegistry: reflectionRegistry } = await import("./server/reflection.ts");
  const service = reflectionRegistry(version === "v1" ? "v1" : "v1alpha").getService(
    `grpc.reflection.${version}.ServerReflection`,
  );
  assert.ok(service);
  const [desc] = service.methods;
  assert.ok(desc);
  const requests = (async function* () {
    for (const messageRequest of questions) yield { messageRequest };
  })();
  const { message } = await grpc().stream(desc as DescMethodStreaming, undefined, 60_000, {}, requests as never); // Described at run time.
  return (await all(message)).map((answer) => (answer as unknown as { messageResponse: Reflected }).messageResponse);
}
async function reflected(name: string): Promise<DescService> {
  const [file] = await reflect("v1", [{ case: "fileContainingSymbol", value: name }]);
  const [bytes] = answerOf(file).fileDescriptorProto;
  assert.ok(bytes);
  const service = createFileRegistry(fromBinary(FileDescriptorProtoSchema, bytes), () => undefined).getService(name);
  assert.ok(service);
  return service;
}
