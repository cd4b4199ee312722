import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { accentTheme, colourOf, offeredAccents } from "./accents.ts";

describe("the accents to choose from", () => {
  it("have enough contrast in both themes", () => {
    for (const { name, accent } of offeredAccents) assert.notEqual(accentTheme(accent), null, name);
  });

  it("differ from a colour without contrast, and from what is no colour", () => {
    assert.equal(accentTheme("#ffffff"), null);
    assert.equal(accentTheme("blue"), null);
    assert.equal(accentTheme(""), null);
  });
});

describe("a typed colour", () => {
  it("may lack its sign, and be written in capitals", () => {
    assert.equal(colourOf(" 2F7DE1 "), "#2f7de1");
    assert.equal(colourOf("#2F7DE1"), "#2f7de1");
    assert.equal(colourOf("#2f7"), "#2f7");
  });
});
