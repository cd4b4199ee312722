import { createPrivateKey, randomBytes, X509Certificate, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate and its private key (PKCS #8), both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

interface Life {
  readonly days: number;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

const dayMs = 24 * 3_600_000;
/** Clocks of other machines may be behind by so much. */
const skewMs = 3_600_000;
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A certificate authority that signs itself, for the processes of one installation (RFC 5280 §4.2.1.9). */
export async function createAuthority(name: string, { days, nowMs }: Life): Promise<KeyPair> {
  const keys = await newKeys();
  const cert = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [name] }],
    notBefore: new Date(nowMs - skewMs),
    notAfter: new Date(nowMs + days * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return pemOf(cert.toString("pem"), keys);
}

/**
 * A certificate of the authority for servers and clients. Its subject is the first name; all names are DNS names or
 * addresses. It ends with the authority, where that ends earlier.
 */
export async function issueCertificate(
  authority: KeyPair,
  names: readonly [string, ...string[]],
  { days, nowMs }: Life,
): Promise<KeyPair> {
  const issuer = new X509Certificate(authority.cert);
  const keys = await newKeys();
  const altNames = names.map((name) => ({ type: isIP(name) === 0 ? ("dns" as const) : ("ip" as const), value: name }));
  const cert = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [names[0]] }],
    issuer: commonNameOf(issuer),
    notBefore: new Date(nowMs - skewMs),
    notAfter: new Date(Math.min(nowMs + days * dayMs, issuer.validToDate.getTime())),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: await signingKeyOf(authority.key),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension(altNames),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(await publicKeyOf(issuer)),
    ],
  });
  return pemOf(cert.toString("pem"), keys);
}

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);

/** 127 random bits: positive, and different for each certificate (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

/** The names of an issuer, in the order of the certificate. */
function commonNameOf(certificate: X509Certificate) {
  return certificate.subject.split("\n").map((part) => {
    const [type = "", ...value] = part.split("=");
    return { [type]: [value.join("=")] };
  });
}

const signingKeyOf = (pem: string) =>
  webcrypto.subtle.importKey(
    "pkcs8",
    createPrivateKey(pem).export({ type: "pkcs8", format: "der" }),
    algorithm,
    false,
    ["sign"],
  );

const publicKeyOf = ({ publicKey }: X509Certificate) =>
  webcrypto.subtle.importKey("spki", publicKey.export({ type: "spki", format: "der" }), algorithm, true, ["verify"]);

async function pemOf(cert: string, { privateKey }: webcrypto.CryptoKeyPair): Promise<KeyPair> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", privateKey));
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({ type: "pkcs8", format: "pem" });
  return { cert: `${cert.trim()}\n`, key: String(key) };
}
