import {
  BadCertificate,
  type CertificateFiles,
  type Certificates,
  checkCertificates,
  readCertificateFiles,
} from "./certificates.ts";
import type { Log } from "../log/port.ts";
import type { Metrics } from "../telemetry/port.ts";

/** Files are compared this often: watchers of a file miss the symbolic links by which Kubernetes replaces a Secret. */
const readEveryMs = 5_000;
const dayMs = 24 * 3_600_000;
/** A certificate that ends within this time is reported. */
export const expiryNoticeMs = 14 * dayMs;

interface Parts {
  readonly files: CertificateFiles;
  /** DNS names, one of which the certificate must have. */
  readonly names: readonly string[];
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Certificates of this process, read again when their files change. Wrong files leave the ones before in use. */
export class RenewedCertificates {
  readonly #parts: Parts & { readonly now: () => number };
  readonly #listeners = new Set<() => void>();
  #current: Certificates;
  #generation = 0;
  /** The content that was read last, and its fault. A file may be written after another: a fault counts when it stays. */
  #last: { readonly text: string; readonly fault: string | undefined; isReported: boolean };
  #noticedAtMs = Number.NEGATIVE_INFINITY;
  readonly #timer: NodeJS.Timeout;

  private constructor(parts: Parts & { readonly now: () => number }, current: Certificates) {
    this.#parts = parts;
    this.#current = current;
    this.#last = { text: textOf(current), fault: undefined, isReported: false };
    this.#timer = setInterval(() => void this.check(), readEveryMs).unref();
    this.#noticeExpiry();
  }

  /** @throws BadCertificate for files that cannot be used now */
  static async open(given: Parts): Promise<RenewedCertificates> {
    const parts = { now: Date.now, ...given };
    const pem = await readCertificateFiles(parts.files);
    return new RenewedCertificates(parts, checkCertificates(pem, parts.names, parts.now()));
  }

  get current(): Certificates {
    return this.#current;
  }

  /** Grows with each renewal. */
  get generation(): number {
    return this.#generation;
  }

  get names(): readonly string[] {
    return this.#parts.names;
  }

  /** Runs after each renewal, until the returned function is called. */
  onRenewal(run: () => void): () => void {
    this.#listeners.add(run);
    return () => void this.#listeners.delete(run);
  }

  /** Reads the files again. */
  async check(): Promise<void> {
    const { files, names, log, now } = this.#parts;
    this.#noticeExpiry();
    let text = "";
    try {
      const pem = await readCertificateFiles(files);
      text = textOf(pem);
      if (text === textOf(this.#current)) {
        this.#last = { text, fault: undefined, isReported: false };
        return;
      }
      this.#current = checkCertificates(pem, names, now());
    } catch (error) {
      if (!(error instanceof BadCertificate)) throw error;
      this.#refuse(text, error);
      return;
    }
    this.#last = { text, fault: undefined, isReported: false };
    this.#generation += 1;
    this.#noticedAtMs = Number.NEGATIVE_INFINITY;
    log.info("the certificate of the RPC port was renewed", { endsAt: iso(this.#current.endsAtMs) });
    for (const run of this.#listeners) run();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #refuse(text: string, { file, message }: BadCertificate): void {
    const isSame = this.#last.text === text && this.#last.fault === message;
    const isReported = isSame && this.#last.isReported;
    this.#last = { text, fault: message, isReported: isReported || isSame };
    if (!isSame || isReported) return;
    const fields = { file: this.#parts.files[file], reason: message };
    this.#parts.log.error(
      "the renewed certificate of the RPC port cannot be used: the one before stays in use",
      fields,
    );
  }

  /** Reports once a day that the certificate ends soon, or has ended. */
  #noticeExpiry(): void {
    const { log, now } = this.#parts;
    const endsAtMs = Math.min(this.#current.endsAtMs, this.#current.authorityEndsAtMs);
    if (endsAtMs - now() > expiryNoticeMs || now() - this.#noticedAtMs < dayMs) return;
    this.#noticedAtMs = now();
    const fields = { endsAt: iso(endsAtMs) };
    if (endsAtMs > now()) log.warn("the certificate of the RPC port ends soon", fields);
    else log.error("the certificate of the RPC port has ended: other processes refuse new connections", fields);
  }

  /** Metrics of when the certificates end, and of files that cannot be used. */
  measure(metrics: Metrics): void {
    const { now } = this.#parts;
    metrics.gauge(
      "kinora_rpc_certificate_expiry_seconds",
      "seconds until the certificate of the RPC port, or its authority, ends; negative afterwards",
      ["certificate"],
      async () => [
        [(this.#current.endsAtMs - now()) / 1_000, { certificate: "own" }],
        [(this.#current.authorityEndsAtMs - now()) / 1_000, { certificate: "authority" }],
      ],
    );
    metrics.gauge(
      "kinora_rpc_certificate_refused",
      "1 while the files of a renewed certificate cannot be used",
      [],
      async () => [[this.#last.isReported ? 1 : 0, {}]],
    );
  }
}

const textOf = ({ cert, key, ca }: Readonly<Record<keyof CertificateFiles, string>>): string =>
  [cert, key, ca].join("\0");
const iso = (ms: number): string => new Date(ms).toISOString();
