import { constants, X509Certificate } from "node:crypto";
import {
  type ClientHttp2Session,
  connect,
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2Session,
  type SecureClientSessionOptions,
  type ServerOptions,
} from "node:http2";
import type { TLSSocket } from "node:tls";
import { hasName } from "../../certificates/certificates.ts";
import type { RenewedCertificates } from "../../certificates/renewed-certificates.ts";

/*
 * Mutual TLS of the RPC port. Both ends need a certificate of the installation's authority. Processes are found at
 * addresses that change with every deployment, so that the host name of an address says nothing about its process.
 * A process has the DNS name `kinora`, or that of a service, in its certificate; clients connect to no other. Further
 * certificates of the authority are for foreign gRPC clients, which the secret alone does not make a process.
 */

/** TLS 1.2 has no keying material that binds a connection in every case (RFC 9266 §4). */
const minVersion = "TLSv1.3";
/** Established connections take no further calls this long after a renewal; their clients have opened others by then. */
export const closeAfterMs = 60_000;
/** Streams that are open so long after a renewal are ended, and begin again on a connection with the new certificate. */
export const endAfterMs = 5 * 60_000;

/** A process of the fleet has no certificate by which it can be one. */
export class NotOfFleet extends Error {
  constructor(names: readonly string[]) {
    super(`the certificate of the peer has none of the names ${names.join(", ")}`);
    this.name = "NotOfFleet";
  }
}

/** Opens a connection to an address, over TLS where there are certificates. */
export function connectTo(
  authority: string,
  options: SecureClientSessionOptions,
  tls: RenewedCertificates | undefined,
): ClientHttp2Session {
  if (!tls) return connect(`http://${authority}`, options);
  const { cert, key, ca } = tls.current;
  return connect(`https://${authority}`, {
    ...options,
    cert,
    key,
    ca,
    minVersion,
    // Addresses have no names to choose a certificate by.
    servername: "kinora",
    checkServerIdentity: (_, { raw }) =>
      hasName(new X509Certificate(raw), tls.names) ? undefined : new NotOfFleet(tls.names),
  });
}

/** The server of the RPC port. Renewed certificates are used by connections that begin after the renewal. */
export function createRpcHttp2Server(
  options: ServerOptions & { readonly handshakeMs: number },
  tls: RenewedCertificates | undefined,
): Http2Server | Http2SecureServer {
  const { handshakeMs, ...common } = options;
  if (!tls) return createServer(common);
  const context = () => {
    const { cert, key, ca } = tls.current;
    // A resumed session is not compared with the authority again, and processes resume none.
    return { cert, key, ca, minVersion, secureOptions: constants.SSL_OP_NO_TICKET } as const;
  };
  const server = createSecureServer({
    ...common,
    ...context(),
    requestCert: true,
    rejectUnauthorized: true,
    handshakeTimeout: handshakeMs,
  });
  const forget = tls.onRenewal(() => server.setSecureContext(context()));
  server.once("close", forget);
  return server;
}

/** Ends the connections that were established before a renewal. Returns a function that stops doing so. */
export function endOutdatedSessions(
  tls: RenewedCertificates,
  sessions: () => Iterable<Http2Session>,
  closeMs: number,
): () => void {
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, run: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms).unref();
    timers.add(timer);
  };
  const forget = tls.onRenewal(() => {
    const outdated = [...sessions()];
    later(closeMs, () => outdated.forEach((session) => session.close()));
    later(endAfterMs, () => outdated.forEach((session) => session.destroy()));
  });
  return () => {
    forget();
    for (const timer of timers) clearTimeout(timer);
  };
}

/** The TLS socket below a session; undefined without TLS. */
export const tlsSocketOf = ({ encrypted, socket }: Http2Session): TLSSocket | undefined =>
  encrypted ? (socket as TLSSocket) : undefined; // As the session says.

/** True if the peer's certificate, which the authority has signed, is that of a process. */
export function isOfFleet(session: Http2Session, names: readonly string[]): boolean {
  const certificate = tlsSocketOf(session)?.getPeerX509Certificate();
  return certificate !== undefined && hasName(certificate, names);
}

/** True if a connection failed because of the certificates of its two ends, or as one of them speaks no TLS. */
export function isTlsFault(error: unknown): boolean {
  if (error instanceof NotOfFleet) return true;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /^ERR_(?:SSL|TLS)_|CERT|^UNABLE_TO_/.test(code) && code !== "ERR_TLS_HANDSHAKE_TIMEOUT";
}
