import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { emailKey, unstorable } from "./text.ts";

describe("the key of an e-mail address", () => {
  it("is the same for every spelling of one", () => {
    for (const spelling of ["mira@example.com", "Mira@Example.COM", "ｍｉｒａ@example.com"])
      assert.equal(emailKey(spelling), "mira@example.com");
    assert.notEqual(emailKey("mira.b@example.com"), emailKey("mirab@example.com"));
  });

  it("is its own key", () => {
    fc.assert(fc.property(fc.emailAddress(), (email) => assert.equal(emailKey(emailKey(email)), emailKey(email))));
  });
});

describe("text that cannot be stored", () => {
  it("is named by its path", () => {
    assert.deepEqual(unstorable({ a: "x\0", b: { c: ["fine", "\ud800"] }, d: 1, e: null, f: "👍" }), ["a", "b.c.1"]);
  });

  it("is what does not come back from UTF-8, or has a NUL", () => {
    const text = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(text, (given) => {
        const comesBack = Buffer.from(given).toString() === given && !given.includes("\0");
        assert.equal(unstorable(given).length === 0, comesBack);
      }),
    );
  });

  it("is not looked for in bytes", () => {
    assert.deepEqual(unstorable({ bytes: new Uint8Array(1_000_000) }), []);
  });
});
