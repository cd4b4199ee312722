import type { Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { AddressInfo, Server, Socket } from "node:net";
import type { RenewedCertificates } from "../../certificates/renewed-certificates.ts";
import type { Contract } from "../../contract.ts";
import { Connections } from "../../http/connections.ts";
import { limitSessions } from "../../http/http2-sessions.ts";
import { type HttpLimits, usualLimits } from "../../http/limits.ts";
import type { Secrets } from "../../keys/port.ts";
import type { Log } from "../../log/port.ts";
import { batchPath } from "../batch.ts";
import { createBatchRoute } from "./batch-route.ts";
import { bus } from "../bus.ts";
import { BadIdentity } from "../claim.ts";
import { createContractCodecs } from "../wire/contract-codecs.ts";
import { GrpcError, isGrpc, status } from "../wire/grpc.ts";
import {
  authenticatePath,
  challengePath,
  channelOf,
  isNonce,
  isProof,
  lastingHeader,
  newNonce,
  nonceHeader,
  proofHeader,
  serverProofs,
} from "../handshake.ts";
import { healthRoutes } from "./health.ts";
import {
  callsMax,
  connectionWindowBytes,
  http2Settings,
  resetsOf,
  sessionMegabytesMax,
  streamsMax,
} from "../wire/limits.ts";
import type { Lock } from "../wire/lock.ts";
import { peerRelease, Refusals, type Release, releaseHeaders, releaseOf, talksWith } from "../release.ts";
import { reflectionRoutes } from "./reflection-routes.ts";
import { contractRoutes, type RouteParts } from "./routes.ts";
import { endWith, type Peer, type Route, ServerCall } from "./server-call.ts";
import {
  closeAfterMs,
  createRpcHttp2Server,
  endOutdatedSessions,
  isOfFleet,
  isTlsFault,
  tlsSocketOf,
} from "../tls/transport.ts";
import { errorTrailers } from "../wire/wire-error.ts";

export interface RpcServerParts extends RouteParts {
  /** The contracts of the services in this process. */
  readonly contracts: readonly Contract[];
  readonly lock: Lock;
  /** The first one is the same in every process, or is about to be. */
  readonly secrets: Secrets;
  /** The version of this process; a process without one talks with every version. */
  readonly version?: string;
  /** Without certificates, the port speaks HTTP/2 without TLS. */
  readonly tls?: RenewedCertificates | undefined;
  /** Connections from before a renewal take no further calls after this time; a minute when left out. */
  readonly closeAfterMs?: number;
  /** Why services cannot work right now, by name. */
  readonly ready: () => Promise<Record<string, string>>;
  /** Services this process does without now, and why. */
  readonly degradations?: () => Promise<Record<string, string>>;
  readonly log: Log;
  /** The limits that differ from the usual ones. */
  readonly connectionLimits?: Partial<HttpLimits>;
  /** Addresses or ranges that carry many clients. */
  readonly trustedProxies?: readonly string[];
}

export interface RpcServer {
  readonly port: number;
  /** Takes no further calls, lets those that run come to their end, then closes. */
  stop(graceMs?: number): Promise<void>;
}

/** Answers gRPC over HTTP/2 for the services, their health and their descriptors: over mutual TLS, or on a private network without it. */
export async function createRpcServer(
  parts: RpcServerParts,
  at: { readonly host: string; readonly port: number },
): Promise<RpcServer> {
  let isStopping = false;
  const routes = routesOf(parts, () => isStopping);
  const limits = { ...usualLimits, ...parts.connectionLimits };
  const { metrics, tls, trustedProxies = [] } = parts;
  const options = {
    settings: { ...http2Settings, maxConcurrentStreams: limits.streamsMax },
    maxSessionMemory: sessionMegabytesMax,
    handshakeMs: limits.headersMs,
    ...resetsOf(limits),
  };
  const server = createRpcHttp2Server(options, tls);
  const connections = new Connections(server, { port: "rpc", limits, metrics, trustedProxies });
  limitSessions(server, limits, connections);
  const identity: ServerIdentity = {
    secrets: parts.secrets,
    release: parts.version === undefined ? undefined : releaseOf(parts.version, parts.lock),
    refusals: new Refusals("server", parts.log, metrics),
    otherReleases: new Set(),
    fleetNames: tls?.names,
    log: parts.log,
  };
  server.on("tlsClientError", (error: Error, { remoteAddress: address }: Socket) => {
    if ("code" in error && error.code === "ERR_TLS_HANDSHAKE_TIMEOUT") connections.cut("handshake");
    if (isTlsFault(error)) identity.refusals.record("certificate", { address, err: error });
  });
  const peers = new Map<Http2Session, Peer>();
  const keepSessions = tls && endOutdatedSessions(tls, () => peers.keys(), parts.closeAfterMs ?? closeAfterMs);
  const guests = { pendingBytes: 0, pendingBytesMax: 2 * limits.pendingBodyBytesMax };
  connections.onCheck((nowMs) => {
    for (const { receiving } of peers.values())
      for (const call of receiving) if (call.failLate(nowMs - limits.bodyMs)) connections.cut("body");
  });
  server.on("session", (session) => {
    const address = session.socket.remoteAddress ?? "";
    peers.set(session, { address, isAuthenticated: false, pendingBytes: 0, guests, receiving: new Set() });
    session.setLocalWindowSize(connectionWindowBytes);
    session.once("close", () => peers.delete(session));
    // A peer that breaks off is not our fault; its calls end by themselves.
    session.on("error", (error) => parts.log.debug("an RPC connection broke", { err: error }));
  });
  server.on("stream", (stream, headers) => {
    const peer = stream.session && peers.get(stream.session);
    if (peer) begin(stream, headers, peer, routes, identity);
    else stream.destroy();
  });
  await listening(server, at);
  return {
    port: (server.address() as AddressInfo).port, // It listens on TCP.
    async stop(graceMs = 5_000) {
      isStopping = true;
      keepSessions?.();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of peers.keys()) session.close();
      const cut = setTimeout(() => {
        for (const session of peers.keys()) session.destroy();
      }, graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

function routesOf(parts: RpcServerParts, isStopping: () => boolean): ReadonlyMap<string, Route> {
  const facades = parts.facades?.contracts ?? [];
  const contracts = [...parts.contracts, bus, ...facades];
  const all = contracts.map((contract) => createContractCodecs(contract, parts.lock));
  const services = new Map(all.map(({ typeName, contract }) => [typeName, contract.name]));
  const health = healthRoutes(services, {
    ready: parts.ready,
    degradations: parts.degradations ?? (async () => ({})),
    isStopping,
  });
  const calls = new Map(all.flatMap((codecs) => contractRoutes(codecs, parts)));
  return new Map([
    ...calls,
    [batchPath, createBatchRoute(calls)],
    ...health,
    ...reflectionRoutes(contracts, parts.lock),
  ]);
}

function begin(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  peer: Peer,
  routes: ReadonlyMap<string, Route>,
  identity: ServerIdentity,
): void {
  const path = headers[":path"] ?? "";
  const route = routes.get(path);
  try {
    if (headers[":method"] !== "POST" || !isGrpc(headers["content-type"])) {
      stream.respond({ ":status": 415 }, { endStream: true });
      stream.on("error", () => undefined);
      stream.resume();
    } else if (route) new ServerCall(stream, headers, route, peer).begin();
    else if (path === challengePath) challenge(stream, headers, peer, identity);
    else if (path === authenticatePath) authenticate(stream, headers, peer, identity);
    else throw new GrpcError(status.unimplemented, `there is no method ${path} here`);
  } catch (error) {
    if (!(error instanceof GrpcError)) identity.log.error("a call could not be begun", { err: error });
    stream.on("error", () => undefined);
    endWith(stream, errorTrailers(error));
  }
}

function challenge(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  peer: Peer,
  { secrets, fleetNames, refusals }: ServerIdentity,
): void {
  const client = headers[nonceHeader];
  if (!isNonce(client)) throw new GrpcError(status.invalidArgument, `${nonceHeader} is 32 bytes of base64url`);
  const { session } = stream;
  if (!session || (fleetNames && !isOfFleet(session, fleetNames))) {
    refusals.record("certificate", { address: peer.address });
    throw BadIdentity({});
  }
  const socket = tlsSocketOf(session);
  const nonces = { client, server: newNonce(), channel: socket && channelOf(socket) };
  peer.nonces = nonces;
  endWith(stream, { "grpc-status": "0", [nonceHeader]: nonces.server, ...serverProofs(secrets, nonces) });
}

/** How this process shows itself to others, and records those that it refuses. */
interface ServerIdentity {
  readonly secrets: Secrets;
  readonly release: Release | undefined;
  readonly refusals: Refusals;
  /** Releases of peers that were logged, each once. */
  readonly otherReleases: Set<string>;
  /** The names of certificates of processes; undefined without TLS. */
  readonly fleetNames: readonly string[] | undefined;
  readonly log: Log;
}

function authenticate(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  peer: Peer,
  identity: ServerIdentity,
): void {
  const { nonces, address } = peer;
  // Good for one attempt.
  peer.nonces = undefined;
  const proof = headers[proofHeader];
  if (!nonces || !identity.secrets.some((secret) => isProof(proof, "client", secret, nonces))) {
    identity.refusals.record("secret", { address });
    throw BadIdentity({});
  }
  const release = peerRelease(headers);
  if (!talksWith(identity.release, release)) {
    identity.refusals.record("version", { address, version: identity.release?.version, peerVersion: release?.version });
    const error = new GrpcError(
      status.failedPrecondition,
      `version ${identity.release?.version} does not talk with yours`,
    );
    endWith(stream, { ...errorTrailers(error), ...releaseHeaders(identity.release) });
    return;
  }
  logOtherRelease(release, identity);
  peer.isAuthenticated = true;
  stream.session?.settings({ ...http2Settings, maxConcurrentStreams: callsMax + streamsMax });
  endWith(stream, { "grpc-status": "0", [lastingHeader]: "1", ...releaseHeaders(identity.release) });
}

function logOtherRelease(peer: Release | undefined, { release, otherReleases, log }: ServerIdentity): void {
  if (!peer || !release || (peer.version === release.version && peer.contracts === release.contracts)) return;
  const name = `${peer.version} ${peer.contracts}`;
  if (otherReleases.has(name)) return;
  otherReleases.add(name);
  log.info("a process of another version is connected", { version: release.version, peerVersion: peer.version });
}

const listening = (server: Server, at: { readonly host: string; readonly port: number }): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(at.port, at.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
