import assert from "node:assert/strict";
import { it } from "node:test";
import { preferredLanguage } from "./language.ts";
import fc from "fast-check";

it("the preferred language is that of the highest weight which the interface has", () => {
  const expected = {
    "zh-CN,zh;q=0.9,en;q=0.8": "zh",
    "de, en;q=0.5, zh;q=0.7": "zh",
    "en;q=0, zh;q=0.1": "zh",
    "EN-gb": "en",
    de: undefined,
    "": undefined,
  };
  for (const [header, language] of Object.entries(expected)) assert.equal(preferredLanguage(header), language, header);
  assert.equal(preferredLanguage(undefined), undefined);
});

it("any header has a preferred language or none", () => {
  fc.assert(
    fc.property(fc.string(), (header) => assert.ok([undefined, "en", "zh"].includes(preferredLanguage(header)))),
  );
});
