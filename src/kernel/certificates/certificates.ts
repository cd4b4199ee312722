import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";

/** Paths of PEM files: a certificate with its chain, its private key, and the authorities that are trusted. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** The content of certificate files that belong together. */
export interface Certificates {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  /** When the certificate, or one of its chain, ends: milliseconds since 1970. */
  readonly endsAtMs: number;
  /** When the authority that signed it ends. */
  readonly authorityEndsAtMs: number;
}

/** The fault of certificate files, and the file to mend. */
export class BadCertificate extends Error {
  readonly file: keyof CertificateFiles;

  constructor(file: keyof CertificateFiles, says: string) {
    super(says);
    this.name = "BadCertificate";
    this.file = file;
  }
}

/** Processes are servers and clients with one certificate (RFC 5280 §4.2.1.12). */
const usages = { "a server": "1.3.6.1.5.5.7.3.1", "a client": "1.3.6.1.5.5.7.3.2" };

/** @throws BadCertificate with the path of a file that cannot be read */
export async function readCertificateFiles(files: CertificateFiles): Promise<Record<keyof CertificateFiles, string>> {
  const read = async (file: keyof CertificateFiles) => {
    try {
      return await readFile(files[file], "utf8");
    } catch {
      throw new BadCertificate(file, `the file ${files[file]} cannot be read`);
    }
  };
  const [cert, key, ca] = await Promise.all([read("cert"), read("key"), read("ca")]);
  return { cert, key, ca };
}

/**
 * Checks that a certificate can be used now, with its key, by peers that trust the authorities. Pure.
 * @param names one of them must be a DNS name of the certificate
 * @throws BadCertificate
 */
export function checkCertificates(
  pem: Readonly<Record<keyof CertificateFiles, string>>,
  names: readonly string[],
  nowMs: number,
): Certificates {
  const [certificate, ...intermediates] = certificatesIn("cert", pem.cert);
  const authorities = certificatesIn("ca", pem.ca);
  if (!certificate) throw new BadCertificate("cert", "holds no certificate");
  if (!certificate.checkPrivateKey(privateKeyIn(pem.key)))
    throw new BadCertificate("key", "is not the key of the certificate");
  assertInForce(certificate, "the certificate", nowMs);
  if (!hasName(certificate, names))
    throw new BadCertificate("cert", `must have one of these DNS names: ${names.join(", ")}`);
  // The field is undefined for a certificate without the extension, which then allows every use.
  const allowed: readonly string[] | undefined = certificate.keyUsage;
  for (const [who, usage] of Object.entries(usages))
    if (allowed && !allowed.includes(usage)) throw new BadCertificate("cert", `is not for ${who}: it must be for both`);
  let [issued, endsAtMs] = [certificate, certificate.validToDate.getTime()];
  for (let step = 0; step <= intermediates.length; step++) {
    const authority = authorities.find((candidate) => isIssuedBy(issued, candidate));
    if (authority) {
      assertInForce(authority, "the authority that signed it", nowMs);
      return { ...pem, endsAtMs, authorityEndsAtMs: authority.validToDate.getTime() };
    }
    const next = intermediates.find((candidate) => isIssuedBy(issued, candidate));
    if (!next) break;
    assertInForce(next, "an intermediate certificate", nowMs);
    [issued, endsAtMs] = [next, Math.min(endsAtMs, next.validToDate.getTime())];
  }
  throw new BadCertificate("cert", "is not signed by the authority");
}

/** True if one of the names is a DNS name of the certificate; its subject and wildcards do not count. Pure. */
export const hasName = (certificate: X509Certificate, names: readonly string[]): boolean =>
  names.some((name) => certificate.checkHost(name, { subject: "never", wildcards: false }) !== undefined);

function certificatesIn(file: "cert" | "ca", pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block));
  } catch {
    // As a file without any.
  }
  throw new BadCertificate(file, "holds no certificate in PEM form");
}

function privateKeyIn(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new BadCertificate("key", "holds no private key in PEM form without a passphrase");
  }
}

function assertInForce({ validFromDate, validToDate }: X509Certificate, what: string, nowMs: number): void {
  if (nowMs > validToDate.getTime()) throw new BadCertificate("cert", `${what} ended at ${validToDate.toISOString()}`);
  if (nowMs < validFromDate.getTime())
    throw new BadCertificate("cert", `${what} begins only at ${validFromDate.toISOString()}`);
}

const isIssuedBy = (certificate: X509Certificate, authority: X509Certificate): boolean =>
  authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
