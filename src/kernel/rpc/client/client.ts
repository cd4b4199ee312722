import { type Call, withinDeadline } from "../../call.ts";
import type { RenewedCertificates } from "../../certificates/renewed-certificates.ts";
import { admit, parseInput } from "../../host/chain.ts";
import type { Client, Contract } from "../../contract.ts";
import { asKinoraError, DeadlineExceeded, KinoraError, ServiceUnavailable } from "../../errors.ts";
import { commitsUnderWay } from "../../db/positions.ts";
import type { Secrets } from "../../keys/port.ts";
import type { Log } from "../../log/port.ts";
import { addressOf, type Instance, type Registry, usualWeight } from "../../registry/port.ts";
import type { Metrics } from "../../telemetry/port.ts";
import type { Outcome } from "./breaker.ts";
import { RetryBudget } from "./budget.ts";
import { BadIdentity, claimText } from "../claim.ts";
import { ReportedCommits } from "../commits.ts";
import { callsOf } from "./client-batch.ts";
import { type Request, serverStream } from "./client-call.ts";
import { NotEncodable } from "../wire/codec.ts";
import { type ContractCodecs, createContractCodecs, type MethodCodecs } from "../wire/contract-codecs.ts";
import { choose, Endpoint } from "./endpoint.ts";
import { fillHead, headBytes } from "../wire/frame.ts";
import { GrpcError, status } from "../wire/grpc.ts";
import { callMsMax, callsMax, streamsMax } from "../wire/limits.ts";
import type { Lock } from "../wire/lock.ts";
import { Refusals, releaseOf } from "../release.ts";
import type { Identity } from "./connection.ts";

interface RpcClientsParts {
  readonly registry: Pick<Registry, "find">;
  readonly lock: Lock;
  /** The first one is the same in every process, or is about to be. */
  readonly secrets: Secrets;
  /** The version of this process; a process without one talks with every version. */
  readonly version?: string;
  /** Without certificates, connections are made without TLS. */
  readonly tls?: RenewedCertificates | undefined;
  readonly metrics?: Metrics;
  readonly log: Log;
  /** Milliseconds of a clock that never jumps: for what is waited out. */
  readonly elapsed: () => number;
  /** From 0 up to 1: for choices that only spread load. */
  readonly random: () => number;
}

const attemptsMax = 3;
const pauseMs = 25;
const reachableMs = 1_000;
const rememberedMs = 600_000;

/** One call on its way. */
interface Asking {
  readonly service: string;
  readonly codecs: MethodCodecs;
  readonly claim: string;
  readonly call: Call;
  /** With its head. */
  readonly message: Buffer;
}

/** Why an attempt failed: the error for the caller, and what it says about the instance. */
interface Attempt {
  readonly error: KinoraError;
  /** Nothing was sent: it can go to another endpoint, whatever it does. */
  readonly isUnsent: boolean;
  readonly outcome: Outcome;
}

/** Clients of services in other processes: each call goes to one of their endpoints, and to another when that one fails. */
export class RpcClients {
  readonly #parts: RpcClientsParts;
  readonly #codecs = new Map<string, ContractCodecs>();
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #budget = new RetryBudget();
  readonly #identity: Identity;

