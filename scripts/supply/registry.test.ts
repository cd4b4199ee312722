import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readLock } from "./lock.ts";
import { checkVulnerabilities, checkBom, npm, sbom, checkSignatures } from "./registry.ts";

describe("S8.1: the registry's verdict on packages", () => {
  it("is bad for high and critical vulnerabilities only", () => {
    assert.equal(checkVulnerabilities(audit({ high: 0, critical: 0, total: 3 })).state, "ok");
    assert.equal(checkVulnerabilities(audit({ high: 1, critical: 0, total: 1 })).state, "bad");
    assert.equal(checkVulnerabilities(audit({ high: 0, critical: 1, total: 1 })).state, "bad");
  });

  it("is bad when a signature is invalid or missing", () => {
    const one = [{ name: "a", version: "1.0.0", code: "EINTEGRITYSIGNATURE" }];
    assert.equal(checkSignatures(JSON.stringify({ invalid: [], missing: [] })).state, "ok");
    assert.deepEqual(checkSignatures(JSON.stringify({ invalid: one, missing: [] })), {
      name: "signatures",
      state: "bad",
      says: "invalid: a@1.0.0; missing: none",
    });
    assert.equal(checkSignatures(JSON.stringify({ invalid: [], missing: one })).state, "bad");
  });

  for (const [what, text] of [
    ["refuses the question", '{"message": "405 Method Not Allowed - POST https://r.example/-/npm/v1/security"}'],
    ["cannot be reached", '{"error": {"code": "ENOTFOUND", "summary": "request to https://r.example/x failed"}}'],
    ["says nothing", ""],
  ] as const)
    it(`is "unasked" and names no host when the registry ${what}`, () => {
      for (const verdict of [checkVulnerabilities(text), checkSignatures(text)]) {
        assert.equal(verdict.state, "unasked");
        assert.doesNotMatch(verdict.says, /r\.example/);
      }
    });
});

describe("S8.1: the bill of materials", () => {
  it("lists every package and contains no registry's address", async () => {
    const text = await npm(sbom, root);
    const { packages } = await readLock();
    assert.deepEqual(checkBom(text, packages).state, "ok");
    assert.doesNotMatch(text, /https?:\/\/(?!cyclonedx\.org)[^"]*\.tgz/);
  });

  it("is refused when a package, its hash or its licence is missing", async () => {
    const { packages } = await readLock();
    const first = packages.find(({ dev }) => dev !== true);
    assert.ok(first);
    const some = [first];
    const whole = {
      name: first.name,
      version: first.version,
      hashes: [{ alg: "SHA-512", content: "00" }],
      licenses: [{}],
    };
    const bom = (component: object) => JSON.stringify({ bomFormat: "CycloneDX", components: [component] });
    assert.equal(checkBom(bom(whole), some).state, "ok");
    for (const lack of [{ version: "0" }, { hashes: [] }, { licenses: [] }])
      assert.equal(checkBom(bom({ ...whole, ...lack }), some).state, "bad");
    assert.equal(checkBom("", some).state, "bad");
    assert.equal(checkBom(bom(whole), []).state, "bad");
  });
});

const root = join(import.meta.dirname, "../..");
const audit = (vulnerabilities: object) => JSON.stringify({ vulnerabilities: {}, metadata: { vulnerabilities } });
