import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { failuresIn, linesOf, proofsIn, requirementsIn, rowsOf } from "./report.ts";

const root = join(import.meta.dirname, "../..");

describe("the security report", () => {
  it("finds the tests that name a promise, and their result", () => {
    const requirements = requirementsIn("| R1 | Other. |\n| S1.1 | One. |\n| S1.2 | Two. |\n| S2.1 | Three. |\n");
    const source =
      'describe("a route (S1.1)", () => {\n  it("is \\"declared\\" (D4, S1.2)", () => {});\n  it("is not", f);\n});';
    const proofs = proofsIn("a.test.ts", source);
    assert.deepEqual(
      proofs.map(({ title, numbers }) => [title, numbers]),
      [
        ["a route (S1.1)", ["S1.1"]],
        ['is \\"declared\\" (D4, S1.2)', ["S1.2"]],
      ],
    );
    const failures = failuresIn(
      "✖ unit: earlier (a.test.ts)\n# what failed\n✖ unit: a route (S1.1) (a.test.ts)\nwhy\n",
    );
    assert.deepEqual(
      rowsOf(requirements, proofs, failures).map(({ outcome }) => outcome),
      ["failed", "passed", "missing"],
    );
    const ofTemplate = proofsIn("b.test.ts", "it(`cuts ${kind} (S2.1)`, cut);");
    const cut = failuresIn("# what failed\n✖ unit: cuts a slow client (S2.1) (b.test.ts)\n");
    assert.equal(rowsOf(requirements, ofTemplate, cut).at(-1)?.outcome, "failed");
    assert.equal(rowsOf(requirements, ofTemplate, failuresIn("1 passed")).at(-1)?.outcome, "passed");
    const lines = linesOf(rowsOf(requirements, proofs, undefined));
    assert.equal(lines.at(-1), "1 missing, 2 not run");
  });

  it("has a test for each promise about security", async () => {
    const requirements = requirementsIn(await readFile(join(root, "docs/promises.md"), "utf8"));
    const files = globSync("{src,test,web/src,scripts}/**/*.test.{ts,tsx}", { cwd: root });
    const proofs = await Promise.all(
      files.map(async (file) => proofsIn(file, await readFile(join(root, file), "utf8"))),
    );
    assert.ok(requirements.length > 40, `${requirements.length} promises`);
    const missing = rowsOf(requirements, proofs.flat(), undefined).filter(({ outcome }) => outcome === "missing");
    assert.deepEqual(
      missing.map(({ requirement }) => requirement.number),
      [],
    );
  });
});