  constructor(parts: RpcClientsParts) {
    this.#parts = parts;
    const { secrets, version, tls, lock, log, metrics } = parts;
    this.#identity = {
      secrets,
      release: version === undefined ? undefined : releaseOf(version, lock),
      refusals: new Refusals("client", log, metrics),
      tls,
    };
  }

  /** A client of a service as `caller`; undefined where the registry knows nobody who serves it. */
  client(contract: Contract, caller: string): Client<Contract> | undefined {
    if (this.#parts.registry.find(contract.name).length === 0) return undefined;
    return this.#clientOf(contract, caller, () => this.#parts.registry.find(contract.name));
  }

  /** A client of one process, whatever the registry says about it. */
  at<C extends Contract>(contract: C, caller: string, instance: Instance): Client<C> {
    return this.#clientOf(contract, caller, () => [instance]) as unknown as Client<C>; // Built from this contract.
  }

  /** True if any process that serves it takes connections. */
  async isReachable(service: string): Promise<boolean> {
    const probes = this.#parts.registry
      .find(service)
      .map((instance) => this.#endpointOf(instance).isReachable(reachableMs));
    return (await Promise.all(probes)).includes(true);
  }

  close(): void {
    for (const endpoint of this.#endpoints.values()) endpoint.close();
  }

  #clientOf(contract: Contract, caller: string, find: () => readonly Instance[]): Client<Contract> {
    const entries = [...this.#codecsOf(contract).methods].map(([name, codecs]) => {
      const prepare = (input: unknown, call: Call): Asking => {
        const message = fillHead(encode(codecs, input, call, caller));
        return { service: contract.name, codecs, claim: claimText(caller, call), call, message };
      };
      return [
        name,
        codecs.method.kind === "stream"
          ? (input: unknown, call: Call) => this.#listen(() => prepare(input, call), find)
          : async (input: unknown, call: Call) => this.#ask(prepare(input, call), find),
      ];
    });
    return Object.fromEntries(entries) as Client<Contract>; // Each has the type its method declares.
  }

  async #ask(asking: Asking, find: () => readonly Instance[]): Promise<object> {
    const { codecs, call, service } = asking;
    const tried = new Set<Endpoint>();
    const commits = commitsUnderWay();
    for (let attempt = 1; ; attempt++) {
      const endpoint = this.#choose(find, tried, service, "call");
      tried.add(endpoint);
      endpoint.open.call += 1;
      const breaker = endpoint.breaker(service);
      const openings = breaker.begin("call");
      const reported = commits && new ReportedCommits(commits);
      try {
        const session = await sessionOf(endpoint, call);
        const answer = await callsOf(session).call(requestOf(asking, reported), call);
        reported?.end(codecs.method.kind, false);
        breaker.record(openings, "fine");
        this.#budget.earn();
        return codecs.output.decode(answer);
      } catch (error) {
        const failed = this.#judge(error, asking, endpoint);
        breaker.record(openings, failed.outcome);
        reported?.end(codecs.method.kind, failed.isUnsent);
        const isWorthIt = failed.isUnsent || (codecs.method.idempotent && failed.error.kind === "unavailable");
        if (!isWorthIt || call.signal.aborted || attempt === attemptsMax || !this.#budget.spend()) throw failed.error;
      } finally {
        endpoint.open.call -= 1;
      }
      await withinDeadline(
        call,
        new Promise((resolve) => setTimeout(resolve, this.#parts.random() * pauseMs * attempt)),
      );
    }
  }

  async *#listen(prepare: () => Asking, find: () => readonly Instance[]): AsyncGenerator<object> {
    const asking = prepare();
    const { codecs, call, service } = asking;
    const endpoint = this.#choose(find, new Set(), service, "stream");
    endpoint.open.stream += 1;
    const breaker = endpoint.breaker(service);
    const openings = breaker.begin("stream");
    let hasAnswered = false;
    const record = (outcome: Outcome) => {
      if (!hasAnswered) breaker.record(openings, outcome);
      hasAnswered = true;
    };
    try {
      const session = await sessionOf(endpoint, call);
      for await (const answer of serverStream(session, requestOf(asking), call)) {
        record("fine");
        yield codecs.output.decode(answer);
      }
      record("fine");
    } catch (error) {
      const failed = this.#judge(error, asking, endpoint);
      // A stream without a message until its time is over had nothing to say.
      if (failed.error.code !== DeadlineExceeded.code) record(failed.outcome);
      throw failed.error;
    } finally {
      endpoint.open.stream -= 1;
    }
  }

  /** Classifies a failed attempt, and ejects the endpoint where it is to blame. */
  #judge(error: unknown, { service, call }: Asking, endpoint: Endpoint): Attempt {
    const code = error instanceof KinoraError ? error.code : undefined;
    if (error instanceof KinoraError && code !== BadIdentity.code && code !== DeadlineExceeded.code)
      return { error, isUnsent: false, outcome: "fine" };
    const isLate = error instanceof GrpcError && error.code === status.deadlineExceeded;
    if (call.signal.aborted || isLate || code === DeadlineExceeded.code) {
      const outcome = !call.signal.aborted || isTimeout(call.signal.reason) ? "failed" : "unknown";
      endpoint.late();
      return { error: DeadlineExceeded({}, call.signal.reason ?? error), isUnsent: false, outcome };
    }
    if (code === BadIdentity.code || (error instanceof GrpcError && !otherVersion.includes(error.code))) {
      endpoint.eject();
      if (code === BadIdentity.code)
        this.#parts.log.error("a process refused our identity: do all have one cluster secret?", { service });
      const isUnsent = error instanceof GrpcError && error.isUnsent;
      return { error: ServiceUnavailable({ service }, error), isUnsent, outcome: "failed" };
    }
    if (error instanceof GrpcError && error.code === status.unimplemented) {
      // During a rolling upgrade: nothing was done, and another process may have the method.
      this.#parts.log.warn("a process of another version has no such method", { service, reason: error.message });
      return { error: ServiceUnavailable({ service }, error), isUnsent: true, outcome: "fine" };
    }
    this.#parts.log.error("a call could not be made", { service, traceId: call.traceId, err: error });
    return { error: asKinoraError(error), isUnsent: false, outcome: "fine" };
  }

  /** @throws ServiceUnavailable where no instance takes it now */
  #choose(
    find: () => readonly Instance[],
    tried: ReadonlySet<Endpoint>,
    service: string,
    kind: "call" | "stream",
  ): Endpoint {
    const admitting = find()
      .map((instance) => this.#endpointOf(instance))
      .filter((endpoint) => endpoint.open[kind] < openMax[kind] && endpoint.breaker(service).admits(kind));
    const endpoint = choose(admitting, tried, this.#parts.random);
    if (!endpoint) throw ServiceUnavailable({ service });
    return endpoint;
  }

  #endpointOf(instance: Instance): Endpoint {
    const address = addressOf(instance);
    const endpoint = this.#endpoints.get(address) ?? this.#newEndpoint(address, instance);
    endpoint.weight = instance.weight ?? usualWeight;
    endpoint.knownAtMs = this.#parts.elapsed();
    return endpoint;
  }

  /** Addresses change for years: those that no registry names any longer are forgotten when a new one comes. */
  #newEndpoint(address: string, instance: Instance): Endpoint {
    const forgottenMs = this.#parts.elapsed() - rememberedMs;
    for (const [former, endpoint] of this.#endpoints)
      if (endpoint.knownAtMs < forgottenMs && endpoint.load === 0) {
        endpoint.close();
        this.#endpoints.delete(former);
      }
    const endpoint = new Endpoint(instance, this.#identity, this.#parts.elapsed);
    this.#endpoints.set(address, endpoint);
    return endpoint;
  }

  #codecsOf(contract: Contract): ContractCodecs {
    const key = `${contract.name}.v${contract.version}`;
    const codecs = this.#codecs.get(key) ?? createContractCodecs(contract, this.#parts.lock);
    this.#codecs.set(key, codecs);
    return codecs;
  }
}

