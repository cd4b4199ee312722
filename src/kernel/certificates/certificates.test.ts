import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { before, describe, it } from "node:test";
import { selfSigned } from "../http/self-signed.ts";
import { createAuthority, issueCertificate, type KeyPair } from "./authority.ts";
import { BadCertificate, type CertificateFiles, checkCertificates, readCertificateFiles } from "./certificates.ts";
import { CertificateFolder, fleetNames } from "./testing.ts";

const dayMs = 24 * 3_600_000;
const nowMs = Date.UTC(2027, 0, 1);

describe("certificates of processes", () => {
  before(async () => {
    authority = await createAuthority("Fleet", { days: 100, nowMs });
    pair = await issueCertificate(authority, ["video", "10.0.0.2"], { days: 30, nowMs });
  });

  it("are accepted from their authority, with the time at which each ends", () => {
    const { endsAtMs, authorityEndsAtMs } = check({});
    assert.deepEqual([endsAtMs, authorityEndsAtMs], [nowMs + 30 * dayMs, nowMs + 100 * dayMs]);
  });

  it("end with the authority", async () => {
    const long = await issueCertificate(authority, ["kinora"], { days: 4_000, nowMs });
    assert.equal(check(long).endsAtMs, nowMs + 100 * dayMs);
  });

  it("are refused when expired, not yet valid, of another key, another authority, another name or no certificate", async () => {
    const other = await createAuthority("Fleet", { days: 100, nowMs });
    const [ofOther, player] = await Promise.all([
      issueCertificate(other, ["video"], { days: 30, nowMs }),
      issueCertificate(authority, ["player", "*.video"], { days: 30, nowMs }),
    ]);
    assertRefused("cert", /^the certificate ended at 2027-01-31T/, {}, nowMs + 31 * dayMs);
    assertRefused("cert", /^the certificate begins only at 2026-12-31T23/, {}, nowMs - dayMs);
    assertRefused("key", /^is not the key of the certificate$/, { key: ofOther.key });
    assertRefused("cert", /^is not signed by the authority$/, ofOther);
    // It claims the authority, with a signature of another key.
    const forged = await issueCertificate({ ...authority, key: other.key }, ["video"], { days: 30, nowMs });
    assertRefused("cert", /^is not signed by the authority$/, forged);
    assertRefused("cert", /^must have one of these DNS names: kinora, video, user$/, player);
    assertRefused("cert", /^is not signed by the authority$/, { ca: pair.cert });
    assertRefused("cert", /PEM/, { cert: "nothing" });
    assertRefused("cert", /PEM/, { cert: pair.cert.replaceAll("MII", "!!!") });
    assertRefused("ca", /PEM/, { ca: "" });
    assertRefused("key", /PEM form without a passphrase/, { key: encrypted() });
    assertRefused("key", /PEM/, { key: pair.cert });
  });

  it("are refused when they are older than the authority that is trusted now", async () => {
    const ended = await createAuthority("Fleet", { days: 1, nowMs });
    const shortLived = await issueCertificate(ended, ["video"], { days: 30, nowMs });
    assertRefused("cert", /ended at/, { ...shortLived, ca: ended.cert }, nowMs + 2 * dayMs);
  });

  it("are refused without any signature of an authority, also as their own authority", () => {
    const alone = selfSigned();
    const pem = { ...alone, ca: alone.cert };
    assert.throws(() => checkCertificates(pem, ["localhost"], Date.now()), BadCertificate);
  });

  it("are refused with the path of a file that is missing", async () => {
    await using folder = await CertificateFolder.issue(authority);
    const files = { ...folder.files, key: "/nowhere/key.pem" };
    await assert.rejects(readCertificateFiles(files), {
      file: "key",
      message: "the file /nowhere/key.pem cannot be read",
    });
  });
});

let authority: KeyPair;
let pair: KeyPair;

const check = (changes: Partial<Record<keyof CertificateFiles, string>>, atMs = nowMs) =>
  checkCertificates({ ...pair, ca: authority.cert, ...changes }, fleetNames, atMs);

function assertRefused(
  file: keyof CertificateFiles,
  says: RegExp,
  changes: Partial<Record<keyof CertificateFiles, string>>,
  atMs?: number,
): void {
  assert.throws(
    () => check(changes, atMs),
    (error) => {
      assert.ok(error instanceof BadCertificate);
      assert.match(error.message, says);
      assert.equal(error.file, file, error.message);
      return true;
    },
  );
}

const encrypted = (): string =>
  generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "closed" },
  }).privateKey;
