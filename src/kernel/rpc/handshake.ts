import { createHmac, randomBytes } from "node:crypto";
import { fixedKey, isSignedWith } from "../keys/port.ts";

/*
 * How two processes that share the cluster secret make sure of each other, once for each connection:
 *
 *   client → server   a nonce of the client
 *   server → client   a nonce of the server, and its proof
 *   client → server   the client's proof
 *
 * A proof is an HMAC of both nonces and of whose it is. Both are new for each connection, so that what was overheard on one
 * is worth nothing on another, and no clock is asked.
 */

const nonceBytes = 32;
type Side = "client" | "server";

/** The nonces of one connection, base64url. */
export interface Nonces {
  readonly client: string;
  readonly server: string;
}

export const newNonce = (): string => randomBytes(nonceBytes).toString("base64url");
export const isNonce = (text: unknown): text is string => typeof text === "string" && /^[\w-]{43}$/.test(text);

/** HMAC-SHA-256, base64url. */
export function proofOf(side: Side, secret: string, { client, server }: Nonces): string {
  return createHmac("sha256", secret).update(`kinora connection 1\n${side}\n${client}\n${server}`).digest("base64url");
}

/** True if the peer that gave this proof has the secret, and made it on this connection. */
export function isProof(proof: unknown, side: Side, secret: string, nonces: Nonces): boolean {
  return typeof proof === "string" && isSignedWith(fixedKey(secret), proof, (value) => proofOf(side, value, nonces));
}

/** Requests without a message: everything of the handshake is in their headers. */
export const challengePath = "/kinora.connection.v1.Connection/Challenge";
export const authenticatePath = "/kinora.connection.v1.Connection/Authenticate";
export const nonceHeader = "kinora-nonce";
export const proofHeader = "kinora-proof";
