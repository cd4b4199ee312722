import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseJson } from "./json.ts";

describe("a JSON body", () => {
  it("is what JSON.parse makes of it, within the bounds", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.nat(3), (text, spaces) => {
        const value: unknown = JSON.parse(text);
        const isTaken = !/"__proto__"\s*:/.test(text);
        if (isTaken) assert.deepEqual(parseJson(JSON.stringify(value, undefined, spaces)), value);
      }),
    );
  });

  it("is refused for its depth or its members before anything of it is parsed (S1.6)", (t) => {
    const parse = t.mock.method(JSON, "parse");
    const refused = { code: "gateway.bad_request" };
    for (const text of [
      "[".repeat(65) + "]".repeat(65),
      `[${"0,".repeat(10_000)}0]`,
      `{${Array.from({ length: 10_001 }, (_, n) => `"${n}":0`).join()}}`,
      `[${"[],".repeat(10_000)}[]]`,
      "[{".repeat(33),
    ])
      assert.throws(() => parseJson(text), refused, text.slice(0, 20));
    assert.equal(parse.mock.callCount(), 0);
  });

  it("may have 64 levels and 10,000 members", () => {
    const deepest = "[".repeat(64) + "]".repeat(64);
    assert.equal(JSON.stringify(parseJson(deepest)), deepest);
    const numbers = Array.from({ length: 10_000 }, (_, n) => n);
    assert.deepEqual(parseJson(JSON.stringify(numbers)), numbers);
    const empty = JSON.stringify(Array.from({ length: 10_000 }, () => ({})));
    assert.equal(JSON.stringify(parseJson(empty)), empty);
  });

  it("may have any number of brackets, commas and quotes inside its strings", () => {
    for (const text of ["[".repeat(1_000), ",".repeat(20_000), '"[\\"'.repeat(1_000), '\\"{'.repeat(1_000), "\\"])
      assert.deepEqual(parseJson(JSON.stringify({ [text]: [text, 1] })), { [text]: [text, 1] });
  });

  it("has the last of members with one name, and numbers of any length", () => {
    const twice = `{${'"a":1,'.repeat(9_998)}"a":{"b":2}}`;
    assert.deepEqual(parseJson(twice), { a: { b: 2 } });
    assert.deepEqual(parseJson(`[${"9".repeat(500_000)},-0.${"1".repeat(400_000)},1e-99999]`), [
      Infinity,
      -0.1111111111111111,
      0,
    ]);
    assert.throws(() => parseJson(`{"a":${"0".repeat(500_000)}}`), { code: "gateway.bad_request" });
  });

  it("cannot set a prototype, however its key is written (S1.6)", () => {
    for (const text of ['{"__proto__":{}}', String.raw`[{"\u005f_proto__":1}]`, '{"a":{"b":[{"__proto__":null}]}}'])
      assert.throws(() => parseJson(text), { code: "gateway.bad_request" });
  });
});
