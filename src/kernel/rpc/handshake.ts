import { createHmac, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";
import type { TLSSocket } from "node:tls";
import { fixedKey, isSignedWith, type Secrets } from "../keys/port.ts";

/*
 * How two processes that share the cluster secret make sure of each other, once for each connection:
 *
 *   client → server   a nonce of the client
 *   server → client   a nonce of the server, and its proof
 *   client → server   the client's proof
 *
 * A proof is an HMAC of both nonces and of whose it is. Both are new for each connection, so that what was overheard on one
 * is worth nothing on another, and no clock is asked. Over TLS it is also of keying material that both ends derive from
 * the TLS connection (RFC 9266). A relay between two TLS connections has other material on each, and its proofs fail.
 *
 * While the secret is replaced, a process has the new one and the one before it. The server gives a proof with each of
 * its secrets. The client answers with a secret that one of these proofs shows.
 */

const nonceBytes = 32;
type Side = "client" | "server";

/** The nonces of one connection, base64url. */
export interface Nonces {
  readonly client: string;
  readonly server: string;
  /** The {@link channelOf} a TLS connection; absent without TLS. */
  readonly channel?: string | undefined;
}

/** Keying material of an established TLS 1.3 connection, the same at both ends of it alone, base64url. */
export const channelOf = (socket: TLSSocket): string =>
  socket.exportKeyingMaterial(32, "EXPORTER-kinora-connection", Buffer.alloc(0)).toString("base64url");

export const newNonce = (): string => randomBytes(nonceBytes).toString("base64url");
export const isNonce = (text: unknown): text is string => typeof text === "string" && /^[\w-]{43}$/.test(text);

/** HMAC-SHA-256, base64url. */
export function proofOf(side: Side, secret: string, { client, server, channel }: Nonces): string {
  const bound = [side, client, server, ...(channel === undefined ? [] : [channel])];
  return createHmac("sha256", secret)
    .update(`kinora connection 1\n${bound.join("\n")}`)
    .digest("base64url");
}

/** A proof of the server with each of its secrets. */
export function serverProofs(secrets: Secrets, nonces: Nonces): OutgoingHttpHeaders {
  const [proof, previous] = secrets.map((secret) => proofOf("server", secret, nonces));
  return { [proofHeader]: proof, ...(previous !== undefined && { [previousProofHeader]: previous }) };
}

/** The first of the client's secrets that a proof of the server shows. */
export const secretOfServer = (headers: IncomingHttpHeaders, secrets: Secrets, nonces: Nonces): string | undefined =>
  secrets.find((secret) =>
    [headers[proofHeader], headers[previousProofHeader]].some((proof) => isProof(proof, "server", secret, nonces)),
  );

/** True if the peer that gave this proof has the secret, and made it on this connection. */
export function isProof(proof: unknown, side: Side, secret: string, nonces: Nonces): boolean {
  return typeof proof === "string" && isSignedWith(fixedKey(secret), proof, (value) => proofOf(side, value, nonces));
}

/** Requests without a message: everything of the handshake is in their headers. */
export const challengePath = "/kinora.connection.v1.Connection/Challenge";
export const authenticatePath = "/kinora.connection.v1.Connection/Authenticate";
export const nonceHeader = "kinora-nonce";
export const proofHeader = "kinora-proof";
const previousProofHeader = "kinora-proof-previous";
/** In the answer of a server that takes many batches on one stream (batch.ts). */
export const lastingHeader = "kinora-lasting-calls";
