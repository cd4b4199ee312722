import { createDecipheriv, createECDH, createPublicKey, type ECDH, hkdfSync, randomBytes, verify } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Got {
  readonly device: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A push service on loopback: it keeps what it took for each device, and answers with `status`. */
export class PushService implements AsyncDisposable {
  status = 201;
  readonly got: Got[] = [];
  readonly #server: Server;
  url = "";

  private constructor() {
    this.#server = createServer((request, answer) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.got.push({ device: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks) });
        answer.writeHead(this.status).end();
      });
    });
  }

  static async start(): Promise<PushService> {
    const service = new PushService();
    await once(service.#server.listen(0, "127.0.0.1"), "listening");
    const { port } = service.#server.address() as AddressInfo; // A TCP server has this kind of address.
    service.url = `http://127.0.0.1:${port}`;
    return service;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** A device as a browser would be one: its keys never leave it. */
export class PushDevice {
  readonly #keys: ECDH = createECDH("prime256v1");
  readonly #secret = randomBytes(16);
  readonly endpoint: string;

  constructor(service: PushService, name: string) {
    this.#keys.generateKeys();
    this.endpoint = `${service.url}/${name}`;
  }

  get subscription() {
    return {
      endpoint: this.endpoint,
      keys: { p256dh: this.#keys.getPublicKey("base64url"), auth: this.#secret.toString("base64url") },
    };
  }

  /** The message in a body (RFC 8188 §2 and 8291 §3.4). @throws where it is for another device */
  open(body: Buffer): unknown {
    const salt = body.subarray(0, 16);
    const keyLength = body[20] ?? 0;
    const theirs = body.subarray(21, 21 + keyLength);
    const shared = this.#keys.computeSecret(theirs);
    const info = Buffer.concat([Buffer.from("WebPush: info\0"), this.#keys.getPublicKey(), theirs]);
    const ikm = Buffer.from(hkdfSync("sha256", shared, this.#secret, info, 32));
    const key = Buffer.from(hkdfSync("sha256", ikm, salt, "Content-Encoding: aes128gcm\0", 16));
    const nonce = Buffer.from(hkdfSync("sha256", ikm, salt, "Content-Encoding: nonce\0", 12));
    const sealed = body.subarray(21 + keyLength);
    const decipher = createDecipheriv("aes-128-gcm", key, nonce);
    decipher.setAuthTag(sealed.subarray(-16));
    const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    return JSON.parse(padded.subarray(0, padded.lastIndexOf(2)).toString());
  }
}

/** The claims of a request's signature, which is checked with the key of the instance (RFC 8292). */
export function claimsOf({ authorization = "" }: IncomingHttpHeaders, publicKey: string): Record<string, unknown> {
  const [, token = "", key] = /^vapid t=([^,]+), ?k=(.+)$/.exec(authorization) ?? [];
  if (key !== publicKey) throw new Error(`signed by another key: ${authorization}`);
  const [head = "", claims = "", signature = ""] = token.split(".");
  const point = Buffer.from(publicKey, "base64url");
  const [x, y] = [point.subarray(1, 33).toString("base64url"), point.subarray(33).toString("base64url")];
  const jwk = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const isTrue = verify(
    "sha256",
    Buffer.from(`${head}.${claims}`),
    { key: jwk, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  if (!isTrue) throw new Error("the signature is wrong");
  return JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<string, unknown>; // Signed by us.
}