const openMax = { call: callsMax, stream: streamsMax } as const;

/** Answers of a process that is there and has no such method, or takes no such message: another version, not an outage. */
const otherVersion: readonly number[] = [
  status.unimplemented,
  status.invalidArgument,
  status.resourceExhausted,
  status.notFound,
];

/** Refuses an input that cannot be written as a message, with the error the callee would have used. */
function encode({ method, input: codec }: MethodCodecs, input: unknown, call: Call, caller: string): Buffer {
  try {
    return codec.encode(input, headBytes);
  } catch (error) {
    if (!(error instanceof NotEncodable)) throw error;
    admit(method, { ...call, caller });
    return codec.encode(parseInput(method, input), headBytes);
  }
}

const sessionOf = async (endpoint: Endpoint, call: Call) =>
  endpoint.session ?? (await withinDeadline(call, endpoint.connect()));

const requestOf = ({ codecs, claim, message, call }: Asking, reported?: ReportedCommits): Request => ({
  path: codecs.path,
  claim,
  message,
  timeoutMs: timeLeft(call),
  reported,
});

/** @throws DeadlineExceeded when there is none. */
function timeLeft({ deadline }: Call): number {
  if (deadline === undefined) return callMsMax;
  const leftMs = Math.ceil(deadline - performance.now());
  if (leftMs <= 0) throw DeadlineExceeded({});
  return Math.min(leftMs, callMsMax);
}

const isTimeout = (reason: unknown): boolean => reason instanceof Error && reason.name === "TimeoutError";
