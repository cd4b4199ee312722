import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { nameKey as serverKey } from "../../../../../src/services/drive/tree/names.ts";
import { nameKey } from "./names.ts";

it("a file name has the same comparison key in the web app as on the server", () => {
  for (const name of ["Straße.txt", "STRASSE.TXT", "e\u0301té", "\u00c9T\u00c9", "ς", "İ", "夏天"])
    assert.equal(nameKey(name), serverKey(name), name);
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => nameKey(name) === serverKey(name)));
});
