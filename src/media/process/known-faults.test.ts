import assert from "node:assert/strict";
import { test } from "node:test";
import { knownFaults } from "./known-faults.ts";

test("known faults are found by FFmpeg's release, and a distribution's build counts as packaged (S8.2)", () => {
  for (const [version, state, says] of [
    ["5.1", "known", /CVE-2022-2566 and CVE-2024-7055/],
    ["5.1.9", "known", /^5\.1\.10 mends more$/],
    ["5.1.9-0+deb12u1", "packaged", /distribution/],
    ["6.1.1-3ubuntu5", "packaged", /distribution/],
    ["6.0.1", "known", /no more fixes/],
    ["n7.0", "known", /CVE-2024-7055 and CVE-2025-1594; 7\.0\.3/],
    ["n7.0-7-gd38bf5e08e-20240407", "known", /CVE-2024-7055/],
    ["7.0.2-static", "known", /^has CVE-2025-1594; 7\.0\.3 mends more$/],
    ["8.1.2", "none_known", /nothing was known/],
    ["8.1.9", "none_known", /nothing was known/],
    ["9.0", "unlisted", /knows nothing/],
    ["N-109-g0123456", "unlisted", /knows nothing/],
    ["", "unlisted", /knows nothing/],
  ] as const) {
    const faults = knownFaults(version);
    assert.equal(faults.state, state, version);
    assert.match(faults.says, says, version);
  }
});
