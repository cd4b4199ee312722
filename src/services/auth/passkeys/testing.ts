import {
  createHash,
  createSign,
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  randomBytes,
  sign,
} from "node:crypto";
import type { z } from "zod";
import type { Assertion, CreationOptions, NewCredential, RequestOptions } from "./contract.ts";

type Creation = z.input<typeof NewCredential>;
type Use = z.input<typeof Assertion>;

interface AuthenticatorOptions {
  /** The page that it is used on. */
  readonly origin?: string;
  /** A COSE algorithm. */
  readonly algorithm?: number;
  readonly isUserVerified?: boolean;
  readonly isSynced?: boolean;
  /** The uses that it has counted; 0 where it counts none. */
  readonly counter?: number;
}

/** Parts of an answer that are not true. */
export interface Lies {
  readonly type?: string;
  readonly origin?: string;
  readonly challenge?: string;
  readonly crossOrigin?: boolean;
  readonly rpId?: string;
  readonly isUserPresent?: boolean;
  readonly isUserVerified?: boolean;
  readonly counter?: number;
  readonly algorithm?: number;
  /** The packed attestation statement of these signed bytes. */
  readonly attest?: (signed: Buffer) => Cbor;
  readonly credentialId?: string;
  readonly userHandle?: string;
  readonly key?: KeyObject;
}

const flags = { present: 1, verified: 4, copyable: 8, copied: 16, hasCredential: 64 };

/** An authenticator with a browser around it (WebAuthn §6), in software. It holds one passkey. */
export class Authenticator {
  readonly #options: Required<AuthenticatorOptions>;
  readonly #keys: KeyPairKeyObjectResult;
  readonly credentialId = randomBytes(32).toString("base64url");
  #counter: number;
  #userHandle = "";
  #rpId = "";

