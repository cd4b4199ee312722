import assert from "node:assert/strict";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, before, beforeEach, describe, it } from "node:test";
import type { Log } from "../log/port.ts";
import { createPrometheusMetrics } from "../telemetry/prometheus.ts";
import type { KeyPair } from "./authority.ts";
import { RenewedCertificates } from "./renewed-certificates.ts";
import { CertificateFolder, fleetNames, testAuthority } from "./testing.ts";

const dayMs = 24 * 3_600_000;

describe("renewed certificates", () => {
  before(async () => void (authority = await testAuthority()));
  beforeEach(async () => {
    folder = await CertificateFolder.issue(authority);
    lines = [];
    nowMs = Date.now();
    metrics = createPrometheusMetrics();
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  it("are used once their files have changed, and announced to the port", async () => {
    const certificates = await folder.open({ log });
    certificates.measure(metrics);
    const renewals: number[] = [];
    const forget = certificates.onRenewal(() => renewals.push(certificates.generation));
    await certificates.check();
    const { cert } = await folder.renew(authority, "video", 30);
    await certificates.check();
    assert.equal(certificates.current.cert, cert);
    forget();
    await folder.renew(authority);
    await certificates.check();
    assert.deepEqual([renewals, certificates.generation], [[1], 2]);
    assert.equal(lines.filter((line) => line.includes("was renewed")).length, 2);
  });

  it("are read through symbolic links that are replaced, as Kubernetes replaces a Secret", async () => {
    const mount = await mkdtemp(join(tmpdir(), "kinora-secret-"));
    const linkTo = async (version: string) => {
      await cp(dirname(folder.files.cert), join(mount, version), { recursive: true });
      await rm(join(mount, "..data"), { force: true });
      await symlink(version, join(mount, "..data"));
    };
    await linkTo("first");
    const at = (name: string) => join(mount, "..data", name);
    const files = { cert: at("cert.pem"), key: at("key.pem"), ca: at("ca.pem") };
    const certificates = await folder.open({ files });
    const { cert } = await folder.renew(authority);
    await linkTo("second");
    await certificates.check();
    assert.equal(certificates.current.cert, cert);
    await rm(mount, { recursive: true });
  });

  it("stay as they are while the files are wrong, which is reported when the fault stays", async () => {
    const certificates = await folder.open({ log });
    certificates.measure(metrics);
    const { cert } = certificates.current;
    const renewed = await folder.renew(authority);
    // One file was written before the other.
    await folder.write({ key: "half" });
    await certificates.check();
    assert.deepEqual([lines, await gauge("refused")], [[], 0]);
    await certificates.check();
    await certificates.check();
    assert.equal(certificates.current.cert, cert);
    assert.equal(await gauge("refused"), 1);
    assert.deepEqual(lines, [
      `error the renewed certificate of the RPC port cannot be used: the one before stays in use {"file":"${folder.files.key}","reason":"holds no private key in PEM form without a passphrase"}`,
    ]);
    await folder.write({ key: renewed.key });
    await certificates.check();
    assert.deepEqual([certificates.current.cert, await gauge("refused")], [renewed.cert, 0]);
  });

  it("are reported once a day when they end soon, and after their end", async () => {
    const certificates = await folder.open({ log, now: () => nowMs });
    certificates.measure(metrics);
    assert.ok(Math.abs((await gauge("expiry_seconds")) - 90 * 86_400) < 60);
    const began = nowMs;
    nowMs = began + 75 * dayMs;
    await certificates.check();
    assert.equal(lines.length, 0);
    nowMs = began + 77 * dayMs;
    for (let n = 0; n < 3; n++) await certificates.check();
    assert.match(lines.join("\n"), /^warn the certificate of the RPC port ends soon \{"endsAt":"[^"]+Z"\}$/);
    nowMs = began + 91 * dayMs;
    await certificates.check();
    assert.match(lines[1] ?? "", /^error the certificate of the RPC port has ended/);
    assert.ok((await gauge("expiry_seconds")) < 0);
  });

  it("are refused at the start when they have expired", async () => {
    const now = () => Date.now() + 91 * dayMs;
    const parts = { files: folder.files, names: fleetNames, log, now };
    await assert.rejects(RenewedCertificates.open(parts), { name: "BadCertificate", file: "cert" });
  });
});

let authority: KeyPair;
let folder: CertificateFolder;
let metrics = createPrometheusMetrics();
let nowMs = 0;
let lines: string[] = [];
const line =
  (level: string) =>
  (message: string, fields = {}) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
const log: Log = {
  error: line("error"),
  warn: line("warn"),
  info: line("info"),
  debug: line("debug"),
  with: () => log,
};

async function gauge(name: string): Promise<number> {
  const { body } = await metrics.text();
  return Number(new RegExp(`^kinora_rpc_certificate_${name}(?:\\{[^}]*own[^}]*\\})? (\\S+)`, "m").exec(body)?.[1]);
}
