import { type Call, waitMs } from "../../call.ts";
import type { AddressRules } from "../../clients/address-rules.ts";
import { admit, parseInput } from "../../host/chain.ts";
import type { Contract, Method } from "../../contract.ts";
import { asKinoraError, type KinoraError } from "../../errors.ts";
import type { ServiceHost } from "../../host/host.ts";
import { AddressDenied } from "../../http/errors.ts";
import type { Metrics } from "../../telemetry/port.ts";
import { newTraceId } from "../../trace.ts";
import { answerBus, bus, type BusEnd } from "../bus.ts";
import { BadIdentity, claimHeader, claimOf } from "../claim.ts";
import { reportCommits } from "../commits.ts";
import type { Codec } from "../wire/codec.ts";
import type { ContractCodecs, MethodCodecs } from "../wire/contract-codecs.ts";
import { headBytes } from "../wire/frame.ts";
import { GrpcError, status } from "../wire/grpc.ts";
import { callMsMax } from "../wire/limits.ts";
import { Malformed } from "../wire/protobuf.ts";
import type { Route, ServerContext } from "./server-call.ts";

/** The credentials of a caller that is no service of ours. */
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

export interface RouteParts {
  readonly host: Pick<ServiceHost, "dispatch"> & BusEnd;
  /** Admits callers from outside, in the process of the gateway; without it only our own processes may call. @throws KinoraError */
  guest?(method: Method, service: string, guest: Guest, call: Call): Promise<Partial<Call>>;
  readonly facades?: Facades;
  /** Refuses callers from outside by their addresses. */
  readonly addressRules?: Pick<AddressRules, "admits"> | undefined;
  readonly metrics: Metrics;
  /** The database has replicas: the caller learns where its log stood after the commits of the call. */
  readonly reportsCommits?: boolean;
}

/** The routes of a contract's methods, by their paths. */
export function contractRoutes(
  { contract, methods }: ContractCodecs,
  parts: RouteParts,
): (readonly [path: string, route: Route])[] {
  const count = counterOf(contract.name, parts.metrics);
  return [...methods].map(([name, codecs]) => [
    codecs.path,
    codecs.method.kind === "stream"
      ? streamRoute(contract, name, codecs, parts, count)
      : unaryRoute(contract, name, codecs, parts, count),
  ]);
}

type Count = (method: string, began: number, error?: KinoraError) => void;

function counterOf(service: string, metrics: Metrics): Count {
  const requests = metrics.counter("rpc_requests_total", "calls from other processes", ["service", "method", "code"]);
  const seconds = metrics.histogram(
    "rpc_request_duration_seconds",
    "time to answer a call of another process",
    ["service"],
    [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  );
  return (method, began, error) => {
    requests.add(1, { service, method, code: String(error?.grpc ?? 0) });
    seconds.observe((performance.now() - began) / 1_000, { service });
  };
}

const patienceOf = ({ patienceMs = waitMs }: Method): number => Math.min(patienceMs, callMsMax);

function unaryRoute(contract: Contract, name: string, codecs: MethodCodecs, parts: RouteParts, count: Count): Route {
  return {
    kind: "unary",
    patienceMs: patienceOf(codecs.method),
    async handle(message, context) {
      const began = performance.now();
      try {
        const answer = codecs.output.encode(
          await dispatchCall(contract, name, codecs, message, context, parts),
          headBytes,
        );
        count(name, began);
        return answer;
      } catch (error) {
        count(name, began, asKinoraError(error));
        throw error;
      }
    },
  };
}

function streamRoute(contract: Contract, name: string, codecs: MethodCodecs, parts: RouteParts, count: Count): Route {
  return {
    kind: "stream",
    patienceMs: patienceOf(codecs.method),
    async *handle(message, context) {
      const began = performance.now();
      try {
        const answers = await (dispatchCall(contract, name, codecs, message, context, parts) as Promise<
          AsyncIterable<object>
        >); // By its kind.
        for await (const answer of answers) yield codecs.output.encode(answer, headBytes);
        count(name, began);
      } catch (error) {
        count(name, began, asKinoraError(error));
        throw error;
      }
    },
  };
}

async function dispatchCall(
  contract: Contract,
  name: string,
  codecs: MethodCodecs,
  message: Buffer,
  context: ServerContext,
  parts: RouteParts,
): Promise<object> {
  const { host, facades, addressRules } = parts;
  const { isAuthenticated, address } = context.peer;
  if (!isAuthenticated && addressRules && !addressRules.admits(address)) throw AddressDenied({});
  if (facades?.contracts.includes(contract)) {
    const input = decode(codecs.input, message);
    return facades.answer(contract.name, name, input, guestOf(context), strangersCall(context));
  }
  const call = context.peer.isAuthenticated ? claimedCall(context) : await guestsCall(contract, codecs, context, parts);
  const input = decode(codecs.input, message);
  if (contract !== bus) {
    const run = () => host.dispatch(contract.name, name, input, call);
    // An unauthenticated peer learns nothing of the log.
    const isReported = parts.reportsCommits === true && context.peer.isAuthenticated && codecs.method.kind !== "stream";
    return isReported ? reportCommits(context, run as () => Promise<object>) : run(); // By its kind.
  }
  admit(codecs.method, call);
  return answerBus(host, name, parseInput(codecs.method, input));
}

/** @throws GrpcError in the words of the protocol: the schema has words only for what could be read. */
function decode(codec: Codec, message: Buffer): object {
  try {
    return codec.decode(message);
  } catch (error) {
    if (error instanceof Malformed) throw new GrpcError(status.invalidArgument, error.message, { cause: error });
    throw error;
  }
}

/** A call of one of our processes, which has shown that it is one. @throws BadIdentity */
function claimedCall({ headers, signal, deadline }: ServerContext): Call {
  const text = headers[claimHeader];
  if (typeof text !== "string") throw BadIdentity({});
  // A claim has each of a call's properties or does not: it was JSON.
  return { ...(claimOf(text) as Pick<Call, "traceId">), deadline, signal };
}

async function guestsCall(
  contract: Contract,
  { method }: MethodCodecs,
  context: ServerContext,
  parts: RouteParts,
): Promise<Call> {
  if (!parts.guest) throw BadIdentity({});
  const call = strangersCall(context);
  return { ...call, ...(await parts.guest(method, contract.name, guestOf(context), call)) };
}

/** A call that begins with a client from outside, under the trace it names. */
function strangersCall({ headers, signal, deadline }: ServerContext): Call {
  const parent = headers["traceparent"];
  const traced = typeof parent === "string" ? parent.match(/^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/) : null;
  return { traceId: traced?.[1] ?? newTraceId(), deadline, signal };
}

const guestOf = ({ headers, peer }: ServerContext): Guest => ({
  authorization: headers.authorization,
  address: peer.address,
});
