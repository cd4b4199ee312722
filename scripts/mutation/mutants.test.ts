import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mutantsOf, applyMutant } from "./mutants.ts";

const changesOf = (source: string): string[] => mutantsOf(source).map((mutant) => applyMutant(source, mutant));

describe("mutants of a source", () => {
  it("have other operators, and conditions that are always true or always false", () => {
    assert.deepEqual(changesOf("const a = b < c && !d;"), [
      "const a = b <= c && !d;",
      "const a = b >= c && !d;",
      "const a = b < c || !d;",
      "const a = b < c && d;",
    ]);
    assert.deepEqual(changesOf("const a = b === 1 ? c : d;"), ["const a = true ? c : d;", "const a = false ? c : d;"]);
  });

  it("lack statements, errors and bodies", () => {
    const source = "function act() { save(1); throw new Error(); }";
    assert.deepEqual(changesOf(source), [
      "function act() {}",
      "function act() { ; throw new Error(); }",
      "function act() { save(1); ; }",
    ]);
  });

  it("keep types, texts and lines of the log as they are", () => {
    const source = 'type A = true | "b"; const c: false = d as true; log.warn("e"); const f = "g" + h;';
    assert.deepEqual(changesOf(source), []);
  });

  it("name the line and the place of the change", () => {
    const source = "let a = 1;\nlet b = a ?? list.filter(isNew);\n";
    assert.deepEqual(
      mutantsOf(source).map(({ line, start, end }) => [line, source.slice(start, end)]),
      [
        [2, "??"],
        [2, "list.filter(isNew)"],
      ],
    );
  });
});
