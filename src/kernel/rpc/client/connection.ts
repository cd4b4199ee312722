import type { ClientHttp2Session, IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";
import type { RenewedCertificates } from "../../certificates/renewed-certificates.ts";
import type { Secrets } from "../../keys/port.ts";
import { BadIdentity } from "../claim.ts";
import { contentType, GrpcError, status } from "../wire/grpc.ts";
import {
  authenticatePath,
  challengePath,
  channelOf,
  isNonce,
  lastingHeader,
  newNonce,
  nonceHeader,
  proofHeader,
  proofOf,
  secretOfServer,
} from "../handshake.ts";
import { peerRelease, type Refusals, type Release, releaseHeaders, talksWith } from "../release.ts";
import { connectTo, endAfterMs, isTlsFault, tlsSocketOf } from "../tls/transport.ts";
import { connectionWindowBytes, http2Settings, sessionMegabytesMax } from "../wire/limits.ts";
import { errorOf } from "../wire/wire-error.ts";
import { callsOf } from "./client-batch.ts";

/** A connection that is not there and authenticated by then will not be. */
const openMsMax = 5_000;
/** A peer that vanished silently is noticed this fast, and a new connection made. */
const pingEveryMs = 2_000;
const pongMsMax = 2_000;
const idleMsMax = 60_000;

/** How a process shows itself to others, and records those that it refuses. */
export interface Identity {
  readonly secrets: Secrets;
  readonly release: Release | undefined;
  readonly refusals: Refusals;
  /** Connections are made over TLS with these. */
  readonly tls?: RenewedCertificates | undefined;
}

/** The HTTP/2 connection to one process: opened and authenticated at the first call, and again after it was lost. */
export class Connection {
  /** Host and port. */
  readonly #address: string;
  readonly #identity: Identity;
  /** Open and authenticated. */
  #session: ClientHttp2Session | undefined;
  /** The renewal of our certificate after which it was opened. */
  #generation: number | undefined;
  #opening: { readonly session: ClientHttp2Session; readonly opened: Promise<ClientHttp2Session> } | undefined;

  constructor(address: string, identity: Identity) {
    this.#address = address;
    this.#identity = identity;
  }

  /** The session that calls can be made on now. */
  get session(): ClientHttp2Session | undefined {
    const session = this.#session;
    if (!session || session.closed || session.destroyed) return undefined;
    if (this.#generation === this.#identity.tls?.generation) return session;
    retire(session);
    return undefined;
  }

  get isOpening(): boolean {
    return this.#opening !== undefined;
  }

  /** @throws GrpcError when no peer listens, @throws BadIdentity when the peer has another secret. */
  async open(): Promise<ClientHttp2Session> {
    const { session } = this;
    if (session) return session;
    this.#opening ??= this.#begin();
    return this.#opening.opened;
  }

  /** Gives up on a connection that is being opened. */
  abort(): void {
    this.#opening?.session.destroy();
  }

  close(): void {
    this.#opening?.session.destroy();
    this.#session?.destroy();
  }

  #begin(): { session: ClientHttp2Session; opened: Promise<ClientHttp2Session> } {
    const { tls } = this.#identity;
    const generation = tls?.generation;
    const options = { settings: { ...http2Settings, enablePush: false }, maxSessionMemory: sessionMegabytesMax };
    const session = connectTo(this.#address, options, tls);
    const tooLate = setTimeout(() => session.destroy(), openMsMax);
    // Calls on it fail with what broke it; one on which there are none is opened again at the next.
    let broken: unknown;
    session.on("error", (error) => (broken = error));
    session.once("connect", () => {
      // The session may have been closed in the same turn.
      if (!session.destroyed) session.setLocalWindowSize(connectionWindowBytes);
    });
    const opened = authenticate(session, this.#identity)
      .then(
        () => {
          this.#session = session;
          this.#generation = generation;
          watch(session, () => generation !== tls?.generation);
          return session;
        },
        (error: unknown) => {
          session.destroy();
          throw this.#explain(error, broken);
        },
      )
      .finally(() => {
        clearTimeout(tooLate);
        this.#opening = undefined;
      });
    return { session, opened };
  }

  /** The error for calls, once a refusal is recorded. */
  #explain(error: unknown, broken: unknown): Error {
    const { refusals, release } = this.#identity;
    const address = this.#address;
    if (error === refused) {
      refusals.record("secret", { address });
      return BadIdentity({}, error);
    }
    if (error instanceof OtherRelease)
      refusals.record("version", { address, version: release?.version, peerVersion: error.peer?.version });
    if (isTlsFault(broken)) refusals.record("certificate", { address, err: broken });
    const options = { isUnsent: true, cause: broken ?? error };
    return new GrpcError(status.unavailable, `there is no connection to ${address}`, options);
  }
}

/** Takes no further calls on a connection; those under way end in time. */
function close(session: ClientHttp2Session): void {
  callsOf(session).end();
  session.close();
}

/** Takes no further calls on a connection that was made with an earlier certificate; those under way end in time. */
function retire(session: ClientHttp2Session): void {
  close(session);
  const timer = setTimeout(() => session.destroy(), endAfterMs).unref();
  session.once("close", () => clearTimeout(timer));
}

/**
 * Keeps asking whether the peer is there while calls are on their way. Closes a connection without calls, and one that
 * was made with an earlier certificate.
 */
function watch(session: ClientHttp2Session, isOutdated: () => boolean): void {
  let [usedAt, used] = [performance.now(), 0];
  const timer = setInterval(() => {
    const begun = (session.state.nextStreamID ?? 0) + callsOf(session).sent;
    if (begun !== used) [usedAt, used] = [performance.now(), begun];
    if (performance.now() - usedAt > idleMsMax) close(session);
    else if (isOutdated() && !session.closed) retire(session);
    else if (!session.destroyed) {
      const late = setTimeout(() => session.destroy(new Error("the peer does not answer")), pongMsMax);
      session.ping(() => clearTimeout(late));
    }
  }, pingEveryMs);
  session.once("close", () => clearInterval(timer));
}

const refused = new Error("the peer does not have our secret");

/** The peer has our secret, and a version that is too far from ours. */
class OtherRelease extends Error {
  readonly peer: Release | undefined;

  constructor(peer: Release | undefined) {
    super(`the peer is version ${peer?.version ?? "unknown"}`);
    this.peer = peer;
  }
}

/** Both sides show each other that they have the secret (handshake.ts). */
async function authenticate(session: ClientHttp2Session, { secrets, release }: Identity): Promise<void> {
  const client = newNonce();
  const answer = await headersOf(session, challengePath, { [nonceHeader]: client });
  const socket = tlsSocketOf(session);
  const channel = socket && channelOf(socket);
  const server = answer[nonceHeader];
  const secret = isNonce(server) ? secretOfServer(answer, secrets, { client, server, channel }) : undefined;
  if (!isNonce(server) || secret === undefined) throw refused;
  const proof = proofOf("client", secret, { client, server, channel });
  const admission = await headersOf(session, authenticatePath, { [proofHeader]: proof, ...releaseHeaders(release) });
  const error = errorOf(admission);
  const peer = peerRelease(admission);
  if (error?.code === status.failedPrecondition || (!error && !talksWith(release, peer))) throw new OtherRelease(peer);
  if (error) throw error.code === BadIdentity.code ? refused : error;
  callsOf(session).areLasting = admission[lastingHeader] === "1";
}

/** Asks with headers and no message. */
function headersOf(
  session: ClientHttp2Session,
  path: string,
  headers: OutgoingHttpHeaders,
): Promise<IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    const stream = session.request(
      { ":method": "POST", ":path": path, "content-type": contentType, te: "trailers", ...headers },
      { endStream: true },
    );
    stream.once("response", resolve);
    stream.once("error", reject);
    stream.once("close", () => reject(new Error("the connection was closed")));
    stream.resume();
  });
}
