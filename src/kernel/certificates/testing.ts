import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "../log/port.ts";
import { createAuthority, issueCertificate, type KeyPair } from "./authority.ts";
import type { CertificateFiles } from "./certificates.ts";
import { RenewedCertificates } from "./renewed-certificates.ts";

/** The names that certificates of processes have in tests. */
export const fleetNames = ["kinora", "video", "user"];

export const testAuthority = (name = "Fleet of a test", days = 400): Promise<KeyPair> =>
  createAuthority(name, { days, nowMs: Date.now() });

/** A folder of certificate files, which are removed with it. */
export class CertificateFolder implements AsyncDisposable {
  readonly files: CertificateFiles;
  readonly #folder: string;
  readonly #open: RenewedCertificates[] = [];

  private constructor(folder: string) {
    this.#folder = folder;
    this.files = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem"), ca: join(folder, "ca.pem") };
  }

  /** With a certificate of this name, which the authority has signed. */
  static async issue(authority: KeyPair, name = "kinora", days = 90): Promise<CertificateFolder> {
    const folder = new CertificateFolder(await mkdtemp(join(tmpdir(), "kinora-certificates-")));
    await folder.renew(authority, name, days);
    return folder;
  }

  /** Replaces the certificate and its key; yields them. */
  async renew(authority: KeyPair, name = "kinora", days = 90): Promise<KeyPair> {
    const pair = await issueCertificate(authority, [name], { days, nowMs: Date.now() });
    await this.write({ ...pair, ca: authority.cert });
    return pair;
  }

  async write(pem: Partial<Record<keyof CertificateFiles, string>>): Promise<void> {
    for (const [file, text] of Object.entries(pem))
      await writeFile(this.files[file as keyof CertificateFiles], text, { mode: 0o600 }); // Keys of this record.
  }

  async open(parts: Partial<Parameters<typeof RenewedCertificates.open>[0]> = {}): Promise<RenewedCertificates> {
    const usual = { files: this.files, names: fleetNames, log: silentLog };
    const opened = await RenewedCertificates.open({ ...usual, ...parts });
    this.#open.push(opened);
    return opened;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const opened of this.#open) opened.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
