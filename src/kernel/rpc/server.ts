import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { type ConnectRouter, createContextKey, createContextValues, type HandlerContext } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import type { Message as ProtoMessage } from "@bufbuild/protobuf";
import { type Call, newCall, waitMs } from "../call.ts";
import { admit, parseInput } from "../chain.ts";
import type { Contract, Method } from "../contract.ts";
import { asKinoraError, type KinoraError } from "../errors.ts";
import type { ServiceHost } from "../host.ts";
import type { Log } from "../log/port.ts";
import type { Metrics } from "../telemetry/port.ts";
import { answerBus, bus, type BusEnd } from "./bus.ts";
import { type Described, type DescribedMethod, described } from "./described.ts";
import { healthRoutes } from "./health.ts";
import { BadIdentity, identityHeader, verified } from "./identity.ts";
import { callMsMax, messageBytesMax } from "./limits.ts";
import type { Lock } from "./lock.ts";
import { reflectionRoutes } from "./reflection.ts";
import { toConnect } from "./wire-error.ts";

/** What a caller that is no service of ours shows of itself. */
export interface Guest {
  /** The value of the `authorization` header. */
  readonly authorization: string | undefined;
  readonly address: string;
}

/** Another system's services, answered by the gateway itself: who may do what there is its own to decide. */
export interface Facades {
  readonly contracts: readonly Contract[];
  answer(service: string, method: string, input: object, guest: Guest, call: Call): Promise<object>;
}

export interface RpcServerParts {
  /** The contracts of the services in this process. */
  readonly contracts: readonly Contract[];
  readonly lock: Lock;
  /** The same in every process. */
  readonly secret: string;
  readonly host: Pick<ServiceHost, "dispatch"> & BusEnd;
  /** Why services cannot work right now, by name. */
  readonly ready: () => Promise<Record<string, string>>;
  /** Admits callers from outside, in the process of the gateway; without it every call needs an identity. @throws KinoraError */
  guest?(method: Method, service: string, guest: Guest, call: Call): Promise<Partial<Call>>;
  readonly facades?: Facades;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly now: () => number;
}

export interface RpcServer {
  readonly port: number;
  /** Takes no more calls, lets those that run come to their end, then closes. */
  stop(graceMs?: number): Promise<void>;
}

const peerAddress = createContextKey("");