  constructor(options: AuthenticatorOptions = {}) {
    this.#options = {
      origin: "http://localhost:8080",
      algorithm: -7,
      isUserVerified: true,
      isSynced: false,
      counter: 0,
      ...options,
    };
    this.#keys = keysOf(this.#options.algorithm);
    this.#counter = this.#options.counter;
  }

  create({ challenge, rp, user }: z.output<typeof CreationOptions>, lies: Lies = {}): Creation {
    this.#userHandle = user.id;
    this.#rpId = rp.id;
    const id = lies.credentialId ?? this.credentialId;
    const idBytes = Buffer.from(id, "base64url");
    const length = Buffer.alloc(2);
    length.writeUInt16BE(idBytes.length);
    const key = cbor(coseOf(this.#keys.publicKey, lies.algorithm ?? this.#options.algorithm));
    const credential = Buffer.concat([Buffer.alloc(16), length, idBytes, key]);
    const clientData = this.#clientData("webauthn.create", challenge, lies);
    const data = this.#data(lies, credential);
    const statement = lies.attest?.(Buffer.concat([data, createHash("sha256").update(clientData).digest()]));
    const attestationObject = cbor(
      new Map<Cbor, Cbor>([
        ["fmt", statement === undefined ? "none" : "packed"],
        ["attStmt", statement ?? new Map()],
        ["authData", data],
      ]),
    ).toString("base64url");
    const clientDataJson = clientData.toString("base64url");
    return { id, rawId: id, type: "public-key", response: { clientDataJson, attestationObject } };
  }

  /** As `PublicKeyCredential.toJSON()` has it. */
  createJson(options: Parameters<Authenticator["create"]>[0]): object {
    const { response, ...credential } = this.create(options);
    const { clientDataJson: clientDataJSON, ...others } = response;
    return { ...credential, response: { clientDataJSON, ...others } };
  }

  /** The statement by which it attests itself, without a certificate. */
  attestSelf(signed: Buffer): Cbor {
    const sig = createSign("sha256").update(signed).sign(this.#keys.privateKey);
    return new Map<Cbor, Cbor>([
      ["alg", this.#options.algorithm],
      ["sig", sig],
    ]);
  }

  get({ challenge }: z.output<typeof RequestOptions>, lies: Lies = {}): Use {
    if (this.#counter > 0) this.#counter += 1;
    const data = this.#data(lies);
    const clientData = this.#clientData("webauthn.get", challenge, lies);
    const signed = Buffer.concat([data, createHash("sha256").update(clientData).digest()]);
    const key = lies.key ?? this.#keys.privateKey;
    const isEdwards = key.asymmetricKeyType === "ed25519";
    const signature = isEdwards ? sign(null, signed, key) : createSign("sha256").update(signed).sign(key);
    const id = lies.credentialId ?? this.credentialId;
    return {
      id,
      rawId: id,
      type: "public-key",
      response: {
        clientDataJson: clientData.toString("base64url"),
        authenticatorData: data.toString("base64url"),
        signature: signature.toString("base64url"),
        userHandle: lies.userHandle ?? this.#userHandle,
      },
    };
  }

  /** The data of WebAuthn §6.1. */
  #data({ rpId, isUserPresent = true, isUserVerified, counter = this.#counter }: Lies, credential?: Buffer): Buffer {
    const { isSynced, isUserVerified: isUsual } = this.#options;
    const counted = Buffer.alloc(4);
    counted.writeUInt32BE(counter);
    const set =
      (isUserPresent ? flags.present : 0) |
      ((isUserVerified ?? isUsual) ? flags.verified : 0) |
      (isSynced ? flags.copyable | flags.copied : 0) |
      (credential ? flags.hasCredential : 0);
    const party = createHash("sha256")
      .update(rpId ?? this.#rpId)
      .digest();
    return Buffer.concat([party, Buffer.from([set]), counted, ...(credential ? [credential] : [])]);
  }

  #clientData(type: string, challenge: string, { origin = this.#options.origin, crossOrigin = false, ...lies }: Lies) {
    const data = { type: lies.type ?? type, challenge: lies.challenge ?? challenge, origin, crossOrigin };
    return Buffer.from(JSON.stringify(data));
  }
}

/** Keys of an algorithm; of another one than these, keys of ES256. */
const keysOf = (algorithm: number): KeyPairKeyObjectResult =>
  algorithm === -8
    ? generateKeyPairSync("ed25519")
    : algorithm === -257
      ? generateKeyPairSync("rsa", { modulusLength: 2_048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });

/** RFC 9052 §7. */
function coseOf(key: KeyObject, algorithm: number): Cbor {
  const jwk = key.export({ format: "jwk" });
  const [x, y, n, e] = [jwk.x, jwk.y, jwk.n, jwk.e].map((text) => Buffer.from(text ?? "", "base64url"));
  if (jwk.kty === "OKP")
    return new Map<Cbor, Cbor>([
      [1, 1],
      [3, algorithm],
      [-1, 6],
      [-2, x ?? ""],
    ]);
  if (jwk.kty === "RSA")
    return new Map<Cbor, Cbor>([
      [1, 3],
      [3, algorithm],
      [-1, n ?? ""],
      [-2, e ?? ""],
    ]);
  return new Map<Cbor, Cbor>([
    [1, 2],
    [3, algorithm],
    [-1, 1],
    [-2, x ?? ""],
    [-3, y ?? ""],
  ]);
}

export type Cbor = number | string | Buffer | readonly Cbor[] | ReadonlyMap<Cbor, Cbor>;

/** RFC 8949, of the kinds that WebAuthn has. */
function cbor(value: Cbor): Buffer {
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map)
    return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, entry]) => [cbor(key), cbor(entry)])]);
  const list = [...(value as readonly Cbor[])]; // The one kind that is left.
  return Buffer.concat([head(4, list.length), ...list.map(cbor)]);
}

function head(kind: number, size: number): Buffer {
  const first = kind << 5;
  if (size < 24) return Buffer.from([first | size]);
  if (size < 256) return Buffer.from([first | 24, size]);
  const bytes = Buffer.from([first | 25, 0, 0]);
  bytes.writeUInt16BE(size, 1);
  return bytes;
}