/** Answers Connect and gRPC over HTTP/2 without TLS, on a private network: the services, their health, their descriptors. */
export async function rpcServer(
  parts: RpcServerParts,
  at: { readonly host: string; readonly port: number },
): Promise<RpcServer> {
  const facades = parts.facades?.contracts ?? [];
  const all = [...parts.contracts, bus, ...facades].map((contract) => described(contract, parts.lock));
  let isStopping = false;
  const handler = connectNodeAdapter({
    routes(router) {
      for (const one of all) routesOf(router, one, parts);
      const health = { ready: parts.ready, isStopping: () => isStopping };
      const own = healthRoutes(
        router,
        new Map(all.map(({ service, contract }) => [service.typeName, contract.name])),
        health,
      );
      reflectionRoutes(router, [...all.map(({ registry }) => registry), own]);
    },
    readMaxBytes: messageBytesMax,
    writeMaxBytes: messageBytesMax,
    maxTimeoutMs: callMsMax,
    contextValues: (request) => createContextValues().set(peerAddress, request.socket.remoteAddress ?? ""),
  });
  const server = createServer({}, handler);
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    // A peer that breaks off is not our fault; its calls end by themselves.
    session.on("error", (error) => parts.log.debug("an RPC connection broke", { err: error }));
  });
  await listening(server, at);
  return {
    port: (server.address() as AddressInfo).port, // It listens on TCP.
    async stop(graceMs = 5_000) {
      isStopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.close();
      const cut = setTimeout(() => {
        for (const session of sessions) session.destroy();
      }, graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

const listening = (server: Http2Server, at: { readonly host: string; readonly port: number }): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(at.port, at.host, () => {
      server.off("error", reject);
      resolve();
    });
  });

function routesOf(router: ConnectRouter, { contract, service, methods }: Described, parts: RpcServerParts): void {
  const requests = parts.metrics.counter("rpc_requests_total", "calls from other processes", [
    "service",
    "method",
    "code",
  ]);
  const seconds = parts.metrics.histogram(
    "rpc_request_duration_seconds",
    "time to answer a call of another process",
    ["service"],
    [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  );
  const counted = (method: string, began: number, error?: KinoraError) => {
    requests.add(1, { service: contract.name, method, code: String(error?.grpc ?? 0) });
    seconds.observe((performance.now() - began) / 1_000, { service: contract.name });
  };
  const begin = async (name: string, one: DescribedMethod, request: ProtoMessage, context: HandlerContext) => {
    if (parts.facades?.contracts.includes(contract)) {
      const input = one.input.decode(request);
      return parts.facades.answer(contract.name, name, input, guestOf(context), strangersCall(context, one.method));
    }
    const call = await callOf(parts, contract.name, name, one.method, context);
    const input = one.input.decode(request);
    if (contract !== bus) return parts.host.dispatch(contract.name, name, input, call);
    admit(one.method, call);
    return answerBus(parts.host, name, parseInput(one.method, input));
  };
  const impl = [...methods].map(([name, one]) => {
    const unary = async (request: ProtoMessage, context: HandlerContext) => {
      const began = performance.now();
      try {
        const answer = one.output.encode(await begin(name, one, request, context));
        counted(name, began);
        return answer;
      } catch (error) {
        counted(name, began, asKinoraError(error));
        throw toConnect(error);
      }
    };
    const streamed = async function* (request: ProtoMessage, context: HandlerContext) {
      const began = performance.now();
      try {
        const answers = await (begin(name, one, request, context) as Promise<AsyncIterable<object>>); // By its kind.
        for await (const answer of answers) yield one.output.encode(answer);
        counted(name, began);
      } catch (error) {
        counted(name, began, asKinoraError(error));
        throw toConnect(error);
      }
    };
    return [one.desc.localName, one.method.kind === "stream" ? streamed : unary];
  });
  // Each is made from the descriptor it answers for; there is no static type of a service that is described at start.
  router.service(service, Object.fromEntries(impl) as never);
}

async function callOf(
  parts: RpcServerParts,
  service: string,
  name: string,
  method: Method,
  context: HandlerContext,
): Promise<Call> {
  const header = context.requestHeader;
  const base = { waitMs: context.timeoutMs() ?? waitMs, signal: context.signal };
  const token = header.get(identityHeader);
  if (token !== null) {
    const {
      issuedAtMs: _,
      expiresAtMs: __,
      method: ___,
      ...who
    } = verified(parts.secret, token, `${service}.${name}`, parts.now());
    return newCall({ ...base, ...present(who) });
  }
  if (!parts.guest) throw BadIdentity({});
  const call = strangersCall(context, method);
  return { ...call, ...(await parts.guest(method, service, guestOf(context), call)) };
}

/** A call that begins with somebody from outside, under the trace they name. */
function strangersCall(context: HandlerContext, { patienceMs = waitMs }: Method): Call {
  const { requestHeader, signal } = context;
  const traced = requestHeader.get("traceparent")?.match(/^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/);
  const wait = context.timeoutMs() ?? Math.min(patienceMs, callMsMax);
  return newCall({ waitMs: wait, signal, ...(traced?.[1] !== undefined && { traceId: traced[1] }) });
}

const guestOf = ({ requestHeader, values }: HandlerContext): Guest => ({
  authorization: requestHeader.get("authorization") ?? undefined,
  address: values.get(peerAddress),
});

/** Without the properties that are undefined: a call either has one or does not. */
function present<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> }; // The same keys, fewer of them.
}
